//! Services that are bad on purpose.

use rstest::rstest;

use super::*;
use crate::platform::{MACHINE, Platform, SWARM};

const GOOD: &str = "
services:
  some:
    image: some/one:1.2
    cap_drop: [ALL]
    security_opt: ['no-new-privileges:true']
    read_only: true
    init: true
    logging: {driver: json-file, options: {max-size: 1m, max-file: '2'}}
    user: '7:7'
    healthcheck: {test: [CMD, x]}
    restart: always
    deploy: {restart_policy: {condition: any}}
";

fn faults(file: &'static str, text: &str) -> Vec<String> {
    let platform = Platform::of(file, text);
    platform.services().flat_map(|service| RULES.map(|rule| rule(&service))).flatten().collect()
}

#[test]
fn a_good_service_has_no_fault() {
    assert!(faults(MACHINE, GOOD).is_empty());
    assert!(faults(SWARM, GOOD).is_empty());
}

#[rstest]
#[case::no_tag("some/one:1.2", "some:80/one", "image 'some:80/one' has no tag")]
#[case::latest("some/one:1.2", "'${A:-some:latest}'", "image 'latest' is whatever was there last")]
#[case::some_capabilities("[ALL]", "[KILL]", "no cap_drop: [ALL], or a cap_add")]
#[case::a_capability("[ALL]", "[ALL]\n    cap_add: [KILL]", "no cap_drop: [ALL], or a cap_add")]
#[case::root("'7:7'", "'0:7'", "no user, or root")]
#[case::nobody_said("user: '7:7'", "tty: false", "no user, or root")]
#[case::writes("read_only: true", "read_only: false", "no read_only: true")]
#[case::no_init("init: true", "init: false", "no init: true")]
#[case::no_rotation("max-size: 1m, ", "", "no logging with max-size and max-file")]
#[case::unchecked("test: [CMD, x]", "disable: true", "no healthcheck")]
#[case::socket(
    "init: true",
    "init: true\n    volumes: ['/run/docker.sock:/s']",
    "who has the engine's socket is root of the machine"
)]
fn a_fault_is_found_in_both_files(#[case] good: &str, #[case] bad: &str, #[case] said: &str) {
    for file in [MACHINE, SWARM] {
        assert_eq!(faults(file, &GOOD.replacen(good, bad, 1)), [format!("{file}: service some: {said}")]);
    }
}

#[rstest]
#[case::privileges(
    "no-new-privileges:true",
    "label:x",
    "no security_opt: no-new-privileges:true, or privileged, or the host's network"
)]
#[case::restart("restart: always", "tty: false", "nothing says when it is started again")]
#[case::job("always", "on-failure:5", "no healthcheck: {disable: true}, though it is meant to end")]
fn a_fault_is_found_on_a_machine(#[case] good: &str, #[case] bad: &str, #[case] said: &str) {
    assert_eq!(faults(MACHINE, &GOOD.replacen(good, bad, 1)), [format!("{MACHINE}: service some: {said}")]);
}

#[rstest]
#[case::restart("{condition: any}", "{delay: 1s}", "nothing says when it is started again")]
#[case::job("condition: any", "condition: on-failure", "no healthcheck: {disable: true}, though it is meant to end")]
fn a_fault_is_found_in_a_swarm(#[case] good: &str, #[case] bad: &str, #[case] said: &str) {
    assert_eq!(faults(SWARM, &GOOD.replacen(good, bad, 1)), [format!("{SWARM}: service some: {said}")]);
}

#[test]
fn an_exception_that_is_none_is_a_fault() {
    let said = "is named as an exception, and is none";
    assert_eq!(faults(MACHINE, &GOOD.replace("  some:", "  kibana:")), [format!("{MACHINE}: service kibana: {said}")]);
    let shipper = GOOD.replace("  some:", "  log-shipper:");
    assert_eq!(faults(SWARM, &shipper), [format!("{SWARM}: service log-shipper: {said}")]);
}
