# Backups, and a restore on a new machine: some minutes on a small machine.

# A server as S3 is one.
readonly VERSITYGW_VERSION=1.8.0

step_backup() {
    export REQUIRE_SERVICES=1
    install_versitygw
    run cargo build --locked -p minitwit -p log-shipper || die "the build failed"
    run cargo test --locked -p e2e --test backup -- --test-threads=1 || die "the test of backups failed"
}

install_versitygw() {
    versitygw --version 2>/dev/null | grep --quiet --fixed-strings "$VERSITYGW_VERSION" && return
    go_install "github.com/versity/versitygw/cmd/versitygw@v$VERSITYGW_VERSION"
}
