# ./epimorfosi test; sourced by it.

# One PostgreSQL and one RabbitMQ for all test projects, gone with this shell however it ends; each test class has its own database and virtual host.
test_servers_native() {
    servers=$(mktemp -d "${TMPDIR:-/tmp}/epimorfosi-tests.XXXXXX")
    chmod 711 "$servers"
    ports=($(free_ports 5))
    export NATIVE_OWNER=$$ NATIVE_DURABLE=no
    ( NATIVE_LOG=$servers/postgres.log exec tools/native/postgres.sh start "$servers/postgres" "${ports[0]}" ) & postgres_job=$!
    ( NATIVE_LOG=$servers/rabbitmq.log exec tools/native/rabbitmq.sh start "$servers/rabbitmq" "${ports[@]:1:4}" ) & rabbitmq_job=$!
    unset NATIVE_OWNER NATIVE_DURABLE
    trap 'tools/native/rabbitmq.sh purge "$servers/rabbitmq"; tools/native/postgres.sh purge "$servers/postgres"; rm -rf "$servers"' EXIT
    trap 'exit 130' INT TERM
}

test_servers_ready() {
    wait $postgres_job && wait $rabbitmq_job || return 1
    export EPIMORFOSI_TEST_POSTGRES="Host=127.0.0.1;Port=${ports[0]};Username=postgres;Password=$(cat "$servers/postgres/password");Include Error Detail=true"
    export EPIMORFOSI_TEST_BUS="amqp://epimorfosi:$(cat "$servers/rabbitmq/password")@127.0.0.1:${ports[1]}"
    export EPIMORFOSI_TEST_BUS_MANAGEMENT="http://epimorfosi:$(cat "$servers/rabbitmq/password")@127.0.0.1:${ports[2]}"
}

# Below the ports that the system gives to clients.
free_ports() { # count
    local found=0 port
    while [ $found -lt "$1" ]; do
        port=$((20000 + RANDOM % 12000))
        listening $port || { echo $port; found=$((found + 1)); }
    done
}

# What the tests of the check of a draw run, beside Node: a browser, never downloaded by a test, and Python.
need_for_pages() {
    [ -n "${EPIMORFOSI_CHROMIUM:-}" ] || [ -x /usr/bin/chromium ] || install_package chromium "Chromium at /usr/bin/chromium, or another named by EPIMORFOSI_CHROMIUM,"
    command -v python3 >/dev/null || install_package python3 Python
}

run_tests() {
    local ports=() postgres_job= rabbitmq_job= passed=0 failed=0 project name program summary p f began result total=$SECONDS
    servers= # for the trap, which outlives this function
    need_sdk
    need_for_pages
    mkdir -p -m 711 .run; mkdir -p .run/logs
    if [ -n "${EPIMORFOSI_TEST_POSTGRES:-}" ] && [ -n "${EPIMORFOSI_TEST_BUS:-}" ]; then echo "servers: those named by EPIMORFOSI_TEST_POSTGRES and EPIMORFOSI_TEST_BUS"
    elif [ "$mode" = docker ] || { [ -z "$mode" ] && docker_answers; }; then echo "servers: Testcontainers, by the Docker engine"
    else
        echo "servers: native PostgreSQL (not durable: fsync is off) and RabbitMQ, for these tests alone"
        test_servers_native
    fi
    echo "building …"
    if ! ( dotnet_quietly .run/logs/build-tests.log build EPimorfosi.sln -c Release ); then echo "0 passed, 1 failed"; exit 1; fi
    echo "built in $((SECONDS - total)) s"
    if [ -n "$servers" ] && ! test_servers_ready; then say "the servers for the tests did not start"; echo "0 passed, 1 failed"; exit 1; fi
    rm -rf .run/tests; mkdir -p .run/tests
    for project in tests/*/*.Tests.csproj; do
        name=$(basename "$project" .csproj)
        program=$(dirname "$project")/bin/Release/net10.0/$name
        began=$SECONDS
        timeout -k 30 600 "$program" -noLogo -noColor -trx ".run/tests/$name.trx" >".run/tests/$name.log" 2>&1
        result=$?
        summary=$(sed -n 's/.*<Counters .*passed="\([0-9]*\)" failed="\([0-9]*\)".*/\1 \2/p' ".run/tests/$name.trx" 2>/dev/null)
        read -r p f <<<"${summary:-0 0}"
        # A program that ended badly without a failed test to show for it is a failure too.
        if [ $result != 0 ] && [ "$f" = 0 ]; then f=1; fi
        printf '%-36s %4d passed, %d failed (%d s)\n' "$name" "$p" "$f" $((SECONDS - began))
        if [ "$f" != 0 ]; then
            { grep -A 12 '\[FAIL\]' ".run/tests/$name.log" || tail -n 40 ".run/tests/$name.log"; } | cut -c1-300 | head -n 120
            echo "    all of it: .run/tests/$name.log"
        fi
        passed=$((passed + p)) failed=$((failed + f))
    done
    echo "in $((SECONDS - total)) s; details in .run/tests/"
    echo "$passed passed, $failed failed"
    [ $failed = 0 ]
}
