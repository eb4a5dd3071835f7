# The whole system natively: servers, databases and the five processes under .run/; sourced by ./epimorfosi.

databases=(programmes applications allocation notifications gateway)
health_limit=120

# The port of what runs wins over the default, so that `down` or `status` need not be told again.
read_ports() {
    local recorded=
    [ -r .run/port ] && recorded=$(cat .run/port)
    base=${EPIMORFOSI_PORT:-${recorded:-8080}}
    [[ $base =~ ^[0-9]+$ ]] && [ "$base" -ge 1024 ] && [ "$base" -le 65000 ] || die "EPIMORFOSI_PORT must be a port from 1024 to 65000"
    if [ -n "$recorded" ] && [ "$recorded" != "$base" ] && native_runs; then die "it runs on port $recorded; ./epimorfosi down first"; fi
    public=http://127.0.0.1:$base traces=$((base + 18))
    smtp=$((base + 25)) mail_page=$((base + 26)) postgres=$((base + 32)) epmd=$((base + 69)) amqp=$((base + 72)) management=$((base + 73)) distribution=$((base + 74))
}

port_of_process() {
    case $1 in gateway) echo "$base" ;; programmes) echo $((base + 1)) ;; applications) echo $((base + 2)) ;; allocation) echo $((base + 3)) ;; notifications) echo $((base + 4)) ;; esac
}

process_pid() { local pid=; [ -r ".run/pids/$1" ] && read -r pid < ".run/pids/$1"; alive_in "$pid" "$root/.run/bin/$1" && echo "$pid"; }

native_runs() {
    local process
    for process in "${processes[@]}"; do [ -z "$(process_pid "$process")" ] || return 0; done
    tools/native/postgres.sh status .run/postgres >/dev/null || tools/native/rabbitmq.sh status .run/rabbitmq >/dev/null || tools/native/mail.sh status .run/mail >/dev/null
}

prepare_run() {
    mkdir -p -m 711 .run
    mkdir -p .run/logs .run/pids .run/bin
    chmod 700 .run/logs # PostgreSQL may quote data in its messages
    exec 7>.run/lock
    flock -n 7 || die "another ./epimorfosi up, demo or down is under way"
    local log
    for log in .run/logs/*.log; do
        if [ -f "$log" ] && [ "$(stat -c %s "$log" 2>/dev/null || stat -f %z "$log")" -gt 50000000 ]; then mv "$log" "$log.1"; fi
    done
}

start_servers() {
    local began=$SECONDS failed= job jobs=()
    say "starting PostgreSQL (port $postgres), RabbitMQ ($amqp) and the mail catcher ($smtp) …"
    ( NATIVE_LOG=$root/.run/logs/postgres.log exec tools/native/postgres.sh start .run/postgres "$postgres" ) 7>&- & jobs+=($!)
    ( NATIVE_LOG=$root/.run/logs/rabbitmq.log exec tools/native/rabbitmq.sh start .run/rabbitmq "$amqp" "$management" "$epmd" "$distribution" ) 7>&- & jobs+=($!)
    ( NATIVE_LOG=$root/.run/logs/mail.log exec tools/native/mail.sh start .run/mail "$smtp" "$mail_page" ) 7>&- & mail_job=$!
    for job in "${jobs[@]}"; do wait "$job" || failed=yes; done
    [ -z "$failed" ] || exit 1
    say "servers ready after $((SECONDS - began)) s"
}

create_databases() {
    local password name
    secret_file .run/database-password "$(id -un)"
    password=$(cat .run/database-password)
    {
        echo "SELECT 'CREATE ROLE epimorfosi LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'epimorfosi') \\gexec"
        echo "ALTER ROLE epimorfosi PASSWORD '$password';"
        for name in "${databases[@]}"; do
            echo "SELECT 'CREATE DATABASE $name OWNER epimorfosi' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '$name') \\gexec"
            echo "REVOKE CONNECT ON DATABASE $name FROM PUBLIC;"
        done
    } | tools/native/postgres.sh psql .run/postgres -f - >>.run/logs/postgres.log 2>&1 || { tail -5 .run/logs/postgres.log >&2; die "the databases could not be created"; }
}

office_password() {
    if [ ! -s .run/office-password ]; then
        if [ -n "${EPIMORFOSI_OFFICE_PASSWORD:-}" ]; then ( umask 077; printf '%s\n' "$EPIMORFOSI_OFFICE_PASSWORD" > .run/office-password )
        else secret_file .run/office-password "$(id -un)"
        fi
    elif [ -n "${EPIMORFOSI_OFFICE_PASSWORD:-}" ] && [ "$EPIMORFOSI_OFFICE_PASSWORD" != "$(cat .run/office-password)" ]; then
        say "note: the account 'office' was made with another password, in .run/office-password; EPIMORFOSI_OFFICE_PASSWORD is for a fresh system"
    fi
}

start_process() { # process settings: ordinary, demo or load; KEY=VALUE…
    local process=$1 kind=$2 port settings name lower=(); shift 2
    port=$(port_of_process "$process")
    need_free "$port" "$process"
    settings=(
        "ASPNETCORE_ENVIRONMENT=Production" "ASPNETCORE_URLS=http://127.0.0.1:$port" "DOTNET_gcServer=0"
        "ConnectionStrings__Database=Host=127.0.0.1;Port=$postgres;Database=$process;Username=epimorfosi;Password=$(cat .run/database-password);Maximum Pool Size=60"
        "ConnectionStrings__Bus=amqp://epimorfosi:$(cat .run/rabbitmq/password)@127.0.0.1:$amqp/"
        "Tokens__Jwks=$public/.well-known/jwks.json" "PublicAddress=$public"
    )
    case $process in
        programmes) settings+=("DataDirectory=$root/data") ;;
        # Letters may wait while people claim seats.
        notifications) lower=(nice -n 10); settings+=("Smtp__Host=127.0.0.1" "Smtp__Port=$smtp") ;;
        gateway)
            settings+=("Accounts__OfficePassword=$(cat .run/office-password)")
            for name in Programmes Applications Allocation Notifications; do settings+=("Services__$name=http://127.0.0.1:$(port_of_process "${name,,}")"); done
            # Simulated teachers all come from this machine, and their passwords are 128 random bits: stretching those only costs time.
            if [ "$kind" != ordinary ]; then settings+=("Accounts__PasswordIterations=1000" "RateLimits__ExemptNetworks=127.0.0.0/8,::1/128"); fi ;;
    esac
    # One request in a hundred is traced, to whoever listens; the empty request against which claims are measured is there; letters are written
    # but not sent: a mail server on the same machine would be measured with it. They go out with the next ordinary run.
    if [ "$kind" = load ]; then
        settings+=("OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:$traces" "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf" "OTEL_TRACES_SAMPLER=parentbased_traceidratio"
            "OTEL_TRACES_SAMPLER_ARG=0.01" "OTEL_METRIC_EXPORT_INTERVAL=3600000" "Bench__EmptyPost=true" "Sending__Workers=0")
    fi
    echo "$kind" > ".run/pids/$process.settings"
    settings+=("$@")
    spawn_here "$root/.run/bin/$process" "$root/.run/logs/$process.log" ${lower[@]+"${lower[@]}"} env "${settings[@]}" dotnet "$(dll_of "$process")" 7>&-
    echo "$spawned" > ".run/pids/$process"
}

ready() { # port
    local status
    exec 8<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nConnection: close\r\n\r\n' "$1" >&8
    read -r -t 5 _ status _ <&8
    exec 8>&-
    [ "${status:-}" = 200 ]
}

wait_ready() { # process…
    local began=$SECONDS waiting=("$@") still process pid
    while [ ${#waiting[@]} -gt 0 ]; do
        still=()
        for process in "${waiting[@]}"; do
            pid=$(process_pid "$process")
            if [ -z "$pid" ]; then show_log ".run/logs/$process.log" "$process"; die "$process ended while starting"; fi
            if ready "$(port_of_process "$process")" 2>/dev/null; then say "  $process ready ($((SECONDS - began)) s)"; else still+=("$process"); fi
        done
        waiting=(${still[@]+"${still[@]}"})
        if [ ${#waiting[@]} -gt 0 ] && [ $((SECONDS - began)) -ge $health_limit ]; then
            for process in "${waiting[@]}"; do show_log ".run/logs/$process.log" "$process"; done
            die "not ready within $health_limit seconds: ${waiting[*]}"
        fi
        [ ${#waiting[@]} = 0 ] || sleep 0.3
    done
}

bring_up() { # settings of the processes: ordinary, demo or load; empty: as they are
    local process wanted=$1 other=()
    prepare_run
    read_ports
    if sources_changed; then publish; fi
    start_servers
    echo "$base" > .run/port
    create_databases
    office_password
    if [ -n "$wanted" ]; then
        for process in "${processes[@]}"; do
            if [ -n "$(process_pid "$process")" ] && [ "$(cat ".run/pids/$process.settings" 2>/dev/null)" != "$wanted" ]; then other+=("$process"); fi
        done
        if [ ${#other[@]} != 0 ]; then say "restarting ${other[*]} with the settings of a $wanted run …"; stop_processes "${other[@]}"; fi
    fi
    say "starting the services …"
    for process in "${processes[@]}"; do
        if [ -z "$(process_pid "$process")" ]; then start_process "$process" "${wanted:-ordinary}"; fi
    done
    wait_ready "${processes[@]}"
    # Nobody needs it to start, and it reads all mail of earlier runs first: a minute for 60,000.
    if kill -0 "$mail_job" 2>/dev/null; then say "waiting for the mail catcher …"; fi
    wait "$mail_job" || exit 1
    exec 7>&-
}

native_up() { bring_up ""; addresses; }

native_demo() {
    bring_up demo
    say "" "playing a training period with $teachers teachers …"
    dotnet .run/bin/load/EPimorfosi.Load.dll demo --gateway "$public" --office-password-file "$root/.run/office-password" \
        --mail "http://127.0.0.1:$mail_page" --teachers "$teachers" ${seed:+--seed "$seed"} --bundle-to .run/bundle || exit $?
    tools/verify-draw .run/bundle .run/bundle/log.txt || exit $?
    if command -v python3 >/dev/null; then tools/verify.py .run/bundle --log .run/bundle/log.txt || exit $?; fi
    addresses
}

native_load() {
    bring_up load
    say "" "a stampede of $teachers teachers …"
    dotnet .run/bin/load/EPimorfosi.Load.dll phase-b --gateway "$public" --office-password-file "$root/.run/office-password" --traces "http://127.0.0.1:$traces" \
        --teachers "$teachers" ${seed:+--seed "$seed"} ${concurrency:+--concurrency "$concurrency"} ${victim:+--kill "$victim" --restart "$root/epimorfosi"} \
        --bundle-to .run/stampede || exit $?
    tools/verify-draw .run/stampede .run/stampede/log.txt || exit $?
    if command -v python3 >/dev/null; then tools/verify.py .run/stampede --log .run/stampede/log.txt || exit $?; fi
}

native_restart() { # process or server, KEY=VALUE…
    local name=${1:-} pid kind; shift
    [ -d .run ] || die "nothing runs"
    prepare_run
    read_ports
    case $name in
        postgres) tools/native/postgres.sh "${killed:-stop}" .run/postgres; NATIVE_LOG=$root/.run/logs/postgres.log tools/native/postgres.sh start .run/postgres "$postgres" 7>&- ;;
        rabbitmq) tools/native/rabbitmq.sh "${killed:-stop}" .run/rabbitmq; NATIVE_LOG=$root/.run/logs/rabbitmq.log tools/native/rabbitmq.sh start .run/rabbitmq "$amqp" "$management" "$epmd" "$distribution" 7>&- ;;
        *)
            dll_of "$name" >/dev/null; [[ " ${processes[*]} " = *" $name "* ]] || die "no process or server '$name'; there are: postgres rabbitmq ${processes[*]}"
            kind=$(cat ".run/pids/$name.settings" 2>/dev/null || echo ordinary)
            if [ -n "$killed" ] && pid=$(process_pid "$name") && [ -n "$pid" ]; then kill -KILL "$pid"; while [ -n "$(process_pid "$name")" ]; do sleep 0.05; done
            else stop_processes "$name"
            fi
            start_process "$name" "$kind" "$@"
            wait_ready "$name" ;;
    esac
    exec 7>&-
}

addresses() {
    cat <<TEXT

  Pages and API     $public  (try it: $public/api-docs)
  Office account    office, password in $root/.run/office-password: $(cat .run/office-password)
  Mail catcher      http://127.0.0.1:$mail_page
  RabbitMQ          http://127.0.0.1:$management  (epimorfosi, password in .run/rabbitmq/password)
  PostgreSQL        127.0.0.1:$postgres  (epimorfosi, password in .run/database-password)
  Logs              .run/logs/, or ./epimorfosi logs [service]
TEXT
}

stop_processes() { # process… (all)
    local process pid end
    [ $# -gt 0 ] || set -- "${processes[@]}"
    for process in "$@"; do kill -TERM "$(process_pid "$process")" 2>/dev/null; done
    end=$((SECONDS + 35))
    for process in "$@"; do
        while pid=$(process_pid "$process") && [ -n "$pid" ]; do
            if [ $SECONDS -ge $end ]; then say "$process does not stop; killing it"; kill -KILL "$pid" 2>/dev/null; fi
            sleep 0.2
        done
        rm -f ".run/pids/$process"
    done
}

native_down() {
    [ -d .run ] || { say "nothing runs"; return; }
    prepare_run
    say "stopping …"
    stop_processes
    tools/native/mail.sh stop .run/mail & tools/native/rabbitmq.sh stop .run/rabbitmq & tools/native/postgres.sh stop .run/postgres & wait
    if [ -n "$purge" ]; then
        tools/native/mail.sh purge .run/mail; tools/native/rabbitmq.sh purge .run/rabbitmq; tools/native/postgres.sh purge .run/postgres
        # What belongs to a run with Docker stays: its volumes need those passwords.
        if [ -e .run/docker.env ]; then find .run -mindepth 1 -maxdepth 1 ! -name 'docker*' ! -name office-password -exec rm -rf {} +; else rm -rf .run; fi
        say "stopped; all data is gone"
    else
        say "stopped; the data is kept in .run"
    fi
}

native_status() {
    local process pid port state server
    read_ports
    for server in postgres rabbitmq mail; do printf '%-14s %s\n' "$server" "$(tools/native/$server.sh status .run/$server)"; done
    local all=0
    for process in "${processes[@]}"; do
        pid=$(process_pid "$process") port=$(port_of_process "$process")
        if [ -z "$pid" ]; then state=stopped all=3
        elif ready "$port" 2>/dev/null; then state="ready, pid $pid, port $port, $(( $(ps -o rss= -p "$pid") / 1024 )) MB"
        else state="running but not ready, pid $pid, port $port" all=3
        fi
        printf '%-14s %s\n' "$process" "$state"
    done
    if [ $all = 0 ]; then addresses; fi
    exit $all
}

native_logs() { # service…
    local name files=()
    [ $# -gt 0 ] || set -- postgres rabbitmq mail "${processes[@]}"
    for name in "$@"; do
        [ -f ".run/logs/$name.log" ] || die "no log of '$name'; there are: $(ls .run/logs 2>/dev/null | sed -n 's/\.log$//p' | tr '\n' ' ')"
        files+=(".run/logs/$name.log")
    done
    if [ $# = 1 ]; then tail -n 200 ${follow:+-F} "${files[@]}"; else tail -n 20 ${follow:+-F} "${files[@]}"; fi
}
