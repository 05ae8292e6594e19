//! What the program says of its settings.

use std::fs;
use std::process::{Command, Output};

/// Runs the program with these words and variables, and none of the surroundings'.
fn run(words: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut program = Command::new(env!("CARGO_BIN_EXE_log-shipper"));
    program.env_clear().env("HOME", "/nowhere").envs(variables.iter().copied()).args(words).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn test_config_shows_what_is_set_and_where_and_says_ok() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("c.toml");
    fs::create_dir(folder.path().join("4e1f")).unwrap();
    let root = folder.path().display();
    fs::write(&file, format!("lanes = 2\nexclude = ['name=a', 'label:b']\ndocker-root = '{root}'\n")).unwrap();
    let path = file.to_str().unwrap();
    let variables = [("LOG_SHIPPER_CONFIG", path), ("LOG_SHIPPER_GZIP", "on"), ("LOG_SHIPPER_PASSWORD", "hunter2")];
    let flags = ["--elasticsearch=http://a:1", "--user=ada", &format!("--state={root}"), "--operations-listen=off"];
    let said = run(&[&["test", "config"], &flags[..]].concat(), &variables);
    let expected = format!(
        "docker-root = \"{root}\"  # {path}:3\n\
         exclude = [\"name=a\", \"label:b\"]  # {path}:2\n\
         state = \"{root}\"  # flag\n\
         elasticsearch = \"http://a:1\"  # flag\n\
         user = \"ada\"  # flag\n\
         gzip = \"on\"  # LOG_SHIPPER_GZIP\n\
         lanes = \"2\"  # {path}:1\n\
         operations-listen = \"off\"  # flag\n\
         ok\n"
    );
    assert_eq!((text(&said.stdout), text(&said.stderr)), (expected.as_str(), ""));
    assert!(said.status.success());
}

#[test]
fn what_is_wrong_is_one_line_on_standard_error() {
    let missing = run(&["test", "config"], &[]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(text(&missing.stderr).starts_with("log-shipper: --elasticsearch is missing: "));
    let wrong = run(&["test", "config"], &[("LOG_SHIPPER_LANES", "hunter2")]);
    assert_eq!(
        text(&wrong.stderr),
        "log-shipper: LOG_SHIPPER_LANES has a value that cannot be used: expected a number from 1 to 64\n"
    );
    let unknown = run(&["--batch-byte=hunter2"], &[]);
    assert_eq!(unknown.status.code(), Some(2));
    assert_eq!(text(&unknown.stderr), "log-shipper: --batch-byte is not known: is --batch-bytes meant?\n");
}

#[test]
fn help_shows_no_value_of_the_environment() {
    let variables = [("LOG_SHIPPER_ELASTICSEARCH", "http://ada:hunter2@es"), ("LOG_SHIPPER_PASSWORD", "hunter2")];
    for words in [&["--help"][..], &["-h"], &["dead-letter", "replay", "--help"]] {
        let said = run(words, &variables);
        assert!(said.status.success() && !text(&said.stdout).contains("hunter2"), "{words:?}");
        assert!(text(&said.stdout).contains("--batch-bytes"), "{words:?}");
    }
}

#[test]
fn a_completion_script_knows_the_flags() {
    let said = run(&["completions", "bash"], &[]);
    assert!(said.status.success() && text(&said.stdout).contains("--batch-bytes"));
}
