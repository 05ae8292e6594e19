//! Machine and swarm are the same platform.

use crate::none;
use crate::platform::{MACHINE, Platform, SWARM, Service, both};

/// What a service has alike in both files.
const ALIKE: [&str; 4] = ["/user", "/deploy/resources/limits", "/read_only", "/stop_signal"];

/// What is listed in both, in whatever form.
const LISTED: [&str; 2] = ["/networks", "/secrets"];

fn faults(machine: &Platform, swarm: &Platform) -> Vec<String> {
    let find = |platform, name: &str| Platform::services(platform).find(|service| service.name == name);
    let mut faults = Vec::new();
    for service in machine.services() {
        match find(swarm, service.name) {
            Some(other) => faults.extend(differences(&service, &other)),
            None => faults.push(service.fault(&format!("is not in {SWARM}"))),
        }
    }
    let lonely = swarm.services().filter(|service| find(machine, service.name).is_none());
    faults.extend(lonely.map(|service| service.fault(&format!("is not in {MACHINE}"))));
    faults
}

fn differences(one: &Service, other: &Service) -> Vec<String> {
    let mut different = Vec::new();
    if one.image() != other.image() {
        different.push("/image");
    }
    different.extend(ALIKE.iter().filter(|path| one.at(path) != other.at(path)));
    different.extend(LISTED.iter().filter(|path| sorted(one, path) != sorted(other, path)));
    different.into_iter().map(|path| one.fault(&format!("{} is another one in {}", &path[1..], other.file))).collect()
}

fn sorted(service: &Service, path: &str) -> Vec<String> {
    let mut names: Vec<_> = service.names(path).into_iter().map(str::to_owned).collect();
    names.sort();
    names
}

#[test]
fn a_service_is_the_same_on_a_machine_and_in_a_swarm() {
    let [machine, swarm] = both();
    none(&faults(&machine, &swarm));
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const GOOD: &str = "
services:
  some:
    image: some:1
    user: '7'
    networks: [a, b]
    secrets: [x]
    deploy: {resources: {limits: {memory: 1G}}}
";

    #[rstest]
    #[case("image: some:1", "image: some:2", "service some: image is another one in stack.yml")]
    #[case("'7'", "'8'", "service some: user is another one in stack.yml")]
    #[case("1G", "2G", "service some: deploy/resources/limits is another one in stack.yml")]
    #[case("[a, b]", "[a]", "service some: networks is another one in stack.yml")]
    #[case("[x]", "[{source: y}]", "service some: secrets is another one in stack.yml")]
    fn a_difference_is_found(#[case] good: &str, #[case] bad: &str, #[case] said: &str) {
        let [machine, swarm] = [Platform::of(MACHINE, GOOD), Platform::of(SWARM, &GOOD.replace(good, bad))];
        assert_eq!(faults(&machine, &swarm), [format!("{MACHINE}: {said}")]);
    }

    #[test]
    fn the_form_of_a_list_is_no_difference() {
        let other = GOOD.replace("[a, b]", "{b: {}, a: {}}").replace("[x]", "[{source: x}]");
        assert_eq!(faults(&Platform::of(MACHINE, GOOD), &Platform::of(SWARM, &other)), [""; 0]);
    }

    #[test]
    fn a_service_of_one_file_only_is_found() {
        let [machine, swarm] = [Platform::of(MACHINE, "services: {a: {}}"), Platform::of(SWARM, "services: {b: {}}")];
        let said =
            [format!("{MACHINE}: service a: is not in {SWARM}"), format!("{SWARM}: service b: is not in {MACHINE}")];
        assert_eq!(faults(&machine, &swarm), said);
    }
}
