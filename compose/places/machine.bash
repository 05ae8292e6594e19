# One machine, by docker compose: what compose/restore does there.
# shellcheck shell=bash

compose() {
    docker compose --progress=quiet --file "$here/compose.yml" "${settings[@]}" "$@"
}

# A command of backup, in a container that may do everything; the list needs no database.
job() {
    local alone=()
    [[ $1 != list ]] || alone=(--no-deps)
    compose run --rm --no-TTY "${alone[@]}" restore "$@"
}

once() {
    compose run --rm --no-TTY --no-deps "$1"
}

# Only what runs is stopped, and later started.
halt() {
    mapfile -t stopped < <(compose ps --services --status=running | grep --line-regexp 'web\|api')
    ((${#stopped[@]} == 0)) || compose stop "${stopped[@]}"
}

go_on() {
    compose up --detach --no-build --no-deps --wait "${stopped[@]}"
}
