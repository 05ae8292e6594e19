# What engines are asked, and told, through Docker's client: nothing has to be installed where they run.
# shellcheck disable=SC2154 # what join-workers sets

# Docker's client with the engine of a worker; without a name, of the manager.
at() {
    local whom=()
    case $1 in
        '') ;;
        *://*) whom=(--host "$1") ;;
        *) whom=(--context "$1") ;;
    esac
    timeout --foreground "${limit:-60}" docker "${whom[@]}" "${@:2}"
}

now_ms() {
    say $((${EPOCHREALTIME/[.,]/} / 1000))
}

# Between which milliseconds it spoke, its state in a swarm, version, processor, clock, name and id.
facts() {
    local form='{{.Swarm.LocalNodeState}} {{.ServerVersion}} {{.Architecture}} {{.SystemTime}} {{.Name}} {{.Swarm.NodeID}}'
    local began said
    began=$(now_ms)
    said=$(at "$1" info --format "$form" 2>/dev/null) && [[ $said =~ ^[a-z]+\ [0-9] ]] || return 1
    say "$began $(now_ms) $said"
}

# Id, name, state and the value of a label of each node.
nodes() {
    docker node ls --quiet | xargs docker node inspect --format \
        "{{.ID}} {{.Description.Hostname}} {{.Status.State}} {{index .Spec.Labels \"${1-}\"}}"
}

# Whether an engine reaches a port of a machine. It tries itself: as if there was a registry with an image.
reaches() {
    local said status=0
    said=$(limit=10 at "$1" pull "$2:$3/image" 2>&1) || status=$?
    [[ $status != 124 && $said != *'dial tcp'* && $said != *'Client.Timeout'* && $said != *'deadline exceeded'* ]]
}

# Asks an engine to join, through its API: the token is on no command line. What it answers.
ask_to_join() {
    local worker=$1 body
    body=$(printf '{"ListenAddr":"0.0.0.0:2377","AdvertiseAddr":"%s","RemoteAddrs":["%s:2377"],"JoinToken":"%s"}' \
        "${address[$worker]}" "$manager" "$(docker swarm join-token --quiet worker)")
    printf 'POST /swarm/join HTTP/1.1\r\nHost: engine\r\nConnection: close\r\nContent-Type: application/json\r\n%s\r\n\r\n%s' \
        "Content-Length: ${#body}" "$body" | at "$worker" system dial-stdio 2>&1
}

set_label() {
    local label=$1 wanted=$2 id called value complaint
    [[ -n $wanted ]] || return 0
    read -r id called _ value < <(nodes "$label" | awk -v wanted="$wanted" '$3 == "ready" && ($1 == wanted || $2 == wanted)') ||
        { refuse "$wanted" "it is not ready, and gets no label $label" && return; }
    [[ $value != true ]] || return 0
    complaint=$(again docker node update --label-add "$label=true" "$id") ||
        { refuse "$wanted" "it does not get the label $label: $complaint" && return; }
    done_now "$called: has the label $label"
}
