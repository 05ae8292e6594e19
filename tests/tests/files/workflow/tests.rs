//! Workflows that are bad on purpose.

use rstest::rstest;

use super::*;

const GOOD: &str = "
on: {push: {}}
permissions: {}
concurrency: {group: x}
jobs:
  a:
    permissions: {contents: read}
    timeout-minutes: 5
    environment: b
    steps:
      - uses: actions/checkout@0123456789012345678901234567890123456789 # v1.2.3
        with: {persist-credentials: false}
      - run: tests/run quick
        env: {A: '${{ secrets.B }}'}
";

#[test]
fn what_is_good_has_no_fault() {
    assert_eq!(Workflow::of("w", GOOD).faults(), [""; 0]);
}

#[rstest]
#[case("{push: {}}", "pull_request_target", "w: pull_request_target")]
#[case("permissions: {}", "permissions: {contents: write}", "w: permissions are not {}, beside those of each job")]
#[case("concurrency", "env", "w: no concurrency")]
#[case("    permissions: {contents: read}\n", "", "w: job a: no permissions")]
#[case("{contents: read}", "write-all", "w: job a: permissions that are not listed")]
#[case("    timeout-minutes: 5\n", "", "w: job a: no timeout-minutes")]
#[case("    environment: b\n", "", "w: job a: a secret without an environment")]
#[case(
    " # v1.2.3",
    "",
    "w: actions/checkout@0123456789012345678901234567890123456789: no commit, or no version beside it"
)]
#[case(
    "0123456789012345678901234567890123456789",
    "v1",
    "w: actions/checkout@v1 # v1.2.3: no commit, or no version beside it"
)]
#[case("credentials: false", "credentials: true", "w: job a: a checkout without persist-credentials: false")]
#[case("run quick", "ran quick", "w: job a: tests/ran cannot be run")]
#[case("tests/run quick", "echo ${{ github.ref }}", "w: job a: an expression in a script: echo ${{ github.ref }}")]
fn a_fault_is_found(#[case] good: &str, #[case] bad: &str, #[case] said: &str) {
    assert_eq!(Workflow::of("w", &GOOD.replacen(good, bad, 1)).faults(), [said]);
}
