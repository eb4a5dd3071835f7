# The whole system by docker compose; sourced by ./epimorfosi. The passwords are kept in .run/docker.env, the data in volumes.

compose() { docker compose --env-file .run/docker.env "$@"; }

compose_settings() { # ordinary or demo
    mkdir -p -m 711 .run; mkdir -p .run/logs
    base=${EPIMORFOSI_PORT:-8080} public=http://127.0.0.1:${EPIMORFOSI_PORT:-8080} mail_page=$((${EPIMORFOSI_PORT:-8080} + 26))
    local iterations=100000 exempt=
    # The demo's callers come from the network's own gateway address.
    if [ "$1" = demo ]; then iterations=1000 exempt=172.16.0.0/12,192.168.0.0/16,10.0.0.0/8; fi
    secret_file .run/docker-database-password "$(id -un)"
    secret_file .run/docker-bus-password "$(id -un)"
    office_password
    ( umask 077; cat > .run/docker.env <<ENV
EPIMORFOSI_PORT=$base
EPIMORFOSI_MAIL_PORT=$mail_page
EPIMORFOSI_DATABASE_PASSWORD=$(cat .run/docker-database-password)
EPIMORFOSI_BUS_PASSWORD=$(cat .run/docker-bus-password)
EPIMORFOSI_OFFICE_PASSWORD='$(cat .run/office-password)'
EPIMORFOSI_PASSWORD_ITERATIONS=$iterations
EPIMORFOSI_EXEMPT_NETWORKS=$exempt
ENV
    )
}

compose_up() {
    say "building and starting the containers …"
    compose up -d --build --wait --wait-timeout 300 || { compose ps; compose logs --tail 25; die "the containers did not become healthy"; }
}

docker_up() { compose_settings ordinary; compose_up; docker_addresses; }

docker_demo() {
    compose_settings demo
    compose_up
    need_sdk
    dotnet_quietly .run/logs/build.log publish tests/load -c Release -o .run/bin/load
    dotnet .run/bin/load/EPimorfosi.Load.dll demo --gateway "$public" --office-password-file "$root/.run/office-password" \
        --mail "http://127.0.0.1:$mail_page" --teachers "$teachers" ${seed:+--seed "$seed"} --bundle-to .run/bundle || exit $?
    tools/verify-draw .run/bundle .run/bundle/log.txt || exit $?
    if command -v python3 >/dev/null; then tools/verify.py .run/bundle --log .run/bundle/log.txt || exit $?; fi
    docker_addresses
}

docker_addresses() {
    cat <<TEXT

  Pages and API     $public  (try it: $public/api-docs)
  Office account    office, password in $root/.run/office-password: $(cat .run/office-password)
  Mail catcher      http://127.0.0.1:$mail_page
  Logs              ./epimorfosi logs [service]
TEXT
}

docker_env_or_die() { [ -r .run/docker.env ] || die "nothing was started with Docker here"; }

docker_down() {
    docker_env_or_die
    if [ -n "$purge" ]; then compose down -v && rm -f .run/docker.env .run/docker-*-password; else compose down; fi
}

docker_status() { docker_env_or_die; compose ps; }

docker_logs() { docker_env_or_die; compose logs --tail 200 ${follow:+-f} "$@"; }
