# ./epimorfosi bench; sourced by it.

run_bench() {
    [ "${names[*]}" = draw ] || die "what is to be measured: ./epimorfosi bench draw [--json]"
    need_sdk
    mkdir -p -m 711 .run; mkdir -p .run/logs
    say "building …"
    dotnet_quietly .run/logs/build-bench.log build tests/bench -c Release
    say "measuring; leave the machine alone for a minute or two …"
    tests/bench/bin/Release/net10.0/EPimorfosi.Bench draw $json
}
