//! `minitwit completions`

use clap::{Args, Command};
use clap_complete::Shell;

#[derive(Args, Debug)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, command: &mut Command) {
        clap_complete::generate(self.shell, command, "minitwit", &mut std::io::stdout());
    }
}
