# What checks of files need, and no test does.

readonly DENY_VERSION=0.20.2
readonly ACTIONLINT_VERSION=1.7.12
# Since then Go fetches a newer one by itself, if a program wants it.
readonly LEAST_GO=21

step_tools() {
    command -v shellcheck >/dev/null || install_packages shellcheck
    install_deny
    install_actionlint
}

# Without optimization: it runs for a few seconds, and would take three times as long to build.
install_deny() {
    [[ "$(cargo-deny --version 2>/dev/null)" == "cargo-deny $DENY_VERSION" ]] && return
    say "cargo: cargo-deny $DENY_VERSION"
    run env -u CARGO_TARGET_DIR cargo install --quiet --locked --debug --no-default-features --root "$tools" \
        "cargo-deny@$DENY_VERSION" || die "cargo-deny could not be built"
}

install_actionlint() {
    [[ "$(actionlint -version 2>/dev/null | head -n 1)" == "v$ACTIONLINT_VERSION" ]] && return
    go_install "github.com/rhysd/actionlint/cmd/actionlint@v$ACTIONLINT_VERSION"
}

go_install() {
    [[ $(go_version) -ge $LEAST_GO ]] || install_newer golang-go golang-src
    say "go: $1"
    run env GOBIN="$tools/bin" GOFLAGS='' GOTOOLCHAIN=auto CGO_ENABLED=0 go install "$1" || die "$1 could not be built"
}

# The number after "go1.", or 0 where there is none.
go_version() {
    local number
    number=$(go version 2>/dev/null | sed -n 's/^go version go1\.\([0-9]*\).*/\1/p') || number=
    say "${number:-0}"
}
