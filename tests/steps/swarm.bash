# The stack on a swarm of three machines: minutes, and more of a small machine than the other tests leave it.

step_swarm() {
    export REQUIRE_SERVICES=1
    run cargo build --locked -p minitwit -p log-shipper || die "the build failed"
    run cargo test --locked -p e2e --test swarm || die "a test of the swarm failed"
}
