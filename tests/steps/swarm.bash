# The stack on a swarm of three machines: minutes, and more of a small machine than the other tests leave it.

step_swarm() {
    export REQUIRE_SERVICES=1
    run cargo build --locked -p minitwit -p log-shipper || die "the build failed"
    # One swarm at a time.
    run cargo test --locked -p e2e --test swarm -- --test-threads=1 || die "a test of the swarm failed"
}
