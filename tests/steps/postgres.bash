# A PostgreSQL server for one run: its data in the run's folder, every statement in its log.

postgres=
postgres_url=

# The folder of the newest version's programs.
postgres_programs() {
    find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -path '*/bin/postgres' -printf '%h\n' 2>/dev/null | sort -V | tail -n 1
}

# PostgreSQL refuses to run as root.
as_postgres() {
    if [[ $EUID -eq 0 ]]; then
        exec setpriv --reuid=postgres --regid=postgres --init-groups --reset-env "$@"
    else
        exec "$@"
    fi
}

start_postgres() {
    [[ -z $postgres ]] || return 0
    local programs data=$work/postgres log=$work/postgres.log port
    programs=$(postgres_programs)
    [[ -n $programs ]] || die "PostgreSQL is missing: tests/run install"
    mkdir -m 700 "$data"
    touch "$log"
    [[ $EUID -ne 0 ]] || chown postgres "$data" "$log"
    run as_postgres "$programs/initdb" -U postgres -A trust -E UTF8 --no-locale --no-sync -D "$data" >/dev/null ||
        die "PostgreSQL could not make its files"
    port=$(free_port)
    # The data is gone after the run, so that nothing has to survive a power cut.
    as_postgres "$programs/postgres" -D "$data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$data" \
        -c log_statement=all -c max_connections=300 -c fsync=off </dev/null >>"$log" 2>&1 &
    postgres=$!
    for _ in {1..300}; do
        kill -0 "$postgres" 2>/dev/null || die "PostgreSQL ended by itself: $(tail -n 3 "$log")"
        "$programs/pg_isready" -q -h 127.0.0.1 -p "$port" && break
        sleep 0.1
    done
    postgres_url=postgres://postgres@127.0.0.1:$port/
    say "PostgreSQL $("$programs/postgres" --version | cut -d' ' -f3) at port $port"
}

# A fast shutdown: it does not wait for clients.
stop_postgres() {
    [[ -z $postgres ]] || end_group "$postgres" INT
    postgres=
}

# A port on which nobody listens, below those that the system gives away itself.
free_port() {
    local port
    while port=$((RANDOM % 10000 + 20000)); do
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    say "$port"
}
