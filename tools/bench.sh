# ./epimorfosi bench; sourced by it.

run_bench() {
    local what=${names[0]:-} arguments=()
    [[ $what = draw || $what = mail || $what = phase-b ]] || die "what is to be measured: ./epimorfosi bench draw|mail|phase-b [--json]"
    need_sdk
    mkdir -p -m 711 .run; mkdir -p .run/logs
    say "building …"
    dotnet_quietly .run/logs/build-bench.log build tests/bench -c Release
    if [ "$what" = phase-b ]; then
        need_native
        bring_up load
        arguments=(--gateway "$public" --office-password-file "$root/.run/office-password" --restart "$root/epimorfosi" --processes "$root/.run/pids")
        export EPIMORFOSI_TEST_POSTGRES="Host=127.0.0.1;Port=$postgres;Username=postgres;Password=$(cat .run/postgres/password)"
        export EPIMORFOSI_TEST_BUS="amqp://epimorfosi:$(cat .run/rabbitmq/password)@127.0.0.1:$amqp"
        export EPIMORFOSI_TEST_BUS_MANAGEMENT="http://epimorfosi:$(cat .run/rabbitmq/password)@127.0.0.1:$management"
        PATH=$(tools/native/postgres.sh binaries):$PATH
    fi
    say "measuring; leave the machine alone for some minutes …"
    tests/bench/bin/Release/net10.0/EPimorfosi.Bench "${names[@]}" ${arguments[@]+"${arguments[@]}"} $json
}
