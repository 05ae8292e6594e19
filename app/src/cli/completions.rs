//! `minitwit completions`

use anyhow::Result;
use clap::{Args, Command};
use clap_complete::Shell;

use super::output::line;

#[derive(Args, Debug)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, command: &mut Command) -> Result<()> {
        // Into memory first: the generator panics when its reader goes away.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, command, "minitwit", &mut script);
        line(String::from_utf8(script)?.trim_end())
    }
}
