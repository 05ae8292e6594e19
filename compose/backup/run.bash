# One backup: dumped, read back, and the old ones removed.
# shellcheck shell=bash

facts=/var/lib/node-exporter/minitwit_backup.prom

# A string of JSON.
quoted() {
    local text=${1//\\/\\\\}
    printf '"%s"' "$(tr '[:cntrl:]' ' ' <<<"${text//\"/\\\"}" | sed 's/ *$//')"
}

# A line in Elastic Common Schema, like those of the other programs; what it has more comes as names and values of JSON.
log() {
    local level=$1 outcome=$2 message=$3 more=$4
    printf '{"@timestamp":"%s","log":{"level":"%s"},"message":%s,"event":{"kind":"event","category":["database"],' \
        "$(date --utc +%FT%T.%6NZ)" "$level" "$(quoted "$message")"
    printf '"dataset":"minitwit.backup","outcome":"%s","duration":%s},"service":{"name":"backup"},%s,"ecs":{"version":"8.11.0"}}\n' \
        "$outcome" "$(($(date +%s%N) - began))" "$more"
}

command_run() {
    local began id='' size counts snapshots empty=${1-}
    [[ $# -eq 0 || $# -eq 1 && $empty == --empty ]] || wrong 'run takes --empty or nothing'
    began=$(date +%s%N)
    failed() { log error failure 'backup failed' "\"error\":{\"message\":$(quoted "$1")}" && exit 1; }
    # What runs is asked to end too, and has ended when this is looked at.
    trap 'failed "it was stopped"' TERM INT
    take_turn
    open_repository make_repository
    step 'locks cannot be cleared' clear_locks
    export PGUSER=backup PGDATABASE=$database PGPASSWORD
    PGPASSWORD=$(</run/secrets/postgres_backup_password)
    count
    [[ -n $empty ]] || refuse_empty
    dump
    verify
    step 'old backups cannot be removed' storage forget --group-by '' --keep-within 2d \
        --keep-daily "${MINITWIT_BACKUP_KEEP_DAILY:-7}" --keep-weekly "${MINITWIT_BACKUP_KEEP_WEEKLY:-5}" \
        --keep-monthly "${MINITWIT_BACKUP_KEEP_MONTHLY:-12}" --prune
    tell
    log info success "backup $id" "\"labels\":{\"snapshot\":\"$id\",\"rows\":\"$counts\",\"bytes\":\"$size\"}"
}

# Runs something; what it complains about is why the backup fails.
step() {
    local what=$1 complaint
    shift
    complaint=$("$@" 2>&1 >/dev/null) || failed "$what: $(tail -n 3 <<<"$complaint")"
}

# How much there is, for people who choose among backups; while the site is used, a backup may have a little more.
count() {
    local query="SELECT string_agg(name || '=' || total, ',' ORDER BY name) FROM totals
        WHERE name IN ('users', 'messages', 'followers')"
    counts=$(psql --no-psqlrc --tuples-only --no-align --command "$query" 2>&1) ||
        failed "the database cannot be read: $(tail -n 1 <<<"$counts")"
}

# A new machine's database has nobody until the last backup is restored, and must not take its place.
refuse_empty() {
    local last
    [[ $counts == *users=0* ]] || return 0
    last=$(storage snapshots --json latest 2>&1) || failed 'the last backup cannot be looked at'
    [[ ! $last =~ users=([1-9][0-9]*) ]] ||
        failed "the database has no users, and the last backup has ${BASH_REMATCH[1]}: compose/restore brings them back"
}

# A dump that does not end well is no snapshot; one of which restic could not read a part is, and goes. Restic compresses, so
# that what two dumps share is stored once.
dump() {
    local said=$TMPDIR/said status=0
    storage backup --json --force --host "$database" --tag "$counts" --stdin-filename "$database.dump" \
        --stdin-from-command -- pg_dump --format=custom --compress=0 --exclude-schema=reporting >"$said" 2>&1 || status=$?
    if [[ $(<"$said") =~ \"total_bytes_processed\":([0-9]+).*\"snapshot_id\":\"([0-9a-f]{8}) ]]; then
        size=${BASH_REMATCH[1]} id=${BASH_REMATCH[2]}
    fi
    [[ $status -ne 0 || -z $id ]] || return 0
    [[ -z $id ]] || remove
    failed "the dump failed: $(grep --invert-match '^{"message_type":"\(status\|summary\)"' "$said" | tail -n 3)"
}

remove() {
    storage forget "$id" >/dev/null 2>&1 || say "backup $id is not good, and could not be removed" >&2
}

# All of the dump is read as a restore would read it, and all of the repository within a week. What cannot be read back is
# no backup, and must not be the one that is restored.
verify() {
    local complaint
    complaint=$({ read_back && storage check --read-data-subset="$(date --utc +%u)/7"; } 2>&1 >/dev/null) && return
    remove
    failed "it cannot be read back: $(tail -n 3 <<<"$complaint")"
}

read_back() {
    storage dump "$id" "$database.dump" | pg_restore --file=/dev/null
}

# For node-exporter, whole or not at all.
tell() {
    snapshots=$(storage snapshots --json | grep --only-matching '"short_id"' | wc -l)
    {
        metric last_success_timestamp_seconds 'When the last good backup began, in seconds since 1970.' "$((began / 1000000000))"
        metric last_duration_seconds 'How long the last good backup took.' "$((($(date +%s%N) - began) / 1000000000))"
        metric last_dump_bytes 'Size of the dump of the last good backup.' "$size"
        metric snapshots 'Backups that are kept.' "$snapshots"
    } >"$facts.new"
    chmod 644 "$facts.new"
    mv "$facts.new" "$facts"
}

metric() {
    printf '# HELP minitwit_backup_%s %s\n# TYPE minitwit_backup_%s gauge\nminitwit_backup_%s %s\n' "$1" "$2" "$1" "$1" "$3"
}
