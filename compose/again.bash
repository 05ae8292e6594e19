# What is done to a swarm.
# shellcheck shell=bash

# A swarm refuses what is based on an older look at it than what it has itself written since: this looks again. Prints why it
# could not be done in the end.
again() {
    local complaint
    for _ in {1..10}; do
        complaint=$("$@" 2>&1 >/dev/null) && return 0
        [[ $complaint == *'out of sequence'* ]] || break
        sleep 1
    done
    printf '%s\n' "$complaint"
    return 1
}
