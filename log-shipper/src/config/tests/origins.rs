//! A complaint names where a setting came from.

use super::*;

#[test]
fn settings_that_do_not_go_together_are_named_where_they_stand_in_the_file() {
    for (text, said) in [
        (
            "lanes = 1\nmemory = '3MiB'",
            "config.toml:2: memory is too small: it must hold two requests, twice --batch-bytes (default: 2MiB)",
        ),
        (
            "memory = '3MiB'\nbatch-bytes = '2MiB'",
            "config.toml:1: memory is too small: it must hold two requests, twice batch-bytes (config.toml:2)",
        ),
        (
            "\nbatch-bytes = '20MiB'",
            "config.toml:2: batch-bytes is too large: two requests must fit into --memory (default: 24MiB)",
        ),
        ("retry-min = '2m'", "config.toml:1: retry-min is longer than --retry-max (default: 60s)"),
        ("retry-max = '1ms'", "config.toml:1: retry-max is shorter than --retry-min (default: 1s)"),
        ("client-key-file = 'x'", "config.toml:1: client-key-file is of no use without --client-certificate-file"),
        (
            "client-certificate-file = 'x'",
            "config.toml:1: client-certificate-file is of no use without --client-key-file",
        ),
        (
            "ca-file = 'x'\nca-fingerprint = '00000000000000000000000000000000000000000000000000000000000000ff'",
            "config.toml:1: ca-file cannot be used with ca-fingerprint (config.toml:2)",
        ),
        (
            "user = 'ada'",
            "config.toml:1: user is given without a password: add --password-file or LOG_SHIPPER_PASSWORD",
        ),
        (
            "password-file = '/nowhere/x'",
            "config.toml:1: password-file: /nowhere/x cannot be read: No such file or directory (os error 2)",
        ),
    ] {
        assert_eq!(Start::new().file(text).complaint(), said);
    }
}

#[test]
fn each_of_two_settings_is_named_as_it_was_given() {
    let start = Start::new().file("batch-bytes = '4MiB'").variable("LOG_SHIPPER_MEMORY", "3MiB");
    let said = "LOG_SHIPPER_MEMORY is too small: it must hold two requests, twice batch-bytes (config.toml:1)";
    assert_eq!(start.complaint(), said);
    let start = Start::new().file("ca-file = 'x'").flag(format!("--ca-fingerprint={}", "0f".repeat(32)));
    assert_eq!(start.complaint(), "config.toml:1: ca-file cannot be used with --ca-fingerprint");
    let start = Start::new().variable("LOG_SHIPPER_RETRY_MAX", "1s").flag("--retry-min=2s");
    assert_eq!(start.complaint(), "--retry-min is longer than LOG_SHIPPER_RETRY_MAX");
}

#[test]
fn secrets_that_do_not_go_together_are_named_as_they_were_given() {
    let start = Start::new().variable("LOG_SHIPPER_USER", "ada");
    assert!(start.complaint().starts_with("LOG_SHIPPER_USER is given without a password"));
    let start = Start::new();
    let path = start.write("secret", "hunter2");
    let start = start.file(&format!("\npassword-file = '{}'", path.display()));
    assert_eq!(start.complaint(), "config.toml:2: password-file is given without --user");
    let start = start.variable("LOG_SHIPPER_API_KEY", "hunter2");
    let said =
        "LOG_SHIPPER_API_KEY cannot be used with a user or a password, and there is config.toml:2: password-file";
    assert_eq!(start.complaint(), said);
}

#[test]
fn whoever_named_a_file_of_settings_that_is_not_there_is_told() {
    let start = Start::new().variable("LOG_SHIPPER_CONFIG", "/nowhere/x.toml");
    assert!(start.complaint().starts_with("LOG_SHIPPER_CONFIG: /nowhere/x.toml cannot be read: "));
}
