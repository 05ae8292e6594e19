//! `simulate`: plays a scenario file against the simulator API as the course's simulator does.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{bail, ensure};
use clap::Parser;
use e2e::interrupt::interrupted;
use e2e::progress::Progress;
use e2e::scenario::{self, Row};
use e2e::simulator::pace::Pace;
use e2e::simulator::replica::Replica;
use e2e::simulator::tally::Tally;
use e2e::simulator::{CREDENTIAL, Simulator};
use tokio::time::{Instant, sleep_until};

/// Plays a scenario against the simulator API as the course's simulator does.
///
/// One request at a time, each on a connection of its own with `Connection: close`; nothing is retried, and bodies are
/// not read. An error is: a registration that is answered neither 204 nor 400; anything else that is not answered
/// 204; a connect or a read that takes longer than the timeout; a refused or broken connection.
#[derive(Parser)]
#[command(
    version,
    after_help = "Exit code: 0 when no row was an error, 1 when one was, 2 when nothing could be played \
    (a wrong option, a malformed file), 130 when interrupted."
)]
struct Options {
    /// The scenario: tab separated, no quoting; id, delay, epoch in ms, register|tweet|follow|unfollow, user, and then
    /// e-mail and password, or the text, or the other user
    scenario: PathBuf,
    /// Where the API listens; given more than once, the replicas are asked in turn
    #[arg(long = "url", value_name = "URL", default_value = "http://127.0.0.1:8001")]
    urls: Vec<Replica>,
    /// How many times as fast as the scenario's own times, or `max`: each row at once after the one before
    #[arg(long, value_name = "N|max", default_value = "max")]
    speed: Pace,
    /// Seconds that the connect, and each read, may take
    #[arg(long, value_name = "SECONDS", default_value = "0.3", value_parser = seconds)]
    timeout: Duration,
    /// The first row to play, counted from 0
    #[arg(long, value_name = "ROW", default_value_t = 0)]
    from_row: usize,
    /// How many rows to play [default: all that follow]
    #[arg(long, value_name = "COUNT")]
    rows: Option<usize>,
    /// The value of the Authorization header
    #[arg(long, env = "SIMULATE_CREDENTIAL", value_name = "TEXT", default_value = CREDENTIAL, hide_env_values = true)]
    credential: String,
}

fn seconds(text: &str) -> anyhow::Result<Duration> {
    let time = Duration::try_from_secs_f64(text.parse()?)?;
    ensure!(!time.is_zero(), "it must be more than 0");
    Ok(time)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn run(options: Options) -> anyhow::Result<ExitCode> {
    let all = scenario::read(&options.scenario)?;
    let rows = chosen(&all, options.from_row, options.rows)?;
    ensure!(options.credential.chars().all(|c| matches!(c, ' '..='~')), "the credential is not printable ASCII");
    let simulator = Simulator { replicas: options.urls, patience: options.timeout, credential: options.credential };
    let mut tally = Tally::default();
    let whole = tokio::select! {
        () = play(&simulator, rows, options.speed, &mut tally) => true,
        () = interrupted() => false,
    };
    print!("{tally}");
    if !whole {
        println!("Interrupted: not all of the {} rows were played.", rows.len());
        return Ok(ExitCode::from(130));
    }
    Ok(ExitCode::from(u8::from(tally.errors() > 0)))
}

fn chosen(rows: &[Row], from: usize, count: Option<usize>) -> anyhow::Result<&[Row]> {
    let Some(rest) = rows.get(from..).filter(|rest| !rest.is_empty()) else {
        bail!("there is no row {from} to begin with: the scenario has {} rows", rows.len());
    };
    let count = count.unwrap_or(rest.len()).min(rest.len());
    ensure!(count > 0, "0 rows are nothing to play");
    Ok(&rest[..count])
}

async fn play(simulator: &Simulator, rows: &[Row], pace: Pace, tally: &mut Tally) {
    let progress = Progress::new(rows.len() as u64);
    let started = Instant::now();
    for (turn, row) in rows.iter().enumerate() {
        if let Some(due) = started.checked_add(pace.due(&rows[0], row)).filter(|due| *due > Instant::now()) {
            sleep_until(due).await;
        }
        tally.add(row, &simulator.play(row, turn).await);
        progress.say(format!("{} errors", tally.errors()));
        progress.step(1);
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_options_do_not_contradict_each_other() {
        Options::command().debug_assert();
    }
}
