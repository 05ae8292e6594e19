//! What a process has used, as Linux tells it under `/proc`.

use std::fs;
use std::time::Duration;

use anyhow::Context;

/// Linux reports processor time in hundredths of a second (`USER_HZ`), whatever its own clock does.
const TICK: Duration = Duration::from_millis(10);

/// Processor time and memory of a process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Time in user and kernel mode, of all threads, to 10 ms.
    pub cpu: Duration,
    /// Resident memory now, in KiB.
    pub rss: u64,
    /// The most resident memory so far, in KiB.
    pub peak_rss: u64,
}

impl Usage {
    /// Reads what the process `pid` has used.
    pub fn of(pid: u32) -> anyhow::Result<Self> {
        let read = |name| {
            let path = format!("/proc/{pid}/{name}");
            fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))
        };
        Self::parse(&read("stat")?, &read("status")?).with_context(|| format!("/proc/{pid} is not as proc(5) says"))
    }

    fn parse(stat: &str, status: &str) -> Option<Self> {
        // The name, in parentheses, may hold spaces and parentheses; utime and stime are fields 14 and 15.
        let (_, fields) = stat.rsplit_once(") ")?;
        let mut times = fields.split(' ').skip(11).map(str::parse::<u32>);
        let ticks = times.next()?.ok()? + times.next()?.ok()?;
        let kib = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key))?;
            line.trim().strip_suffix(" kB")?.parse().ok()
        };
        Some(Self { cpu: TICK * ticks, rss: kib("VmRSS:")?, peak_rss: kib("VmHWM:")? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_and_parentheses_does_not_shift_the_fields() {
        let stat = "42 (a) b) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 7 8 20 0 4 0 1000 1 2 3\n";
        let status = "Name:\ta) b\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        let usage = Usage { cpu: Duration::from_secs(3), rss: 1024, peak_rss: 2048 };
        assert_eq!(Usage::parse(stat, status), Some(usage));
    }

    #[test]
    fn this_process_has_memory() {
        let usage = Usage::of(std::process::id()).expect("this process is there");
        assert!(usage.rss > 0 && usage.peak_rss >= usage.rss);
    }
}
