//! The program `minitwit`; everything is in the library, see its map in `lib.rs`.

use std::process::ExitCode;

/// A request makes some thirty small allocations; with the system's allocator they cost a sixth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match minitwit::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("minitwit: {error:#}");
            ExitCode::FAILURE
        }
    }
}
