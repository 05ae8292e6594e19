# A swarm, by the stack's own services: what compose/restore does there.
# shellcheck shell=bash

# shellcheck source=/dev/null
source "$here/again.bash"

change() {
    local complaint
    complaint=$(again docker service update --quiet --detach "$@") || failed "docker service update $*: $complaint"
}

newest() {
    docker service ps --quiet --no-trunc "minitwit_$1" | head -n 1
}

# Waits for the end of a task that is newer than the given one. What fails is tried again, but for the restoring.
outcome() {
    local service=$1 old=$2 task state began=$SECONDS
    while sleep 1; do
        task=$(newest "$service") state=
        [[ -z $task || $task == "$old" ]] || state=$(docker inspect --format '{{.Status.State}}' "$task")
        case $state in
            complete) return 0 ;;
            failed | rejected) [[ $service != restore ]] || return 1 ;;
        esac
        ((SECONDS - began < patience)) || failed "$service does not end: ${state:-no node takes it}"
    done
}

# A command of backup, in a container that may do everything.
job() {
    local status=0 old
    old=$(newest restore)
    change --args "$*" --replicas 1 --force minitwit_restore
    outcome restore "$old" || status=$?
    docker service logs --raw "$(newest restore)" 2>&1
    change --args list --replicas 0 minitwit_restore
    return "$status"
}

once() {
    local old
    old=$(newest "$1")
    change --force "minitwit_$1"
    outcome "$1" "$old"
}

halt() {
    local name form='{{.Spec.Mode.Replicated.Replicas}}'
    for name in minitwit_web minitwit_api; do
        stopped+=("$name=$(docker service inspect --format "$form" "$name")")
    done
    docker service scale minitwit_web=0 minitwit_api=0 >/dev/null
}

go_on() {
    timeout "$patience" docker service scale "${stopped[@]}" >/dev/null
}
