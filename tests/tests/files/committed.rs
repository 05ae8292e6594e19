//! No secret in what is committed of the platform.

use std::fmt::Write;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use e2e::monitoring::product;
use serde_json::Value;

use crate::none;
use crate::platform::{Platform, Service, both};

/// Parts of the names of settings that are secret.
const SECRET: [&str; 6] = ["PASS", "SECRET", "TOKEN", "CREDENTIAL", "PRIVATE", "ENCRYPTIONKEY"];

/// Who is told a secret is told the file that has it.
fn told(service: &Service) -> Vec<String> {
    let names: Vec<String> = match service.at("/environment") {
        Value::Object(all) => all.keys().cloned().collect(),
        Value::Array(all) => all.iter().filter_map(|one| one.as_str()?.split('=').next().map(str::to_owned)).collect(),
        _ => Vec::new(),
    };
    let secret = |name: &String| SECRET.iter().any(|part| name.contains(part)) && !name.ends_with("_FILE");
    names
        .into_iter()
        .filter(secret)
        .map(|name| service.fault(&format!("{name} is a secret in the environment")))
        .collect()
}

/// All files below a folder, but for what git ignores there.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        match entry.is_dir() {
            true if entry.ends_with("compose/secrets") => {}
            true => files.extend(below(&entry)),
            false => files.push(entry),
        }
    }
    files
}

/// Lines that are all new, as the hook before a commit reads them.
fn as_diff(name: &str, text: &str) -> String {
    let mut diff = format!("+++ b/{name}\n@@ -0,0 +1,{} @@\n", text.lines().count());
    for line in text.lines() {
        writeln!(diff, "+{line}").unwrap();
    }
    diff
}

fn find_secrets(diff: &str) -> anyhow::Result<Vec<String>> {
    let mut hook = Command::new(product(".githooks/find-secrets"));
    let mut hook = hook.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    hook.stdin.take().expect("it is a pipe").write_all(diff.as_bytes())?;
    let said = hook.wait_with_output()?;
    Ok(String::from_utf8(said.stdout)?.lines().map(str::to_owned).collect())
}

#[test]
fn no_service_is_told_a_secret() {
    for platform in both() {
        none(&platform.services().flat_map(|service| told(&service)).collect::<Vec<_>>());
    }
}

#[test]
fn no_file_of_the_platform_has_a_secret() -> anyhow::Result<()> {
    let root = product("");
    let files = below(&product("compose")).into_iter().chain([product("stack.yml")]);
    let mut diff = String::new();
    for file in files {
        let name = file.strip_prefix(&root)?.display().to_string();
        diff.push_str(&as_diff(&name, &fs::read_to_string(&file)?));
    }
    assert!(diff.len() > 50_000, "only {} bytes were looked at", diff.len());
    none(&find_secrets(&diff)?);
    Ok(())
}

#[test]
fn a_secret_in_the_environment_is_found() {
    let text = "services: {a: {environment: {A_PASSWORD: x, B_PASSWORD_FILE: y}}, b: {environment: ['C_TOKEN=x']}}";
    let platform = Platform::of("stack.yml", text);
    let found: Vec<_> = platform.services().flat_map(|service| told(&service)).collect();
    let said = ["service a: A_PASSWORD", "service b: C_TOKEN"];
    assert_eq!(found, said.map(|said| format!("stack.yml: {said} is a secret in the environment")));
}

#[test]
fn a_secret_in_a_file_is_found() -> anyhow::Result<()> {
    // In two parts, so that nobody finds it here.
    let diff = as_diff("compose/x", &format!("a\nkey: {}{}\n", "AKIA", "ABCDEFGHIJKLMNOP"));
    assert_eq!(find_secrets(&diff)?, ["compose/x:2: a key or a token"]);
    Ok(())
}
