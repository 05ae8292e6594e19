//! Names of configs, secrets and networks.

use std::collections::BTreeSet;

use crate::none;
use crate::platform::{Platform, both};

/// What a service uses by name, and what is defined under the same name.
const SECTIONS: [&str; 2] = ["secrets", "configs"];

/// Each is defined and used.
fn unused(platform: &Platform) -> Vec<String> {
    let mut faults = Vec::new();
    for section in SECTIONS.into_iter().chain(["networks"]) {
        let defined: BTreeSet<String> = platform.section(section).keys().cloned().collect();
        let path = format!("/{section}");
        let used: BTreeSet<String> = platform
            .services()
            .flat_map(|service| service.names(&path).into_iter().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        faults
            .extend(defined.difference(&used).map(|name| platform.fault(&format!("{section}.{name}: nobody uses it"))));
        faults
            .extend(used.difference(&defined).map(|name| platform.fault(&format!("{section}.{name}: is not defined"))));
    }
    faults
}

/// In a swarm a changed file has to get another name, by a variable of its own that `compose/deploy` sets.
fn unnamed(platform: &Platform) -> Vec<String> {
    let mut faults = Vec::new();
    for (section, prefix) in SECTIONS.into_iter().zip(["HASH_SECRET_", "HASH_"]) {
        for (key, content) in platform.section(section) {
            let variable = format!("{prefix}{}", key.to_uppercase().replace('-', "_"));
            let name = format!("minitwit_{key}_${{{variable}:-0}}");
            let line = format!("{key}: {{name: '{name}', file: ");
            if content["name"] != name.as_str() {
                faults.push(platform.fault(&format!("{section}.{key}: its name is not {name}")));
            } else if platform.text.matches(&format!("{{{variable}:")).count() != 1 {
                faults.push(platform.fault(&format!("{section}.{key}: {variable} is there more than once")));
            } else if !platform.text.lines().any(|text| text.trim_start().starts_with(&line) && text.ends_with('}')) {
                faults.push(
                    platform.fault(&format!("{section}.{key}: not in a line, which is how compose/deploy reads it")),
                );
            }
        }
    }
    faults
}

#[test]
fn what_is_defined_is_used_and_what_is_used_is_defined() {
    for platform in both() {
        none(&unused(&platform));
    }
}

#[test]
fn each_file_of_the_swarm_is_named_by_its_content() {
    for platform in both().iter().filter(|platform| platform.is_swarm()) {
        none(&unnamed(platform));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::SWARM;

    fn swarm(rest: &str) -> Platform {
        Platform::of(
            SWARM,
            &format!("services: {{some: {{secrets: [a], configs: [{{source: b}}], networks: [inner]}}}}\n{rest}"),
        )
    }

    const SECRET: &str =
        "secrets:\n  a: {name: 'minitwit_a_${HASH_SECRET_A:-0}', file: '${MINITWIT_SECRETS:-compose/secrets}/a'}\n";
    const CONFIG: &str = "configs:\n  b: {name: 'minitwit_b_${HASH_B:-0}', file: compose/prepare}\n";

    #[test]
    fn what_is_good_has_no_fault() {
        let platform = swarm(&format!("{SECRET}{CONFIG}networks: {{inner: {{}}}}"));
        assert_eq!([unused(&platform), unnamed(&platform)].concat(), [""; 0]);
    }

    #[test]
    fn what_is_not_used_or_not_defined_is_found() {
        let platform = swarm(&format!("{SECRET}configs: {{c: {{}}}}\nnetworks: {{inner: {{}}}}"));
        let said = [format!("{SWARM}: configs.c: nobody uses it"), format!("{SWARM}: configs.b: is not defined")];
        assert_eq!(unused(&platform), said);
    }

    #[test]
    fn a_name_without_its_content_is_found() {
        let said = |text: &str| unnamed(&swarm(text));
        assert_eq!(
            said(&CONFIG.replace("HASH_B", "HASH_C")),
            [format!("{SWARM}: configs.b: its name is not minitwit_b_${{HASH_B:-0}}")]
        );
        assert_eq!(
            said(&format!("{CONFIG}x-more: '${{HASH_B:-0}}'\n")),
            [format!("{SWARM}: configs.b: HASH_B is there more than once")]
        );
        assert_eq!(
            said(&SECRET.replace("file:", "external: false, file:")),
            [format!("{SWARM}: secrets.a: not in a line, which is how compose/deploy reads it")]
        );
    }
}
