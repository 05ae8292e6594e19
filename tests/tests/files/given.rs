//! Files that the platform is given: configs, secrets, and what is mounted.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use e2e::monitoring::product;
use e2e::need;
use serde_json::Value;

use crate::none;
use crate::platform::{MACHINE, Platform, SWARM, both};

/// Each file that is named is there; those of secrets are not, but each is called as its secret.
fn missing(platform: &Platform) -> Vec<String> {
    let mut faults = Vec::new();
    let folder = if platform.is_swarm() { "compose/secrets" } else { "./secrets" };
    for (key, content) in platform.section("secrets") {
        let wanted = format!("${{MINITWIT_SECRETS:-{folder}}}/{key}");
        if content["file"] != wanted.as_str() {
            faults.push(platform.fault(&format!("secrets.{key}: its file is not {wanted}")));
        }
    }
    let configs = platform.section("configs");
    let named = configs.values().filter_map(|content| content["file"].as_str()).map(str::to_owned);
    let absent = named.chain(mounts(platform)).filter(|path| !platform.beside(path).exists());
    faults.extend(absent.map(|path| platform.fault(&format!("{path} is missing"))));
    faults
}

/// What services mount from the platform's own folders.
fn mounts(platform: &Platform) -> Vec<String> {
    let volumes =
        platform.services().flat_map(|service| service.at("/volumes").as_array().cloned().unwrap_or_default());
    let sources = volumes.filter_map(|volume| match volume {
        Value::String(text) => text.split(':').next().map(str::to_owned),
        long => long["source"].as_str().map(str::to_owned),
    });
    sources.filter(|source| source.starts_with('.')).collect()
}

#[test]
fn each_file_that_is_named_is_there() {
    for platform in both() {
        assert!(
            !mounts(&platform).is_empty() || !platform.section("configs").is_empty(),
            "{}: no files",
            platform.file
        );
        none(&missing(&platform));
    }
}

#[test]
fn each_secret_is_made_before_the_first_start() -> anyhow::Result<()> {
    if need::installed("openssl", &["openssl"]).is_none() {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let made = Command::new(product("compose/prepare")).env("MINITWIT_SECRETS", folder.path()).output()?;
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let files = fs::read_dir(folder.path())?.map(|file| Ok(file?.file_name().to_string_lossy().into_owned()));
    let files: BTreeSet<String> = files.collect::<anyhow::Result<_>>()?;
    for platform in both() {
        let defined: BTreeSet<String> = platform.section("secrets").keys().cloned().collect();
        assert_eq!(defined, files, "secrets of {}, and those of compose/prepare", platform.file);
    }
    Ok(())
}

#[test]
fn a_file_that_is_not_there_is_found() {
    let text = "services: {some: {volumes: ['./nothing:/x:ro', '../alerts:/y', data:/z]}}";
    assert_eq!(missing(&Platform::of(MACHINE, text)), [format!("{MACHINE}: ./nothing is missing")]);
    let text = "services: {}\nconfigs: {a: {file: compose/prepare}, b: {file: compose/nothing}}";
    assert_eq!(missing(&Platform::of(SWARM, text)), [format!("{SWARM}: compose/nothing is missing")]);
}

#[test]
fn a_secret_that_is_called_otherwise_is_found() {
    let wanted = "${MINITWIT_SECRETS:-compose/secrets}/a";
    let said =
        |file: &str| missing(&Platform::of(SWARM, &format!("services: {{}}\nsecrets: {{a: {{file: '{file}'}}}}")));
    assert_eq!(said(wanted), [""; 0]);
    assert_eq!(said(&wanted.replace("}/a", "}/b")), [format!("{SWARM}: secrets.a: its file is not {wanted}")]);
}
