# What is looked at before anything is changed.
# shellcheck disable=SC2004,SC2034,SC2154 # what join-workers sets

# In milliseconds: as much as the alert ClockSkew lets pass.
readonly SKEW=500

check_manager() {
    local began ended clock
    read -r began ended swarm version processor clock host here < <(facts '') ||
        failed 'no Docker engine answers: set DOCKER_HOST, or choose a context'
    read -r least most < <(ahead "$began" "$ended" "$clock")
    case $swarm in
        active) known=$(nodes 2>/dev/null) || failed "$host is a worker: Docker's client has to talk to the manager" ;;
        inactive)
            known="- $host ready"
            [[ -n $init ]] || failed "$host is in no swarm: --init ADDRESS makes it the manager of one"
            ;;
        *) failed "the swarm of $host is $swarm: docker swarm unlock or docker swarm leave, and try again" ;;
    esac
}

check_worker() {
    local worker=$1 began ended theirs cpu clock id engine="docker --context $1"
    [[ $worker != *://* ]] || engine="docker --host $worker"
    read -r began ended "state[$worker]" theirs cpu clock "name[$worker]" id < <(facts "$worker") ||
        { refuse "$worker" "no engine answers: $engine info says why" && return; }
    node[$worker]=$id
    case ${state[$worker]} in
        inactive) check_name "$worker" ;;
        active)
            [[ $id != "$here" ]] || { refuse "$worker" 'it is the manager itself' && return; }
            grep --quiet "^$id " <<<"$known" ||
                refuse "$worker" "it is in another swarm, or was removed from this one: $engine swarm leave lets it go"
            ;;
        *) refuse "$worker" "its swarm is ${state[$worker]}: $engine swarm leave lets it go" ;;
    esac
    [[ $(printf '%s\n' 20.10 "$theirs" | sort --version-sort | head -n 1) == 20.10 ]] ||
        refuse "$worker" "its engine $theirs is older than 20.10"
    [[ ${theirs%%.*} == "${version%%.*}" ]] || say "${name[$worker]}: its engine is $theirs, the manager's $version"
    [[ $cpu == "$processor" ]] || say "${name[$worker]}: images have to be for $cpu too, not only for the manager's $processor"
    check_clock "$worker" "$began" "$ended" "$clock"
}

# A node is known by its name: to people, to labels, and in the log.
check_name() {
    local own=${name[$1]} id called status other rename='hostnamectl set-hostname gives it a name of its own'
    while read -r id called status _; do
        [[ $called == "$own" ]] || continue
        [[ $status == down ]] || { refuse "$1" "there is a node $own already: $rename" && return; }
        [[ -n $replace ]] ||
            refuse "$1" "the node $own ($id) is down: if this is that machine, made anew, --replace removes its entry"
    done <<<"$known"
    for other in "${workers[@]}"; do
        [[ $other == "$1" || ${name[$other]-} != "$own" || -n ${refused[$other]-} ]] ||
            refuse "$1" "$other is called $own too: $rename"
    done
}

# By how many milliseconds a clock is ahead of this machine's, at least and at most.
ahead() {
    local shown
    shown=$(date --date "$3" +%s%3N)
    say "$((shown - $2)) $((shown - $1))"
}

check_clock() {
    local low high by
    read -r low high < <(ahead "${@:2}")
    # What is left when the time that asking took explains as much as it can.
    by=$((low - most > least - high ? low - most : least - high))
    ((by <= SKEW)) || say "${name[$1]}: its clock and the manager's differ by $by ms or more"
}

# Data does not move by itself.
check_label() {
    local label=$1 wanted=$2 id called value names worker
    [[ -n $wanted ]] || return 0
    names=" $(cut -d ' ' -f 1,2 <<<"$known" | tr '\n' ' ') "
    for worker in $(willing); do names+="${name[$worker]} "; done
    [[ $names == *" $wanted "* ]] || failed "there is no node $wanted that could have $label"
    [[ $swarm == active ]] || return 0
    while read -r id called _ value; do
        [[ $value != true || $wanted == "$id" || $wanted == "$called" ]] ||
            failed "$label is on $called, whose data would stay behind: move it, docker node update --label-rm $label $called"
    done < <(nodes "$label")
}

check_reach() {
    local worker=$1 port
    for port in 2377 7946; do
        reaches "$worker" "$manager" "$port" && continue
        refuse "$worker" "it does not reach port $port of the manager, $manager: there, $(let_in "${address[$worker]}")"
        return
    done
}

# Gossip and networks go from each machine to each.
check_gossip() {
    local from=$1 source=$2 to
    for to in $(willing); do
        [[ $from == "$to" ]] || reaches "$from" "${address[$to]}" 7946 ||
            refuse "$to" "port 7946 of it is not reached from ${from:-the manager}: there, $(let_in "$source")"
    done
}
