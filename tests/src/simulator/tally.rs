//! What came of the rows: errors by kind, and latencies by command.

use std::collections::BTreeMap;
use std::fmt;

use crate::latency::{Latency, milliseconds};
use crate::scenario::{Command, Row};
use crate::simulator::{Fault, Outcome};
use log_shipper::table::Table;

const EXAMPLES: usize = 5;

/// Counts of what was played.
#[derive(Default)]
pub struct Tally {
    commands: BTreeMap<Command, Count>,
    faults: BTreeMap<Fault, u64>,
    examples: Vec<String>,
}

#[derive(Default)]
struct Count {
    rows: u64,
    errors: u64,
    answered: Latency,
}

impl Tally {
    /// Counts one row and how it went.
    pub fn add(&mut self, row: &Row, outcome: &Outcome) {
        let count = self.commands.entry(row.command()).or_default();
        count.rows += 1;
        if outcome.status.is_some() {
            count.answered.record(outcome.took);
        }
        if let Some(fault) = outcome.fault {
            count.errors += 1;
            *self.faults.entry(fault).or_default() += 1;
            self.keep_example(row, fault);
        }
    }

    /// How many rows were errors.
    #[must_use]
    pub fn errors(&self) -> u64 {
        self.faults.values().sum()
    }

    /// Only the command and the user of a row: the rest may be a password.
    fn keep_example(&mut self, row: &Row, fault: Fault) {
        if self.examples.len() < EXAMPLES {
            let Row { line, id, user, .. } = row;
            self.examples.push(format!("line {line}, id {id}: {} by {user:?}: {fault}", row.command()));
        }
    }

    fn commands_table(&self) -> Table<7> {
        let mut table = Table::new(["command", "rows", "errors", "p50", "p90", "p99", "max"], 1);
        for (command, Count { rows, errors, answered }) in &self.commands {
            let [p50, p90, p99, max] = [0.5, 0.9, 0.99, 1.0].map(|share| milliseconds(answered.quantile(share)));
            table.row([command.to_string(), rows.to_string(), errors.to_string(), p50, p90, p99, max]);
        }
        table
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.commands_table())?;
        if self.faults.is_empty() {
            return writeln!(f, "0 errors");
        }
        let mut kinds = Table::new(["error", "rows"], 1);
        self.faults.iter().for_each(|(fault, rows)| kinds.row([fault.to_string(), rows.to_string()]));
        writeln!(f, "{kinds}\nThe first of {} errors:", self.errors())?;
        self.examples.iter().try_for_each(|example| writeln!(f, "  {example}"))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::scenario::parse;

    fn outcome(status: Option<u16>, fault: Option<Fault>) -> Outcome {
        Outcome { took: Duration::from_millis(2), status, fault }
    }

    #[test]
    fn errors_are_counted_by_kind_and_shown_without_passwords() {
        let rows = parse(b"4\t0\t0\tregister\tAda B\tada@mail\tsesame\n5\t0\t0\ttweet\tAda B\tprivate words\n")
            .expect("both rows are good");
        let mut tally = Tally::default();
        tally.add(&rows[0], &outcome(None, Some(Fault::ReadTimeout)));
        tally.add(&rows[1], &outcome(Some(404), Some(Fault::Status(404))));
        tally.add(&rows[1], &outcome(Some(204), None));
        let shown = tally.to_string();
        assert_eq!(tally.errors(), 2);
        for line in [
            "register     1       1        -        -        -        -",
            "tweet        2       1  2.00 ms  2.00 ms  2.00 ms  2.00 ms",
            "read timed out     1",
            "  line 1, id 4: register by \"Ada B\": read timed out",
        ] {
            assert!(shown.lines().any(|shown| shown == line), "no line {line:?} in\n{shown}");
        }
        assert!(!shown.contains("sesame") && !shown.contains("private") && !shown.contains("ada@mail"));
    }
}
