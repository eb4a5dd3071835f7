#!/usr/bin/env bash
# A private PostgreSQL on 127.0.0.1.
#   postgres.sh start DIR PORT | stop DIR | kill DIR | status DIR | purge DIR | psql DIR [arguments of psql] | binaries
# DIR/password is the superuser's (postgres). NATIVE_LOG: log file (DIR/postgres.log). NATIVE_DURABLE=no: no fsync; for tests, whose data may be lost.
# NATIVE_OWNER=pid: see common.sh.
set -u
self=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/$(basename "${BASH_SOURCE[0]}")
. "$(dirname "$self")/common.sh"

find_binaries() {
    local candidate version=
    for candidate in $(ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin 2>/dev/null | sort -rV) $(dirname "$(command -v initdb 2>/dev/null)" 2>/dev/null); do
        if [ -x "$candidate/initdb" ] && [ -x "$candidate/postgres" ]; then
            version=$("$candidate/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
            if [ "$version" -ge 15 ]; then bin=$candidate; return 0; fi
        fi
    done
    return 1
}

pid_of() { local pid=; [ -r "$1/data/postmaster.pid" ] && read -r pid < "$1/data/postmaster.pid"; alive_in "$pid" "$1/data" && echo "$pid"; }
port_of() { sed -n 4p "$1/data/postmaster.pid" 2>/dev/null; }

initialise() { # home
    [ ! -d "$1/data" ] || return 0
    local locale=C
    if locale -a 2>/dev/null | grep -qix 'C.utf-\?8'; then locale=C.UTF-8; fi
    rm -rf "$1/data.new" # an initialisation that was cut short
    # Durable also for tests: skipping its sync saves nothing once fsync is off for good.
    run_as "$user" "$bin/initdb" -D "$1/data.new" -U postgres -A scram-sha-256 --pwfile="$1/password" -E UTF8 --locale=$locale --no-sync >"$1/initdb.log" 2>&1 ||
        { show_log "$1/initdb.log" initdb; die "initdb failed"; }
    [ "${NATIVE_DURABLE:-yes}" = no ] || sync -f "$1/data.new" 2>/dev/null || sync
    mv "$1/data.new" "$1/data"
}

start() { # DIR PORT
    find_binaries || { install_package postgresql "PostgreSQL 15 or later"; find_binaries || die "no PostgreSQL 15 or later after installing it"; }
    user=$(server_user postgres)
    local home pid log quick=()
    home=$(home_of "$user" "$1") || exit 1
    one_at_a_time "$home"
    log=${NATIVE_LOG:-$home/postgres.log}
    pid=$(pid_of "$home")
    if [ -n "$pid" ]; then
        [ "$(port_of "$home")" = "$2" ] || die "PostgreSQL of $1 runs already, on port $(port_of "$home"); stop it first"
        return 0
    fi
    need_free "$2" PostgreSQL
    secret_file "$home/password" "$user"
    initialise "$home"
    wait_gone 15 "$home/data" || die "processes of an earlier PostgreSQL still hold $home/data: $(pids_in "$home/data" | tr '\n' ' ')"
    rm -f "$home/data/postmaster.pid" # nobody works there: it is stale, whatever process bears that number now
    if [ "${NATIVE_DURABLE:-yes}" = no ]; then quick=(-c fsync=off -c synchronous_commit=off -c full_page_writes=off); fi
    spawn "$user" "$home/data" "$log" "$bin/postgres" -D "$home/data" \
        -c listen_addresses=127.0.0.1 -c port="$2" -c unix_socket_directories= -c max_connections=400 -c shared_buffers=256MB \
        -c max_wal_size=2GB -c log_timezone=UTC -c timezone=UTC -c lc_messages=C "${quick[@]}"
    local end=$((SECONDS + 60))
    until "$bin/pg_isready" -q -h 127.0.0.1 -p "$2"; do
        if ! kill -0 "$spawned" 2>/dev/null; then show_log "$log" PostgreSQL; die "PostgreSQL did not start"; fi
        if [ $SECONDS -ge $end ]; then show_log "$log" PostgreSQL; die "PostgreSQL was not ready within 60 seconds"; fi
        sleep 0.1
    done
    watch_owner "$self" "$1"
}

stop() { # DIR signal
    local home pid
    home=$(cd "$1" 2>/dev/null && pwd -P) || return 0
    pid=$(pid_of "$home")
    if [ "$2" = KILL ]; then
        [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
        kill -KILL $(pids_in "$home/data") 2>/dev/null
        wait_gone 10 "$home/data"
        return 0
    fi
    [ -n "$pid" ] || return 0
    kill -INT "$pid" 2>/dev/null # fast shutdown
    wait_gone 30 "$home/data" || { say "PostgreSQL does not stop; stopping it at once"; kill -QUIT "$pid" 2>/dev/null; wait_gone 10 "$home/data"; }
}

case ${1:-} in
    start) start "$2" "$3" ;;
    stop) stop "$2" INT ;;
    kill) stop "$2" KILL ;;
    purge) if [ -e "$2" ] || [ -L "$2" ]; then stop "$2" KILL; remove_home "$2"; fi ;;
    status)
        home=$(cd "$2" 2>/dev/null && pwd -P) && pid=$(pid_of "$home") && [ -n "$pid" ] || { echo stopped; exit 3; }
        echo "running, pid $pid, port $(port_of "$home")" ;;
    binaries) find_binaries || die "PostgreSQL's programs are missing"; echo "$bin" ;;
    psql)
        find_binaries || die "PostgreSQL's programs are missing"
        home=$(cd "$2" && pwd -P) || exit 1
        PGPASSWORD=$(cat "$home/password") exec "$bin/psql" -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$(port_of "$home")" -U postgres -d postgres "${@:3}" ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "$self"; exit 2 ;;
esac
