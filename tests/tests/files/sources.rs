//! What a Dockerfile compiles dependencies with, before there is any source: all that Cargo wants to see.

use std::fs;

use e2e::monitoring::product;

use crate::none;

const COMPILING: [&str; 2] = ["app/Dockerfile", "log-shipper/Dockerfile"];

/// The folders of the workspace's packages.
fn members() -> Vec<String> {
    let text = fs::read_to_string(product("Cargo.toml")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("members = ")).expect("a workspace has members");
    line.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Files of targets that are named without a path, which Cargo looks for even where it builds something else.
fn targets(member: &str, manifest: &str) -> Vec<String> {
    let sections = manifest.split("\n[[").skip(1).map(|section| section.split("\n[").next().unwrap_or_default());
    let named = sections.filter(|section| !section.contains("\npath = ")).filter_map(|section| {
        let folder = match section.split("]]").next()? {
            "test" => "tests",
            "bench" => "benches",
            _ => return None,
        };
        let name = section.lines().find_map(|line| line.strip_prefix("name = "))?;
        Some(format!("{member}/{folder}/{}", name.trim_matches('"')))
    });
    named.collect()
}

/// A target is a file, or a folder with `main.rs`.
fn missing(file: &str, dockerfile: &str, members: &[(String, String)]) -> Vec<String> {
    let mut missing = Vec::new();
    for (member, manifest) in members {
        let whole = format!("COPY {member} {member}\n");
        let first = dockerfile.split("cargo build").next().unwrap_or_default();
        if !first.contains(&whole) && !first.contains(&format!("COPY {member}/Cargo.toml {member}/")) {
            missing.push(format!("{file}: {member}/Cargo.toml is not copied"));
        }
        let absent =
            |target: &String| ![".rs", "/main.rs"].iter().any(|end| dockerfile.contains(&format!("{target}{end}")));
        missing.extend(
            targets(member, manifest)
                .into_iter()
                .filter(absent)
                .map(|target| format!("{file}: nothing stands for {target}")),
        );
    }
    missing
}

#[test]
fn images_are_compiled_with_all_that_cargo_wants_to_see() {
    let manifest = |member: String| {
        let text = fs::read_to_string(product(&member).join("Cargo.toml")).unwrap();
        (member, text)
    };
    let members: Vec<_> = members().into_iter().map(manifest).collect();
    assert!(members.len() > 2, "{} packages", members.len());
    for file in COMPILING {
        none(&missing(file, &fs::read_to_string(product(file)).unwrap(), &members));
    }
}

#[test]
fn what_is_missing_is_named() {
    let manifest = "[package]\n\n[[test]]\nname = \"a\"\n\n[[bench]]\nname = \"b\"\n\n[[test]]\nname = \"c\"\npath = \"x\"\n[lints]\n";
    let members = [("m".to_owned(), manifest.to_owned())];
    let good = "COPY m/Cargo.toml m/\nRUN m/tests/a/main.rs m/benches/b.rs";
    assert_eq!(missing("D", good, &members), [""; 0]);
    let said =
        ["D: m/Cargo.toml is not copied", "D: nothing stands for m/tests/a", "D: nothing stands for m/benches/b"];
    assert_eq!(missing("D", "", &members), said);
}
