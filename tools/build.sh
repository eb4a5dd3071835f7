# Building; sourced by ./epimorfosi.

processes=(programmes applications allocation notifications gateway)

dll_of() { # process
    case $1 in
        programmes) echo EPimorfosi.Programmes.dll ;;
        applications) echo EPimorfosi.Applications.dll ;;
        allocation) echo EPimorfosi.Allocation.dll ;;
        notifications) echo EPimorfosi.Notifications.dll ;;
        gateway) echo EPimorfosi.Gateway.dll ;;
        load) echo EPimorfosi.Load.dll ;;
    esac
}

folder_of() { # process
    case $1 in gateway) echo gateway ;; load) echo tests/load ;; *) echo "services/$1" ;; esac
}

need_sdk() {
    command -v dotnet >/dev/null || die "the .NET SDK $(sed -n 's/.*"version": "\([^"]*\)".*/\1/p' global.json) or later is missing: see https://dotnet.microsoft.com/download"
    dotnet --version >/dev/null 2>&1 || { dotnet --version >&2; die "this .NET SDK does not satisfy global.json"; }
}

# dotnet's own output only when it fails, or its warnings.
dotnet_quietly() { # log arguments…
    local log=$1; shift
    dotnet "$@" --nologo -v q -nodeReuse:false >"$log" 2>&1 && return
    grep -E 'error|warning' "$log" | sort -u | head -40 >&2
    die "dotnet $1 failed; all of it in $log"
}

sources_changed() {
    [ -e .run/bin/published ] || return 0
    [ -n "$(find services gateway tests/load Directory.*.props global.json \( -name bin -o -name obj -o -name node_modules -o -name vendor \) -prune -o -type f -newer .run/bin/published -print -quit)" ]
}

# The processes run from a copy in .run/bin, so that a later build does not pull the files from under them.
publish() {
    need_sdk
    say "building …"
    local began=$SECONDS process
    touch .run/bin/publishing
    dotnet_quietly .run/logs/build.log publish tools/processes.slnf -c Release
    for process in "${processes[@]}" load; do
        rm -rf ".run/bin/$process.new"
        cp -r "$(folder_of "$process")/bin/Release/net10.0/publish" ".run/bin/$process.new" || die "nothing was published for $process"
    done
    stop_processes
    for process in "${processes[@]}" load; do
        rm -rf ".run/bin/$process"
        mv ".run/bin/$process.new" ".run/bin/$process"
    done
    mv .run/bin/publishing .run/bin/published
    say "built in $((SECONDS - began)) s"
}
