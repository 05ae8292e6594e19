# Backups, and a restore on a new machine: some minutes on a small machine.

step_backup() {
    export REQUIRE_SERVICES=1
    run cargo build --locked -p minitwit -p log-shipper || die "the build failed"
    run cargo test --locked -p e2e --test backup || die "the test of backups failed"
}
