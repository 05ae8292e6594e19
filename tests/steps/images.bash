# Files of images that stand in for public ones, of Debian's packages: a registry may be out of reach.

readonly SERVERS=(
    trixie ca-certificates curl wget netbase tzdata openjdk-21-jre-headless postgresql-17 restic prometheus prometheus-alertmanager
    prometheus-node-exporter prometheus-postgres-exporter prometheus-elasticsearch-exporter prometheus-blackbox-exporter
)
# Names in an `upstream` are looked up again since 1.27.
readonly PROXY=(testing ca-certificates curl nginx)
# What is in the distroless image `cc`.
readonly LIBRARIES=(base-files netbase tzdata ca-certificates libc6 libgcc-s1 libstdc++6 libssl3t64)
# Not used by any of these programs here, and half of the bytes.
readonly UNUSED=(
    boot usr/lib/llvm\* usr/lib/x86_64-linux-gnu/libLLVM\* usr/lib/postgresql/\*/lib/bitcode usr/share/doc usr/share/i18n
    usr/share/javascript usr/share/locale usr/share/man usr/share/perl var/cache/apt var/lib/apt/lists var/lib/postgresql/17
)

install_images() {
    local folder=$tools/images wanted
    wanted=$(sha256sum tests/steps/images.bash | cut -d ' ' -f 1)
    [[ "$(cat "$folder/made" 2>/dev/null)" == "$wanted ${ELASTICSEARCH[2]}" ]] && return
    mkdir -p "$folder"
    debian_root "${SERVERS[@]}"
    as_root mkdir -p "$work/trixie/usr/share/elasticsearch"
    as_root cp -r "$(servers)/elasticsearch/." "$work/trixie/usr/share/elasticsearch/"
    as_root chmod -R go+rX "$work/trixie/usr/share/elasticsearch"
    pack trixie
    libraries
    as_root rm -rf "$work/trixie"
    debian_root "${PROXY[@]}"
    pack testing
    as_root rm -rf "$work/testing"
    say "$wanted ${ELASTICSEARCH[2]}" >"$folder/made"
}

# A folder with a small Debian of that release, and some packages.
debian_root() {
    local release=$1 packages
    packages=$(IFS=,; printf '%s' "${*:2}")
    say "debootstrap: $release with ${*:2}"
    run as_root debootstrap --variant=minbase --include="$packages" "$release" "$work/$release" "$(debian_mirror)" \
        >"$work/debootstrap.log" 2>&1 || { tail -n 5 "$work/debootstrap.log" && die "debootstrap could not make $release"; }
    local unused
    for unused in "${UNUSED[@]}"; do
        # The patterns are meant to be looked up.
        # shellcheck disable=SC2086
        as_root rm -rf "$work/$release"/$unused
    done
}

# The folder of a release, under its name or another one.
pack() {
    as_root tar -C "$work/$1" -cf - . >"$tools/images/${2:-$1}.tar" || die "tar could not pack ${2:-$1}"
}

# Files of some packages and two users: what a program needs that is linked to libc, and no shell.
libraries() {
    local root=$work/trixie list=$work/libraries accounts=$work/accounts
    {
        as_root chroot "$root" dpkg --listfiles "${LIBRARIES[@]}" | grep -v '^/\.$\|^/usr/share/\(doc\|man\|locale\)\|^/boot$'
        printf '/%s\n' bin lib lib64 sbin tmp etc/ssl/certs/ca-certificates.crt
    } | sort -u | while read -r path; do
        # What is in a folder is listed too, and brings the folder.
        [[ -d $root$path && ! -L $root$path && $path != /tmp ]] || say ".$path"
    done >"$list"
    mkdir -p "$accounts/etc"
    say 'nonroot:x:65532:65532:nonroot:/:/sbin/nologin' >"$accounts/etc/passwd"
    say 'nonroot:x:65532:' >"$accounts/etc/group"
    as_root tar -C "$root" --no-recursion --ignore-failed-read -cf - --files-from="$list" \
        -C "$accounts" etc/passwd etc/group >"$tools/images/libraries.tar" || die "tar could not pack the libraries"
}
