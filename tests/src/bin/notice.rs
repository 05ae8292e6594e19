//! Writes the file `NOTICE`, or checks that it is what would be written.

use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use clap::Parser;
use e2e::notice;

/// Writes NOTICE: the packages that are built with the site, and their licences.
#[derive(Parser)]
struct Arguments {
    /// Write nothing; fail if the file is not up to date
    #[arg(long)]
    check: bool,
}

fn main() -> anyhow::Result<()> {
    let Arguments { check } = Arguments::parse();
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the tests lie in the workspace")?;
    let file = workspace.join("NOTICE");
    let packages = notice::packages(workspace)?;
    let wanted = notice::write(&packages);
    if check {
        let there = fs::read_to_string(&file).context("cannot read NOTICE")?;
        ensure!(there == wanted, "NOTICE is not up to date: cargo run -p e2e --bin notice");
    } else {
        fs::write(&file, wanted).context("cannot write NOTICE")?;
    }
    println!("NOTICE: {} packages", packages.len());
    Ok(())
}
