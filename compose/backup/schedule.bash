# When backups are made.
# shellcheck shell=bash

times=${MINITWIT_BACKUP_AT:-03:00}
# Until when something has to happen, in seconds since 1970.
patience=/tmp/patience
child=

command_schedule() {
    local failures=0 pause limit=${MINITWIT_BACKUP_LIMIT:-6h}
    check_settings
    trap stop TERM INT
    while :; do
        wait_until "$(due)"
        until attempt; do
            pause=$((failures < 5 ? 60 << failures : 1800)) failures=$((failures + 1))
            wait_until $(($(now) + pause))
        done
        failures=0
    done
}

check_settings() {
    local name value
    [[ $times =~ ^([01][0-9]|2[0-3]):[0-5][0-9](\ ([01][0-9]|2[0-3]):[0-5][0-9])*$ ]] ||
        wrong "MINITWIT_BACKUP_AT is '$times', and has to be such as '03:00' or '03:00 15:00'"
    [[ $limit =~ ^([1-9][0-9]*)([smhd]?)$ ]] || wrong "MINITWIT_BACKUP_LIMIT is '$limit', and has to be such as 6h"
    for name in DAILY WEEKLY MONTHLY; do
        name=MINITWIT_BACKUP_KEEP_$name value=${!name:-1}
        [[ $value =~ ^[0-9]+$ ]] || wrong "$name is '$value', and has to be a number"
    done
}

now() {
    date +%s
}

# When the next one is to be made: at the first of the times after the last good one began; without one, long ago.
due() {
    local last time at next=0
    last=$(sed --quiet 's/^minitwit_backup_last_success_timestamp_seconds //p' "$facts" 2>/dev/null) || last=
    [[ -n $last ]] || { say 0 && return; }
    for time in $times; do
        at=$(date --utc --date "$(date --utc --date "@$last" +%F) $time" +%s)
        ((at > last)) || at=$((at + 86400))
        ((next > 0 && next < at)) || next=$at
    done
    say "$next"
}

wait_until() {
    local rest
    while rest=$(($1 - $(now))) && ((rest > 0)); do
        say $(($(now) + 180)) >"$patience"
        sleep $((rest < 60 ? rest : 60)) &
        child=$!
        wait "$child"
    done
    child=
}

# A process of its own, which nothing can keep from ending.
attempt() {
    local status=0
    say $(($(now) + $(seconds "$limit") + 180)) >"$patience"
    timeout --kill-after=1m "$limit" "$here/backup" run &
    child=$!
    wait "$child" || status=$?
    child=
    return "$status"
}

seconds() {
    local -A units=([s]=1 [m]=60 [h]=3600 [d]=86400)
    local unit=${1//[0-9]/}
    say $((${1%[smhd]} * units[${unit:-s}]))
}

# What runs is asked to end and waited for, so that it leaves nothing half done.
stop() {
    [[ -z $child ]] || kill -TERM "$child" 2>/dev/null || true
    wait
    exit 0
}

command_health() {
    local until
    until=$(cat "$patience" 2>/dev/null) || failed 'the schedule has not begun'
    (($(now) < until)) || failed "nothing has happened since $(date --utc --date "@$until" +%FT%TZ)"
}
