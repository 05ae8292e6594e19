# What the tests need and a fresh Debian machine with Rust has not. Only what is missing is installed.

readonly DENY_VERSION=0.20.2
readonly AXE=tests/axe/node_modules/axe-core/axe.min.js

step_install() {
    local missing=()
    need() { command -v "$1" >/dev/null || missing+=("${@:2}"); }
    command -v cargo >/dev/null || die "Rust is missing: install it with rustup"
    need cc gcc libc6-dev
    need chromium chromium
    need chromedriver chromium-driver
    need promtool prometheus
    [[ -n $(postgres_programs) ]] || missing+=(postgresql)
    [[ -f $AXE ]] || need npm nodejs npm
    python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3 python3-venv)
    [[ ${#missing[@]} -eq 0 ]] || install_packages "${missing[@]}"
    install_axe
    install_deny
    install_schemathesis
}

install_packages() {
    say "apt: $*"
    local root=()
    if [[ $EUID -ne 0 ]]; then
        command -v sudo >/dev/null || die "not root, and no sudo; as root: apt-get install $*"
        root=(sudo)
    fi
    run "${root[@]}" apt-get update -q || die "apt-get update failed"
    run "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" ||
        die "apt-get could not install: $*"
}

install_axe() {
    [[ -f $AXE ]] && return
    say "npm: axe-core"
    run npm ci --prefix tests/axe --ignore-scripts --no-audit --no-fund || die "npm could not install axe-core"
}

# Without optimization: it runs for a few seconds, and would take three times as long to build.
install_deny() {
    [[ "$(cargo-deny --version 2>/dev/null)" == "cargo-deny $DENY_VERSION" ]] && return
    say "cargo: cargo-deny $DENY_VERSION"
    run env -u CARGO_TARGET_DIR cargo install --quiet --locked --debug --no-default-features --root "$tools" \
        "cargo-deny@$DENY_VERSION" || die "cargo-deny could not be built"
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
