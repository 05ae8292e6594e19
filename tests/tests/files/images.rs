//! What each Dockerfile has to be.

use std::fs;

use e2e::monitoring::product;

use crate::dockerfile::{Instruction, Stage, last, stages};
use crate::none;

/// Of the programs that are delivered.
const DELIVERED: [&str; 3] = ["app/Dockerfile", "log-shipper/Dockerfile", "compose/backup/Dockerfile"];

/// Stand-ins for public images, which are root too until the platform's files say who they are.
const STAND_INS: &str = "tests/images/Dockerfile";

const LABELS: [&str; 5] = ["title", "description", "licenses", "version", "revision"];

/// Parts of the names of what nobody may read from an image.
const SECRET: [&str; 5] = ["PASSWORD", "SECRET", "TOKEN", "CREDENTIAL", "PRIVATE"];

/// The public images of which those are made that are delivered: what is below them, and what they have files of.
pub fn parts() -> Vec<String> {
    DELIVERED.iter().flat_map(|file| parts_of(&stages(&read(file)))).collect()
}

fn parts_of(stages: &[Stage]) -> Vec<String> {
    let chain = last(stages);
    let copied = chain.iter().flat_map(|stage| &stage.instructions).filter_map(|instruction| {
        let from = instruction.rest.split_whitespace().find_map(|word| word.strip_prefix("--from="))?;
        (!stages.iter().any(|stage| stage.name == from)).then(|| from.to_owned())
    });
    chain.last().map(|stage| stage.base.clone()).into_iter().chain(copied).collect()
}

fn read(file: &str) -> String {
    fs::read_to_string(product(file)).unwrap()
}

/// What is asked of each.
fn faults(file: &str, text: &str) -> Vec<String> {
    let stages = stages(text);
    let mut faults = Vec::new();
    for stage in &stages {
        let is_stage = stages.iter().any(|other| other.name == stage.base);
        if !is_stage && stage.base != "scratch" && !is_pinned(&stage.base) {
            faults.push(format!("{file}: FROM {}: no tag, or latest", stage.base));
        }
        let found =
            stage.instructions.iter().filter_map(|instruction| fault(instruction).map(|said| (instruction.line, said)));
        faults.extend(found.map(|(line, said)| format!("{file}:{line}: {said}")));
    }
    faults
}

fn is_pinned(image: &str) -> bool {
    let name = image.rsplit('/').next().unwrap_or_default();
    name.split_once(':').is_some_and(|(_, tag)| !tag.is_empty() && tag != "latest")
}

fn fault(instruction: &Instruction) -> Option<&'static str> {
    let Instruction { word, rest, .. } = instruction;
    let installs = rest.contains("apt-get install") || rest.contains("apt install");
    match word.as_str() {
        "ADD" => Some("ADD unpacks and fetches what it likes: COPY"),
        "ENV" | "ARG" if names_secret(rest) => Some("a secret in an image can be read by whoever has it"),
        "RUN" if installs && !rest.contains("--no-install-recommends") => {
            Some("apt-get install without --no-install-recommends")
        }
        "ENTRYPOINT" | "CMD" if !rest.starts_with('[') => Some("in a shell, which passes no signal on"),
        _ => None,
    }
}

fn names_secret(rest: &str) -> bool {
    let names = rest.split_whitespace().filter_map(|pair| pair.split('=').next());
    names.map(str::to_uppercase).any(|name| SECRET.iter().any(|part| name.contains(part)) && !name.ends_with("_FILE"))
}

/// What is asked of those that are delivered.
fn shortcomings(file: &str, text: &str) -> Vec<String> {
    let stages = stages(text);
    let chain = last(&stages);
    let mut faults = Vec::new();
    let user = find(&chain, "USER").map_or("root", |user| user.rest.split(':').next().unwrap_or_default());
    if ["root", "0"].contains(&user) {
        faults.push(format!("{file}: the last stage is root: no USER"));
    }
    if find(&chain, "HEALTHCHECK").is_none_or(|check| check.rest == "NONE") {
        faults.push(format!("{file}: no HEALTHCHECK"));
    }
    let labels = find(&chain, "LABEL").map_or("", |label| label.rest.as_str());
    let missing = LABELS.iter().filter(|name| !labels.contains(&format!("org.opencontainers.image.{name}=")));
    faults.extend(missing.map(|name| format!("{file}: no LABEL org.opencontainers.image.{name}")));
    faults
}

/// The one that counts: the last of the topmost stage that has one.
fn find<'a>(chain: &[&'a Stage], word: &str) -> Option<&'a Instruction> {
    chain.iter().find_map(|stage| stage.instructions.iter().rev().find(|instruction| instruction.word == word))
}

#[test]
fn each_dockerfile_keeps_the_rules() {
    for file in DELIVERED.into_iter().chain([STAND_INS]) {
        none(&faults(file, &read(file)));
    }
}

#[test]
fn what_is_delivered_is_nobodys_and_says_what_it_is_and_how_it_is() {
    for file in DELIVERED {
        none(&shortcomings(file, &read(file)));
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("FROM debian", "D: FROM debian: no tag, or latest")]
    #[case("FROM a:80/debian:latest", "D: FROM a:80/debian:latest: no tag, or latest")]
    #[case("FROM a:1\nADD x /", "D:2: ADD unpacks and fetches what it likes: COPY")]
    #[case("FROM a:1\nARG DB_PASSWORD", "D:2: a secret in an image can be read by whoever has it")]
    #[case("FROM a:1\nENV A=1 \\\n  API_TOKEN=x", "D:2: a secret in an image can be read by whoever has it")]
    #[case("FROM a:1\nRUN x \\\n && apt-get install -y y", "D:2: apt-get install without --no-install-recommends")]
    #[case("FROM a:1\nCMD x", "D:2: in a shell, which passes no signal on")]
    fn a_fault_is_found(#[case] text: &str, #[case] said: &str) {
        assert_eq!(faults("D", text), [said]);
    }

    #[test]
    fn a_file_that_names_a_secret_is_none() {
        assert_eq!(faults("D", "FROM a@sha256:0\nENV A_PASSWORD_FILE=/x\nFROM scratch"), [""; 0]);
    }

    #[test]
    fn what_is_missing_of_a_delivered_image_is_named() {
        let labels = LABELS.map(|name| format!("org.opencontainers.image.{name}=x")).join(" ");
        let good = format!(
            "FROM a:1 AS base\nUSER 7:7\nHEALTHCHECK CMD [\"x\"]\nLABEL {labels}\nFROM b:1 AS c\nUSER 0\nFROM base\nCOPY x /\n"
        );
        assert_eq!(shortcomings("D", &good), [""; 0]);
        assert_eq!(shortcomings("D", &good.replace("USER 7:7", "USER 0:7")), ["D: the last stage is root: no USER"]);
        assert_eq!(shortcomings("D", &good.replace("USER 7:7\n", "")), ["D: the last stage is root: no USER"]);
        assert_eq!(shortcomings("D", &good.replace("CMD [\"x\"]", "NONE")), ["D: no HEALTHCHECK"]);
        let unnamed = good.replace("org.opencontainers.image.version=x", "");
        assert_eq!(shortcomings("D", &unnamed), ["D: no LABEL org.opencontainers.image.version"]);
    }
}
