# What the tests need and a fresh Debian machine with Rust has not. Only what is missing is installed.

readonly MAVEN_COPY=org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy
readonly ELASTICSEARCH=(
    elasticsearch org.elasticsearch.distribution.integ-test-zip 8.19.21
    cf6b0a93860d329937ae7f913ec5073b0c726c77639764b93fc83a304aa1dd9d4defcfa2849948eea3b0b47c2065f994908603939fc2a4774c9c4d868c5ec1dd
)
readonly OPENSEARCH=(
    opensearch org.opensearch.distribution.integ-test-zip 3.6.0
    b82066a97902879c47e26608848d068c09e74d2128edee2802e622867abd451d34a366acc6519d0b40fc97acc89d61c5bb330ab8b2086cf6ffa0f9fe4b9acaa4
)
# OpenSearch's; Elasticsearch is content with an older one.
readonly LEAST_JAVA=21
# Packages of which Debian 12 has only those of 2023, each with the oldest version that will do.
readonly RECENT=(
    docker-buildx:0.13 docker-compose:2.20
    prometheus:2.53 promtool:2.53 prometheus-alertmanager:0.27 prometheus-node-exporter:1.8
    prometheus-postgres-exporter:0.15 prometheus-elasticsearch-exporter:1.7 prometheus-blackbox-exporter:0.25
)
readonly NEWER_DEBIAN=(trixie 13)
readonly AXE=tests/axe/node_modules/axe-core/axe.min.js

step_install() {
    local missing=()
    need() { command -v "$1" >/dev/null || missing+=("${@:2}"); }
    command -v cargo >/dev/null || die "Rust is missing: install it with rustup"
    need cc gcc libc6-dev
    need chromium chromium
    need chromedriver chromium-driver
    [[ -n $(postgres_programs) ]] || missing+=(postgresql)
    need npm nodejs npm
    python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3 python3-venv)
    need unzip unzip
    need mvn maven
    # Programs for root are not in everybody's PATH.
    PATH=$PATH:/usr/sbin need dockerd docker.io
    PATH=$PATH:/usr/sbin need iptables iptables
    is_static busybox || missing+=(busybox-static)
    PATH=$PATH:/usr/sbin need debootstrap debootstrap
    PATH=$PATH:/usr/sbin need ip iproute2
    PATH=$PATH:/usr/sbin need nft nftables
    need sudo sudo
    need curl curl
    [[ ${#missing[@]} -eq 0 ]] || install_packages "${missing[@]}"
    install_docker_client
    install_ssh
    install_recent
    install_cloud_init
    install_java
    install_server "${ELASTICSEARCH[@]}"
    install_server "${OPENSEARCH[@]}"
    install_axe
    step_tools
    install_schemathesis
    install_images
}

install_packages() {
    say "apt: $*"
    [[ $EUID -eq 0 ]] || command -v sudo >/dev/null || die "not root, and no sudo; as root: apt-get install $*"
    run as_root apt-get update -q || die "apt-get update failed"
    run as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" ||
        die "apt-get could not install: $*"
}

as_root() {
    if [[ $EUID -eq 0 ]]; then "$@"; else sudo "$@"; fi
}

# An image of one file is made of it, without a registry.
is_static() {
    local program
    program=$(command -v "$1") && ! ldd "$program" >/dev/null 2>&1
}

# It came with the engine until Debian 12, and is a package of its own since.
install_docker_client() {
    command -v docker >/dev/null || install_packages docker-cli
}

# The tests start their own server; nobody has asked for this one.
install_ssh() {
    ! PATH=$PATH:/usr/sbin command -v sshd >/dev/null || return 0
    install_packages openssh-server
    [[ ! -d /run/systemd/system ]] || as_root systemctl disable --now --quiet ssh.service
}

# Its schema, without what it does to machines.
install_cloud_init() {
    local schema=$tools/cloud-init/schema.json package=cloud-init folder
    [[ ! -s $schema ]] || return 0
    # Only newer ones know what they do not know.
    [[ ! -e /etc/apt/sources.list.d/${NEWER_DEBIAN[0]}.sources ]] || package+=/${NEWER_DEBIAN[0]}
    say "apt: the schema of $package"
    folder=$(mktemp -d "$work/cloud-init.XXXXXX")
    (cd "$folder" && run apt-get -o APT::Sandbox::User=root download -q "$package") || die "apt-get could not fetch cloud-init"
    mkdir -p "${schema%/*}"
    dpkg-deb --fsys-tarfile "$folder"/cloud-init_*.deb |
        tar -xO --wildcards '*/schemas/schema-cloud-config-v1.json' >"$schema" || die "cloud-init has no schema"
}

install_recent() {
    local program installed missing=()
    for program in "${RECENT[@]}"; do
        installed=$(dpkg-query --show --showformat '${Version}' "${program%:*}" 2>/dev/null) || installed=0
        dpkg --compare-versions "$installed" ge "${program#*:}" || missing+=("${program%:*}")
    done
    [[ ${#missing[@]} -gt 0 ]] || return 0
    install_newer "${missing[@]}"
    # The tests start their own; nobody has asked for these.
    [[ ! -d /run/systemd/system ]] || as_root systemctl disable --now --quiet "${missing[@]}" 2>/dev/null || true
}

# Of the newer Debian, where this one is older.
install_newer() {
    local release packages=("$@")
    release=$(sed -n 's/^VERSION_ID="\?\([0-9]*\).*/\1/p' /etc/os-release)
    if [[ ${release:-${NEWER_DEBIAN[1]}} -lt ${NEWER_DEBIAN[1]} ]]; then
        know_newer_debian "${NEWER_DEBIAN[0]}"
        packages=("${packages[@]/%//${NEWER_DEBIAN[0]}}")
    fi
    install_packages "${packages[@]}"
}

# Where this machine has Debian's packages from.
debian_mirror() {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m 1 '/debian/\?$' ||
        die "no source of Debian's packages is known to apt"
}

# A source of packages that is used for nothing but what names it.
know_newer_debian() {
    local name=$1 sources=/etc/apt/sources.list.d/$1.sources uri
    [[ ! -e $sources ]] || return 0
    uri=$(debian_mirror)
    say "apt: a source for $name, used for nothing but what names it"
    printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' \
        "$uri" "$name" /usr/share/keyrings/debian-archive-keyring.gpg | as_root tee "$sources" >/dev/null
    printf 'Package: *\nPin: release n=%s\nPin-Priority: 100\n' "$name" |
        as_root tee "/etc/apt/preferences.d/$name" >/dev/null
}

# Debian 12 has only Java 17, and the packages of a newer one need its C library.
install_java() {
    local release version
    for release in /usr/lib/jvm/*/release; do
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release" 2>/dev/null) || continue
        [[ ${version:-0} -lt $LEAST_JAVA ]] || return 0
    done
    local package=openjdk-$LEAST_JAVA-jre-headless
    [[ -n $(apt-cache search --names-only "^$package\$") ]] ||
        die "this Debian has no Java $LEAST_JAVA for OpenSearch: put one, or a newer one, into a folder under /usr/lib/jvm"
    install_packages "$package"
}

# Root starts the servers as nobody, who may be unable to enter the build's folder.
servers() {
    mkdir -p "$tools"
    if [[ $EUID -eq 0 ]] && ! setpriv --reuid=nobody --regid=nogroup --clear-groups test -x "$tools"; then
        say /opt/minitwit
    else
        say "$tools"
    fi
}

install_server() {
    local name=$1 group=$2 version=$3 sum=$4 folder zip
    folder=$(servers)/$name
    [[ "$(cat "$folder/installed" 2>/dev/null)" == "$version $sum" ]] && return
    say "maven: $name $version"
    zip=$work/$name-$version.zip
    run mvn -q -B "$MAVEN_COPY" -Dartifact="$group:$name:$version:zip" -DoutputDirectory="$work" ||
        die "maven could not fetch $name"
    sha512sum --status -c <<<"$sum  $zip" || die "$name $version is not what it was: its SHA-512 is another one"
    run unzip -q "$zip" -d "$work" || die "$name could not be unpacked"
    rm -rf "$zip" "$folder"
    mkdir -p "${folder%/*}"
    mv "$work/$name-$version" "$folder"
    say "$version $sum" >"$folder/installed"
}

install_axe() {
    [[ -f $AXE ]] && return
    say "npm: axe-core"
    run npm ci --prefix tests/axe --ignore-scripts --no-audit --no-fund || die "npm could not install axe-core"
}

install_schemathesis() {
    local wanted
    wanted=$(sha256sum <tests/requirements.txt)
    [[ "$(cat "$tools/venv/requirements" 2>/dev/null)" == "$wanted" ]] && return
    say "pip: $(tr '\n' ' ' <tests/requirements.txt)"
    run python3 -m venv --clear "$tools/venv" || die "Python could not make an environment"
    run "$tools/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt ||
        die "pip could not install schemathesis"
    say "$wanted" >"$tools/venv/requirements"
}
