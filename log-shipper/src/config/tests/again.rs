//! Settings that are read again while the program runs.

use super::*;

#[test]
fn the_file_is_read_again_under_the_same_flags_and_environment() {
    let start = Start::new().file("lanes = 5\nmask = ['a']").variable("LOG_SHIPPER_GZIP", "on").flag("--batch-lines=7");
    let (given, old) = (start.given(), start.settings());
    start.write("config.toml", "mask = ['b']\ngzip = 'off'\nbatch-lines = 8\npoll = '9s'");
    let (new, late) = old.renewed(&given).unwrap();
    assert_eq!((new.delivery.batch_lines, new.elasticsearch.gzip), (7, Gzip::On));
    assert_eq!((new.input.poll, new.input.mask[0].as_str()), (Duration::from_secs(9), "b"));
    assert_eq!(late, ["lanes"]);
    start.write("config.toml", "lanes = 0");
    assert!(old.renewed(&given).is_err());
}

#[test]
fn what_needs_a_restart_stays_as_it_was_at_the_start_and_is_told_each_time() {
    let start = Start::new().file("lanes = 5\ntarget = 'one'\npoll = '1s'");
    let (given, old) = (start.given(), start.settings());
    assert_eq!(old.renewed(&given).unwrap().1, [""; 0]);
    start.write("config.toml", "lanes = 6\ntarget = 'other'\npoll = '9s'");
    let (new, late) = old.renewed(&given).unwrap();
    assert_eq!((new.delivery.lanes, new.elasticsearch.target.as_str()), (5, "one"));
    assert_eq!((new.input.poll, late), (Duration::from_secs(9), vec!["target".to_owned(), "lanes".to_owned()]));
    assert_eq!(new.renewed(&given).unwrap().1, ["target", "lanes"]);
    start.write("config.toml", "lanes = 5\ntarget = 'one'\npoll = '9s'");
    assert_eq!(new.renewed(&given).unwrap().1, [""; 0]);
}

#[test]
fn the_readme_names_what_changes_without_a_restart() {
    let readme = include_str!("../../../README.md");
    let (_, rest) = readme.split_once("SIGHUP reads the file again. ").unwrap();
    let (list, _) = rest.split_once(" change without a restart").unwrap();
    let named: Vec<&str> = list.split('`').skip(1).step_by(2).collect();
    assert_eq!(named, LIVE);
}
