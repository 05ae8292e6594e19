//! The packages of others in `Cargo.lock`, as `cargo metadata` describes them and as their sources lie on this machine.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::Value;

const APACHE: &str = "Apache-2.0";
/// How the names of files with a licence begin.
const NAMES: &[&str] = &["license", "licence", "copying", "copyright", "notice", "unlicense"];

/// A package of somebody else's.
#[derive(Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence, as an expression of SPDX.
    pub license: String,
    /// Where its source is kept; empty where it does not say.
    pub home: String,
    /// The texts that go with it.
    pub texts: Vec<String>,
}

/// All of them for every platform, by name and version. It fetches the sources that are not here yet.
pub fn packages(workspace: &Path) -> anyhow::Result<Vec<Package>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(["metadata", "--format-version", "1", "--locked"]).current_dir(workspace);
    let done = command.output().context("cannot start cargo")?;
    ensure!(done.status.success(), "cargo metadata failed: {}", String::from_utf8_lossy(&done.stderr));
    let metadata: Value = serde_json::from_slice(&done.stdout)?;
    let all = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    let mut packages =
        all.iter().filter(|one| !one["source"].is_null()).map(package).collect::<anyhow::Result<Vec<_>>>()?;
    packages.sort_by(|one, other| (&one.name, &one.version).cmp(&(&other.name, &other.version)));
    Ok(packages)
}

fn package(described: &Value) -> anyhow::Result<Package> {
    let text = |key: &str| described[key].as_str().unwrap_or_default().to_owned();
    let (name, license) = (text("name"), text("license"));
    ensure!(!license.is_empty(), "{name} does not say what its licence is");
    let manifest = text("manifest_path");
    let folder = Path::new(&manifest).parent().context("a manifest lies in a folder")?;
    let texts = if is_choice_of_apache(&license) { texts(folder, &["notice"])? } else { texts(folder, NAMES)? };
    Ok(Package { name, version: text("version"), license, home: text("repository"), texts })
}

/// Whether Apache-2.0 alone is enough. A slash is an older way to write OR.
fn is_choice_of_apache(license: &str) -> bool {
    !license.contains(" AND ") && license.replace('/', " OR ").split(" OR ").any(|one| one.trim() == APACHE)
}

fn texts(folder: &Path, names: &[&str]) -> anyhow::Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        if path.is_file() && names.iter().any(|start| name.starts_with(start)) {
            files.push(path);
        }
    }
    files.sort();
    files.iter().map(|path| Ok(String::from_utf8_lossy(&fs::read(path)?).into_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::is_choice_of_apache;

    #[test]
    fn apache_is_chosen_only_where_it_is_enough() {
        for license in
            ["Apache-2.0", "MIT OR Apache-2.0", "Apache-2.0/MIT", "Apache-2.0 / MIT", "Zlib OR Apache-2.0 OR MIT"]
        {
            assert!(is_choice_of_apache(license), "{license}");
        }
        for license in
            ["MIT", "Apache-2.0 AND ISC", "(MIT OR Apache-2.0) AND Unicode-3.0", "Apache-2.0 WITH LLVM-exception"]
        {
            assert!(!is_choice_of_apache(license), "{license}");
        }
    }
}
