//! Docker's own reader takes both files, without an engine.

use std::path::Path;
use std::process::{Command, Output};

use e2e::monitoring::product;
use e2e::need;

fn read(file: &Path) -> anyhow::Result<Option<Output>> {
    let wish = "Docker's compose, which `tests/run install` installs";
    let Some(compose) = need::installed(wish, &["docker-compose"]) else { return Ok(None) };
    Ok(Some(Command::new(compose).arg("--file").arg(file).args(["config", "--quiet"]).output()?))
}

#[test]
fn docker_reads_both_files() -> anyhow::Result<()> {
    for file in ["compose/compose.yml", "stack.yml"] {
        let Some(said) = read(&product(file))? else { return Ok(()) };
        assert!(said.status.success(), "{file}: {}", String::from_utf8_lossy(&said.stderr));
    }
    Ok(())
}

#[test]
fn a_word_that_docker_does_not_know_is_refused() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("compose.yml");
    std::fs::write(&file, "services: {some: {image: 'some:1', cap_dorp: [ALL]}}")?;
    let Some(said) = read(&file)? else { return Ok(()) };
    assert!(!said.status.success());
    Ok(())
}
