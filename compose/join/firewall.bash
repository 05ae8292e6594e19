# Firewalls of machines that were made by compose/machine.yml, where they are reached by ssh.
# shellcheck disable=SC2004,SC2154 # what join-workers sets

readonly LISTS=/usr/local/sbin/minitwit-firewall

# How it is said by hand.
let_in() {
    say "sudo minitwit-firewall allow ${1:-ADDRESS}"
}

# The destination for ssh of an engine that is reached by it.
ssh_of() {
    local endpoint=${1:-${DOCKER_HOST-}}
    [[ $endpoint == *://* ]] ||
        endpoint=$(docker context inspect --format '{{.Endpoints.docker.Host}}' ${endpoint:+"$endpoint"} 2>/dev/null) ||
        return 0
    [[ $endpoint != ssh://* ]] || say "$endpoint"
}

# A command on the machine of an engine.
on() {
    local destination
    destination=$(ssh_of "$1")
    [[ -z $destination ]] || ssh -o BatchMode=yes -o ConnectTimeout=20 "$destination" "${@:2}" </dev/null
}

tell_firewall() {
    local said
    said=$(on "$1" "[ ! -e $LISTS ] || sudo -n $LISTS ${*:2}" 2>&1) ||
        { refuse "${1:-manager}" "its firewall cannot be changed: $said" && return; }
    # sudo may have something to say too.
    said=$(grep '^p[a-z]*: ' <<<"$said") || return 0
    done_now "${name[${1:-manager}]-$host}: its firewall has now $said"
}

# All let each other in, and the manager everybody to the proxy.
open_firewalls() {
    local worker peers
    for worker in $(willing); do
        [[ -n ${address[$worker]} ]] ||
            address[$worker]=$(on "$worker" "ip -oneline route get $manager" | sed -n 's/.* src \([^ ]*\).*/\1/p') || true
    done
    peers=$(docker node ls --quiet | xargs docker node inspect \
        --format '{{if .ManagerStatus}}{{.ManagerStatus.Addr}}{{else}}{{.Status.Addr}}{{end}}' | sed 's/:[0-9]*$//')
    peers=$(printf '%s\n' "$peers" "${address[@]}" | sort --unique | tr '\n' ' ')
    tell_firewall '' allow "$peers"
    tell_firewall '' open 80 443
    for worker in $(willing); do tell_firewall "$worker" allow "$peers"; done
}

# Nodes that were not named have firewalls too.
name_others() {
    local id called status
    while read -r id called status _; do
        [[ $id == "$here" || $status == down || " ${node[*]} " == *" $id "* ]] ||
            say "$called: was not named; if it has a firewall: there, $(let_in "$1")"
    done <<<"$known"
}
