# What the scripts of this folder share; sourced, never run. A server's directory DIR holds all of it: its data, its password, its pid.

say() { printf '%s\n' "$*" >&2; }
die() { say "error: $*"; exit 1; }

# A server's own user is never root. Without root it is the caller.
run_as() { # user command…
    local user=$1; shift
    if [ "$(id -u)" != 0 ]; then "$@"
    else setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups --no-new-privs -- "$@"
    fi
}

server_user() { # preferred
    if [ "$(id -u)" != 0 ]; then id -un
    elif id "$1" >/dev/null 2>&1; then echo "$1"
    else echo nobody
    fi
}

# Root's work tree may lie where the server's user cannot go (/root): then the data is under /var/tmp and DIR is a link to it.
home_of() { # user DIR -> real directory, owned by user
    local user=$1 dir=$2 parent real base
    mkdir -p "$(dirname "$dir")" || die "cannot create $(dirname "$dir")"
    parent=$(cd "$(dirname "$dir")" && pwd -P)
    dir=$parent/$(basename "$dir")
    real=$dir
    if ! run_as "$user" test -x "$parent" 2>/dev/null; then
        base=/var/tmp/epimorfosi-$(printf '%s' "$parent" | sha256sum | cut -c1-16)
        mkdir -m 711 "$base" 2>/dev/null
        # /var/tmp is everybody's: a directory that another made is not to be trusted.
        [ ! -L "$base" ] && [ -O "$base" ] || die "$base belongs to somebody else; remove it"
        real=$base/$(basename "$dir")
        if [ -L "$dir" ] && [ "$(readlink "$dir")" != "$real" ]; then rm "$dir"; fi
        if [ ! -e "$dir" ] && [ ! -L "$dir" ]; then ln -s "$real" "$dir"; fi
        [ -L "$dir" ] || die "$dir should be a link to $real, but it is not; move it away"
    fi
    if [ ! -d "$real" ]; then
        mkdir -m 700 "$real" || die "cannot create $real"
        if [ "$(id -u)" = 0 ]; then chown "$user:$(id -g "$user")" "$real"; fi
    fi
    echo "$real"
}

# Removes DIR and, where it is a link that home_of made, what it leads to.
remove_home() { # DIR
    local real
    if [ -L "$1" ]; then
        real=$(readlink "$1")
        case $real in /var/tmp/epimorfosi-*/*) rm -rf -- "$real"; rmdir -- "$(dirname "$real")" 2>/dev/null ;; esac
        rm -f -- "$1"
    else
        rm -rf -- "$1"
    fi
}

secret_file() { # file user: makes a password once, readable by its user alone
    [ -s "$1" ] && return
    ( umask 077; head -c 18 /dev/urandom | base64 | tr '+/' '-_' > "$1.new" ) && mv "$1.new" "$1"
    if [ "$(id -u)" = 0 ]; then chown "$2:$(id -g "$2")" "$1"; fi
}

# Who works in that directory? Our servers have their own as working directory, so a pid that the machine gave to another after a crash
# is never mistaken for ours.
pids_in() { # directory -> pids
    local link
    for link in /proc/[0-9]*/cwd; do
        if [ "$(readlink "$link" 2>/dev/null)" = "$1" ]; then link=${link#/proc/}; echo "${link%/cwd}"; fi
    done
}

alive_in() { [ -n "$1" ] && [ "$(readlink "/proc/$1/cwd" 2>/dev/null)" = "$2" ]; } # pid directory

wait_gone() { # seconds directory
    local end=$((SECONDS + $1))
    while [ -n "$(pids_in "$2")" ]; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.1
    done
}

listening() { ( exec 3<>"/dev/tcp/127.0.0.1/$1" ) 2>/dev/null; } # port

holder_of() { # port -> words
    local who=
    if command -v ss >/dev/null; then
        who=$(ss -Hltnp "sport = :$1" 2>/dev/null | sed -n 's/.*users:(("\([^"]*\)",pid=\([0-9]*\).*/\1 (pid \2)/p' | head -1)
    fi
    if [ -z "$who" ] && command -v lsof >/dev/null; then
        who=$(lsof -nP -iTCP:"$1" -sTCP:LISTEN 2>/dev/null | awk 'NR == 2 { print $1 " (pid " $2 ")" }')
    fi
    echo "${who:-another process (run as root to see which)}"
}

need_free() { # port what
    if listening "$1"; then die "port $1, meant for $2, is held by $(holder_of "$1"); stop it, or choose other ports with EPIMORFOSI_PORT"; fi
}

show_log() { # log what
    say "--- the end of $1 ($2):"
    tail -n 25 "$1" >&2
    say "---"
}

# Starts a process that outlives this shell, in its directory, without our descriptors (9 is the lock); its pid in $spawned.
spawn_here() { # directory log command…
    local dir=$1 log=$2; shift 2
    mkdir -p "$(dirname "$log")"
    ( cd "$dir" && exec setsid "$@" ) >>"$log" 2>&1 </dev/null 9>&- &
    spawned=$!
    disown
}

spawn() { # user directory log command…
    local user=$1 dir=$2 log=$3; shift 3
    if [ "$(id -u)" = 0 ]; then set -- setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups --no-new-privs -- "$@"; fi
    spawn_here "$dir" "$log" "$@"
}

one_at_a_time() { exec 9>"$1/.lock"; flock -w 120 9 || die "another start or stop of $1 is still under way"; } # directory

# With NATIVE_OWNER=pid the server goes, data and all, when that process is gone, however it went.
watch_owner() { # script DIR
    [ -n "${NATIVE_OWNER:-}" ] || return 0
    local owner=$NATIVE_OWNER
    [ ! -e "$2/owner.$owner" ] || return 0
    : > "$2/owner.$owner"
    ( cd /; unset NATIVE_OWNER; while kill -0 "$owner" 2>/dev/null; do sleep 0.5; done; "$1" purge "$2"; rm -f "$2.log"; rmdir "$(dirname "$2")" ) >/dev/null 2>&1 </dev/null 9>&- &
    disown
}

apt_install() { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$1"; }

# Distribution packages, when we may: root and apt. Their own servers are kept from starting; ours are private.
install_package() { # package what
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && [ "${EPIMORFOSI_INSTALL:-yes}" = yes ]; then
        say "installing the package $1 ($2 is missing) …"
        local log policy=/usr/sbin/policy-rc.d ours= result
        log=$(mktemp)
        exec 6>/run/epimorfosi-apt.lock; flock 6 # another server may want its package at the same time
        if [ ! -e $policy ]; then printf '#!/bin/sh\nexit 101\n' > $policy; chmod +x $policy; ours=yes; fi
        { apt_install "$1" || { apt-get update && apt_install "$1"; }; } >"$log" 2>&1 </dev/null 6>&- 9>&-
        result=$?
        [ -z "$ours" ] || rm -f $policy
        exec 6>&-
        if [ $result = 0 ]; then rm -f "$log"; return; fi
        show_log "$log" apt-get
    fi
    say "$2 is missing. Install it, then run this again:"
    say "    Debian, Ubuntu:  sudo apt-get install $1"
    say "    Fedora, RHEL:    sudo dnf install ${1/%postgresql/postgresql-server}"
    say "or use Docker: ./epimorfosi up --docker"
    exit 1
}
