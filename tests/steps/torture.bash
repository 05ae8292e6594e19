# The torture of the shipper at full length: half an hour or so, and what each row of it saw.

step_torture() {
    export REQUIRE_SERVICES=1
    export LOG_SHIPPER_TORTURE_SECONDS=${LOG_SHIPPER_TORTURE_SECONDS:-180}
    export LOG_SHIPPER_TORTURE_CONTAINERS=${LOG_SHIPPER_TORTURE_CONTAINERS:-5000}
    export LOG_SHIPPER_TORTURE_IDLE_SECONDS=${LOG_SHIPPER_TORTURE_IDLE_SECONDS:-60}
    export LOG_SHIPPER_TORTURE_OUTAGE_SECONDS=${LOG_SHIPPER_TORTURE_OUTAGE_SECONDS:-600}
    export LOG_SHIPPER_TORTURE_LINES_PER_SECOND=${LOG_SHIPPER_TORTURE_LINES_PER_SECOND:-20000}
    export LOG_SHIPPER_TORTURE_CASES=${LOG_SHIPPER_TORTURE_CASES:-10000}
    # One test after the other: each of them has the machine for itself.
    run tortured --lib model || die "the model of power cuts failed: the sequence and its seed are above"
    run tortured --test shipper torture:: || die "a torture test failed"
    say "== figures"
    grep -aoE 'row [0-9]+: .*' "$work/torture.log"
}

# The output is shown and kept.
tortured() {
    cargo test --locked --release -p log-shipper "$@" -- --nocapture --test-threads=1 2>&1 | tee -a "$work/torture.log"
}
