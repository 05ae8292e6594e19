#!/bin/sh
# Prints numbered lines until the last one: those with an odd number on stdout, the others on stderr. Each number is told
# beforehand in a file, from which it goes on if it is started again. Who asks it to stop gets no half line.
key=${KEY:-$1} last=${2:-1000000000} pause=${3:-0}
text=
[ -z "$LENGTH" ] || text=$(head -c "$LENGTH" /dev/zero | tr '\0' x)
stop=
trap 'stop=1' TERM
number=$(tail -n 1 "/told/$key" 2>/dev/null || echo 0)
while [ -z "$stop" ] && [ "$number" -lt "$last" ]; do
    number=$((number + 1))
    echo "$number" >>"/told/$key"
    if [ $((number % 2)) -eq 1 ]; then
        echo "#$key-$number# $text"
    else
        echo "#$key-$number# $text" >&2
    fi
    [ "$pause" -eq 0 ] || usleep "$pause"
done
