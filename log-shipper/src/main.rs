//! The program `log-shipper`; everything is in the library, see its map in `lib.rs`.

use std::process::ExitCode;

use log_shipper::cli::{self, Command, Invocation, Test};

fn main() -> ExitCode {
    let Invocation { command, given } = cli::parse();
    let done = match command {
        Command::Run(command) => command.run(&given),
        Command::Completions(command) => command.run(),
        Command::Setup(command) => command.run(&given),
        Command::Test(Test::Config(command)) => command.run(&given),
        Command::Test(Test::Output(command)) => command.run(&given),
        Command::Status(command) => command.run(&given),
        Command::Healthcheck(command) => command.run(&given),
        Command::DeadLetter(command) => command.run(&given),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::tell(&cli::causes(&error));
            ExitCode::FAILURE
        }
    }
}
