//! How long a large state takes; a report, not a test.

use std::time::Instant;

use super::*;

const FILES: u32 = 100_000;

#[test]
#[ignore = "a report: cargo test -p log-shipper --release -- --ignored --nocapture a_state_of"]
fn a_state_of_a_hundred_thousand_files_opens_soon() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let begin = Instant::now();
    for number in 0..FILES {
        let key = state.register(&identity(&format!("{number:064x}"))).unwrap();
        state.sent(&[(key, 9_000)], INDEX).unwrap();
        state.acknowledged(&[progress(key, 5_000)], NOW).unwrap();
    }
    eprintln!("{FILES} files: {} bytes of log, written in {:?}", log_length(&folder), begin.elapsed());
    drop(state);
    let begin = Instant::now();
    let (state, known, _) = State::open(folder.path()).unwrap();
    eprintln!("opened in {:?}, {} files, {} kB in all", begin.elapsed(), known.len(), resident());
    drop(known);
    eprintln!("{} kB without the list", resident());
    let begin = Instant::now();
    let mut inner = state.lock();
    let Inner { table, log, .. } = &mut *inner;
    log.rewrite(table).unwrap();
    eprintln!("written anew in {:?}, {} bytes", begin.elapsed(), log_length(&folder));
}

fn resident() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").to_owned()
}
