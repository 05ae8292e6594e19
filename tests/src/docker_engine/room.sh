# shellcheck shell=sh
# Keeps a room with processes, a network and mounts of its own, until stdin ends: when the one who opened it has enough of it,
# or is gone. Signals to that one and all that it has started do not stop that. The first process of the room takes all
# others with it, whatever became of who started them; their control groups and the folder go last.
folder=$1 group=$2 host=$3
trap '' HUP INT TERM
setsid unshare --mount --uts --pid --net --fork --kill-child sh -ec '
    read -r itself _ </proc/self/stat
    # Containers may ask to see later mounts of the machine: of this room.
    mount --make-rshared /
    mount -t proc proc /proc
    mount -t tmpfs run /run
    # Where engines have their data, and whoever reads their logs looks for them.
    mkdir -p "$1/data" /var/lib/docker
    mount --bind "$1/data" /var/lib/docker
    busybox ifconfig lo up
    hostname "$2"
    echo "$itself" >"$1/room.new"
    mv "$1/room.new" "$1/room"
    while :; do sleep 1000; done
' sh "$folder" "$host" </dev/null &
room=$!
read -r _
kill -s KILL "$room"
wait "$room"
patience=600
for groups in /sys/fs/cgroup/*/"$group" /sys/fs/cgroup/"$group"; do
    while [ -d "$groups" ] && [ $((patience -= 1)) -gt 0 ]; do
        find "$groups" -depth -type d -exec rmdir {} + || sleep 0.1
    done
done 2>/dev/null
rm -rf "$folder"
