//! The program `minitwit`; everything is in the library, see its map in `lib.rs`.

use std::process::ExitCode;

fn main() -> ExitCode {
    match minitwit::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("minitwit: {error:#}");
            ExitCode::FAILURE
        }
    }
}
