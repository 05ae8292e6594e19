# The database, made anew from a backup. The old one is there until the new one is whole.
# shellcheck shell=bash

command_restore() {
    local replace='' dry='' snapshot='' stamp fresh old before
    while (($#)); do
        case $1 in
            --replace) replace=yes ;;
            --dry-run) dry=yes ;;
            latest | [0-9a-f]*) [[ -z $snapshot && $1 =~ ^(latest|[0-9a-f]{6,64})$ ]] || wrong 'SNAPSHOT is wrong' && snapshot=$1 ;;
            *) wrong "'$1' is not known" ;;
        esac
        shift
    done
    export PGUSER=postgres PGDATABASE=postgres PGPASSWORD
    PGPASSWORD=$(</run/secrets/postgres_password)
    open_repository no_repository
    find_snapshot
    before=$(rows "$database") || exit 1
    say "the database has $before"
    [[ $before == "$(nothing)" || -n $replace ]] ||
        failed 'the database has rows and stays as it is: --replace keeps it under another name, and goes on'
    [[ -z $dry ]] || return 0
    stamp=$(date --utc +%Y%m%d_%H%M%S) fresh=${database}_new_$stamp old=${database}_before_$stamp
    fill
    swap
    say "the database has $(rows "$database")"
    leave_old
}

find_snapshot() {
    local found
    snapshot=${snapshot:-latest}
    found=$(storage --no-lock snapshots --json "$snapshot" 2>&1) || found=
    [[ $found =~ \"time\":\"([^\".]*) ]] || failed "there is no backup '$snapshot': backup list prints those that are there"
    local at=${BASH_REMATCH[1]} tags=
    [[ $found =~ \"short_id\":\"([0-9a-f]*) ]] && snapshot=${BASH_REMATCH[1]}
    [[ $found =~ \"tags\":\[([^]]*) ]] && tags=${BASH_REMATCH[1]//[\"\[]/}
    say "backup $snapshot of $at UTC has about ${tags//,/ }"
}

psql_() {
    psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 "$@"
}

nothing() {
    say 'followers=0 messages=0 users=0'
}

# Counted, not looked up; a database without tables has nothing.
rows() {
    local there
    there=$(psql_ --dbname="$1" --command "SELECT to_regclass('public.totals')") || return
    [[ -n $there ]] || { nothing && return; }
    psql_ --dbname="$1" --file="$here/rows.sql"
}

# All of it or nothing. What the database counts itself has to agree with its rows.
fill() {
    local own
    trap 'dropdb --if-exists --force "$fresh"' EXIT
    createdb --owner=minitwit_owner --template=template0 "$fresh" || failed 'no new database can be made'
    storage --no-lock dump "$snapshot" "$database.dump" |
        pg_restore --dbname="$fresh" --exit-on-error --single-transaction ||
        failed 'the backup could not be restored; the database is as it was'
    own=$(psql_ --dbname="$fresh" --file="$here/totals.sql")
    [[ $own == "$(rows "$fresh")" ]] ||
        failed "the backup says that it has $own, and has $(rows "$fresh"); the database is as it was"
    vacuumdb --analyze-only --quiet "$fresh"
}

# Nobody is in it while names change; whoever comes back finds the new one.
swap() {
    if ! psql_ --set=name="$database" --set=fresh="$fresh" --set=old="$old" --file="$here/swap.sql" >/dev/null; then
        psql_ --command "ALTER DATABASE $database ALLOW_CONNECTIONS true"
        failed 'the names could not be changed; the database is as it was'
    fi
    trap - EXIT
}

leave_old() {
    if [[ $before == "$(nothing)" ]]; then
        dropdb "$old"
    else
        say "what it was before is the database $old: dropdb --username=postgres $old, where PostgreSQL runs, removes it"
    fi
}
