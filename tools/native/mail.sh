#!/usr/bin/env bash
# The mail catcher (maildev) on 127.0.0.1: takes all e-mail over SMTP, shows it on a page, delivers none.
#   mail.sh start DIR SMTP WEB | stop DIR | kill DIR | status DIR | purge DIR
# The last two of start are ports. The mail is kept in DIR between runs. NATIVE_LOG: log file (DIR/mail.log). NATIVE_OWNER=pid: see common.sh.
set -u
self=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/$(basename "${BASH_SOURCE[0]}")
. "$(dirname "$self")/common.sh"
package=$(dirname "$(dirname "$self")")/mail
program=$package/node_modules/maildev/dist/bin/maildev.js

install() {
    command -v node >/dev/null && command -v npm >/dev/null || die "Node.js 20 or later with npm is missing: it runs the mail catcher. Debian: sudo apt-get install nodejs npm"
    [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || die "Node.js 20 or later is needed for the mail catcher; this is $(node --version)"
    [ -e "$program" ] && [ "$package/node_modules/.package-lock.json" -nt "$package/package-lock.json" ] && return
    say "installing the mail catcher (npm) …"
    ( cd "$package" && npm ci --no-audit --no-fund --loglevel=error >&2 9>&- ) || die "npm ci failed in $package"
    touch "$package/node_modules/.package-lock.json"
}

pid_of() { local pid=; [ -r "$1/mail.pid" ] && read -r pid < "$1/mail.pid"; alive_in "$pid" "$1/mail" && echo "$pid"; }

answers() {
    local status
    exec 8<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET /api/healthz HTTP/1.0\r\n\r\n' >&8
    read -r -t 5 _ status _ <&8
    exec 8>&-
    [ "${status:-}" = 200 ]
}

start() { # DIR smtp web
    local home log user
    user=$(id -un)
    mkdir -p "$1/mail"
    home=$(cd "$1" && pwd -P)
    one_at_a_time "$home"
    install
    log=${NATIVE_LOG:-$home/mail.log}
    if [ -n "$(pid_of "$home")" ]; then
        [ "$(cat "$home/ports")" = "$2 $3" ] || die "the mail catcher of $1 runs already, on ports $(cat "$home/ports"); stop it first"
        return 0
    fi
    need_free "$2" "the mail catcher's SMTP"; need_free "$3" "the mail catcher's page"
    echo "$2 $3" > "$home/ports"
    # Every mail stays in memory too: 60,000 need about half a gigabyte.
    spawn_here "$home/mail" "$log" node --max-old-space-size=4096 "$program" --ip 127.0.0.1 --smtp "$2" --web-ip 127.0.0.1 --web "$3" --mail-directory "$home/mail"
    echo "$spawned" > "$home/mail.pid"
    # It reads the mail of earlier runs before it answers.
    local end=$((SECONDS + 300))
    until answers "$3" 2>/dev/null && listening "$2"; do
        if ! kill -0 "$spawned" 2>/dev/null; then show_log "$log" "the mail catcher"; die "the mail catcher did not start"; fi
        if [ $SECONDS -ge $end ]; then show_log "$log" "the mail catcher"; die "the mail catcher was not ready within 300 seconds"; fi
        sleep 0.1
    done
    watch_owner "$self" "$1"
}

stop() { # DIR signal
    local home pid
    home=$(cd "$1" 2>/dev/null && pwd -P) || return 0
    pid=$(pid_of "$home")
    [ -n "$pid" ] || return 0
    kill "-$2" "$pid" 2>/dev/null
    wait_gone 15 "$home/mail" || kill -KILL $(pids_in "$home/mail") 2>/dev/null
    rm -f "$home/mail.pid"
}

case ${1:-} in
    start) start "$2" "$3" "$4" ;;
    stop) stop "$2" TERM ;;
    kill) stop "$2" KILL ;;
    purge) if [ -e "$2" ]; then stop "$2" KILL; rm -rf -- "$2"; fi ;;
    status)
        home=$(cd "$2" 2>/dev/null && pwd -P) && pid=$(pid_of "$home") && [ -n "$pid" ] || { echo stopped; exit 3; }
        echo "running, pid $pid, ports $(cat "$home/ports")" ;;
    *) sed -n '2,4s/^# \{0,1\}//p' "$self"; exit 2 ;;
esac
