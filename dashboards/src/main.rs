//! Writes every file that is made of others, or says which is stale.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;
use dashboards::made::{self, Made};

/// Writes what is made of others: dashboards for Grafana and objects for Kibana and OpenSearch Dashboards of their sources, the
/// tables of both and of the alerts, and the page of all runbooks.
///
/// People edit dashboards/grafana/sources/*.yml, dashboards/kibana/source.yml, alerts/rules/*.yml and alerts/runbooks/*.md.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Write nothing; name each file that is stale, and exit with 1 if there is one
    #[arg(long)]
    check: bool,
    /// Where the repository is
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/.."))]
    root: PathBuf,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("dashboards: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<ExitCode> {
    let stale: Vec<Made> = made::all(&options.root)?.into_iter().filter(Made::is_stale).collect();
    for Made { path, text } in &stale {
        if options.check {
            eprintln!("{} is stale: cargo run -p dashboards", path.display());
        } else {
            fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
            println!("{}", path.display());
        }
    }
    Ok(if options.check && !stale.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
