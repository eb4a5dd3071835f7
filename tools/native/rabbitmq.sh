#!/usr/bin/env bash
# A private RabbitMQ node on 127.0.0.1: own node name, cookie, epmd and directories, so that a node of the system is not touched.
#   rabbitmq.sh start DIR AMQP MANAGEMENT EPMD DISTRIBUTION | stop DIR | kill DIR | status DIR | purge DIR | ctl DIR arguments of rabbitmqctl
# The four are ports. User epimorfosi, password in DIR/password. NATIVE_LOG: log file (DIR/rabbitmq.log). NATIVE_OWNER=pid: see common.sh.
# NATIVE_JOIN=DIR NATIVE_NODE=name: one more node, of that name, in the cluster of the running node of that DIR, whose epmd and password it shares.
set -u
self=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/$(basename "${BASH_SOURCE[0]}")
. "$(dirname "$self")/common.sh"

# Not /usr/sbin/rabbitmq-server: Debian's wrapper forces the system's directories and user.
find_binaries() {
    local candidate
    for candidate in /usr/lib/rabbitmq/bin /opt/homebrew/sbin /usr/local/sbin; do
        if [ -x "$candidate/rabbitmq-server" ]; then server=$candidate/rabbitmq-server; break; fi
    done
    [ -n "${server:-}" ] || return 1
    epmd=$(command -v epmd || ls /usr/lib/erlang/erts-*/bin/epmd /usr/lib/erlang/bin/epmd 2>/dev/null | head -1)
    [ -n "$epmd" ]
}

# The node works in DIR/node. Its launcher too: the node itself is the one whose pid RabbitMQ wrote.
pid_of() { local pid=; [ -r "$1/node.pid" ] && read -r pid < "$1/node.pid"; alive_in "$pid" "$1/node" && echo "$pid"; }

write_once() { # file: from standard input
    cat > "$1.new" && chmod 600 "$1.new" && mv "$1.new" "$1"
    if [ "$(id -u)" = 0 ]; then chown "$user:$(id -g "$user")" "$1"; fi
}

configure() { # home amqp management
    local directory
    for directory in node epmd mnesia; do
        if [ ! -d "$1/$directory" ]; then mkdir -m 700 "$1/$directory"; if [ "$(id -u)" = 0 ]; then chown "$user:$(id -g "$user")" "$1/$directory"; fi; fi
    done
    if [ -n "${NATIVE_JOIN:-}" ]; then
        [ -s "$1/password" ] || write_once "$1/password" < "$NATIVE_JOIN/password"
        [ -s "$1/.erlang.cookie" ] || { write_once "$1/.erlang.cookie" < "$NATIVE_JOIN/.erlang.cookie"; chmod 400 "$1/.erlang.cookie"; }
    fi
    secret_file "$1/password" "$user"
    [ -s "$1/.erlang.cookie" ] || { head -c 30 /dev/urandom | base64 | tr -dc A-Za-z0-9 | write_once "$1/.erlang.cookie"; chmod 400 "$1/.erlang.cookie"; }
    echo '[rabbitmq_management].' | write_once "$1/enabled_plugins"
    : | write_once "$1/environment"
    # raft.wal: the write-ahead log is also kept in memory, half a gigabyte by default.
    write_once "$1/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$2
management.tcp.ip = 127.0.0.1
management.tcp.port = $3
default_user = epimorfosi
default_pass = $(cat "$1/password")
default_user_tags.administrator = true
disk_free_limit.absolute = 100MB
vm_memory_high_watermark.absolute = ${NATIVE_MEMORY:-1GB}
raft.wal_max_size_bytes = 67108864
collect_statistics_interval = 10000
log.console = true
log.console.level = info
log.file = false
CONF
    [ -z "${NATIVE_JOIN:-}" ] || cat >> "$1/rabbitmq.conf" <<CONF
cluster_formation.peer_discovery_backend = classic_config
cluster_formation.classic_config.nodes.1 = epimorfosi@localhost
cluster_formation.classic_config.nodes.2 = $NATIVE_NODE@localhost
CONF
    return 0
}

answers() { # management-port password: the node's own word that it is up
    local status
    exec 8<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET /api/whoami HTTP/1.0\r\nAuthorization: Basic %s\r\n\r\n' "$(printf 'epimorfosi:%s' "$2" | base64 -w0)" >&8
    read -r -t 5 _ status _ <&8
    exec 8>&-
    [ "${status:-}" = 200 ]
}

start_epmd() { # home port log
    local end=$((SECONDS + 60))
    kill $(pids_in "$1/epmd") 2>/dev/null
    wait_gone 5 "$1/epmd"
    need_free "$2" "RabbitMQ's epmd"
    spawn "$user" "$1/epmd" "$3" "$epmd" -address 127.0.0.1 -port "$2"
    until listening "$2"; do [ $SECONDS -lt $end ] || { show_log "$3" epmd; die "epmd did not start"; }; sleep 0.05; done
}

start() { # DIR amqp management epmd distribution
    find_binaries || { install_package rabbitmq-server RabbitMQ; find_binaries || die "no RabbitMQ after installing it"; }
    user=$(server_user rabbitmq)
    local home pid log
    home=$(home_of "$user" "$1") || exit 1
    one_at_a_time "$home"
    log=${NATIVE_LOG:-$home/rabbitmq.log}
    pid=$(pid_of "$home")
    if [ -n "$pid" ]; then
        [ "$(cat "$home/port")" = "$2" ] || die "RabbitMQ of $1 runs already, on port $(cat "$home/port"); stop it first"
        answers "$3" "$(cat "$home/password")" 2>/dev/null && return 0
        say "RabbitMQ (pid $pid) does not answer; starting it anew"
        stop "$1" KILL
    fi
    kill -KILL $(pids_in "$home/node") 2>/dev/null
    wait_gone 10 "$home/node" || die "processes of an earlier RabbitMQ still run: $(pids_in "$home/node" | tr '\n' ' ')"
    need_free "$2" RabbitMQ; need_free "$3" "RabbitMQ's management"; need_free "$5" "RabbitMQ's distribution"
    configure "$home" "$2" "$3"
    [ -n "${NATIVE_JOIN:-}" ] || start_epmd "$home" "$4" "$log"
    rm -f "$home/node.pid"
    echo "$2" > "$home/port"
    echo "$4" > "$home/epmd-port"
    echo "${NATIVE_NODE:-epimorfosi}@localhost" > "$home/name"
    spawn "$user" "$home/node" "$log" env -i PATH="$PATH" LANG=C.UTF-8 HOME="$home" \
        RABBITMQ_CONF_ENV_FILE="$home/environment" RABBITMQ_CONFIG_FILE="$home/rabbitmq.conf" RABBITMQ_ENABLED_PLUGINS_FILE="$home/enabled_plugins" \
        RABBITMQ_NODENAME="${NATIVE_NODE:-epimorfosi}@localhost" RABBITMQ_DIST_PORT="$5" ERL_EPMD_PORT="$4" ERL_EPMD_ADDRESS=127.0.0.1 \
        RABBITMQ_BASE="$home" RABBITMQ_MNESIA_BASE="$home/mnesia" RABBITMQ_LOG_BASE="$home" RABBITMQ_LOGS=- RABBITMQ_PID_FILE="$home/node.pid" \
        ERL_CRASH_DUMP=/dev/null RABBITMQ_SCHEDULER_BIND_TYPE=u \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1} +S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none" \
        "$server"
    local end=$((SECONDS + 120)) password
    password=$(cat "$home/password")
    until answers "$3" "$password" 2>/dev/null && listening "$2"; do
        if [ -z "$(pids_in "$home/node")" ] && ! kill -0 "$spawned" 2>/dev/null; then show_log "$log" RabbitMQ; die "RabbitMQ did not start"; fi
        if [ $SECONDS -ge $end ]; then show_log "$log" RabbitMQ; die "RabbitMQ was not ready within 120 seconds"; fi
        sleep 0.2
    done
    watch_owner "$self" "$1"
}

stop() { # DIR signal
    local home pid
    home=$(cd "$1" 2>/dev/null && pwd -P) || return 0
    pid=$(pid_of "$home")
    if [ "$2" = TERM ] && [ -n "$pid" ]; then
        kill -TERM "$pid" 2>/dev/null
        wait_gone 40 "$home/node" || say "RabbitMQ does not stop; killing it"
    fi
    kill -KILL $(pids_in "$home/node") $(pids_in "$home/epmd") 2>/dev/null
    wait_gone 10 "$home/node"; wait_gone 10 "$home/epmd"
    return 0
}

ctl() { # DIR arguments…
    local home
    find_binaries || die "RabbitMQ's programs are missing"
    home=$(cd "$1" && pwd -P) || exit 1
    user=$(server_user rabbitmq)
    cd "$home/node" || exit 1
    run_as "$user" env -i PATH="$PATH" LANG=C.UTF-8 HOME="$home" RABBITMQ_CONF_ENV_FILE="$home/environment" RABBITMQ_NODENAME="$(cat "$home/name")" \
        ERL_EPMD_PORT="$(cat "$home/epmd-port")" "$(dirname "$server")/rabbitmqctl" -q "${@:2}"
}

case ${1:-} in
    start) start "$2" "$3" "$4" "$5" "$6" ;;
    stop) stop "$2" TERM ;;
    kill) stop "$2" KILL ;;
    ctl) ctl "$2" "${@:3}" ;;
    purge) if [ -e "$2" ] || [ -L "$2" ]; then stop "$2" KILL; remove_home "$2"; fi ;;
    status)
        home=$(cd "$2" 2>/dev/null && pwd -P) && pid=$(pid_of "$home") && [ -n "$pid" ] || { echo stopped; exit 3; }
        echo "running, pid $pid, port $(cat "$home/port")" ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "$self"; exit 2 ;;
esac
