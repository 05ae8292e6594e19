//! `log-shipper completions`

use anyhow::Result;
use clap::Args;
use clap_complete::Shell;

use super::output::line;

/// `log-shipper completions`
#[derive(Args, Clone, Copy, Debug)]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    /// Prints the script.
    ///
    /// # Errors
    /// Standard output cannot be written to.
    pub fn run(self) -> Result<()> {
        // Into memory first: the generator panics when its reader goes away.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut super::grammar(), "log-shipper", &mut script);
        line(String::from_utf8(script)?.trim_end())
    }
}
