//! What is made of others is up to date with them.

use std::path::Path;

use dashboards::made::{self, Made};

#[test]
fn nothing_that_is_made_is_stale() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let stale: Vec<Made> = made::all(&root).expect("the sources are good").into_iter().filter(Made::is_stale).collect();
    let names: Vec<_> = stale.iter().map(|made| made.path.display().to_string()).collect();
    assert!(names.is_empty(), "stale, cargo run -p dashboards: {names:?}");
}
