use super::*;

fn parsed(words: &[&str]) -> Result<Invocation, clap::Error> {
    let words = ["log-shipper"].iter().chain(words);
    parse_from(words, Environment::default())
}

#[test]
fn the_grammar_is_sound() {
    grammar().debug_assert();
}

#[test]
fn run_is_what_is_done_without_a_command() {
    for words in [&["--once", "--lanes=7"][..], &["run", "--once", "--lanes=7"]] {
        let Invocation { command, given } = parsed(words).unwrap();
        assert!(matches!(command, Command::Run(Run { once: true, dry_run: false })), "{command:?}");
        assert_eq!(Settings::load(&given).unwrap().delivery.lanes, 7);
    }
}

#[test]
fn a_command_takes_the_settings_that_it_needs_from_its_flags() {
    let given = parsed(&["dead-letter", "replay", "--state=/s", "--target=other"]).unwrap().given;
    let settings = Settings::load(&given).unwrap();
    assert_eq!((settings.state.folder().to_str(), settings.elasticsearch.target.as_str()), (Some("/s"), "other"));
    assert!(parsed(&["status", "--lanes=7"]).is_err());
}

#[test]
fn a_mistake_is_one_line_that_names_it_and_repeats_no_value() {
    for (words, said) in [
        (&["--batch-byte=hunter2"][..], "--batch-byte is not known: is --batch-bytes meant?"),
        (&["--password", "hunter2"], "--password is not known: is --password-file meant?"),
        (&["--gzip", "hunter2"], "--gzip has a value that cannot be used: expected one of auto, on, off"),
        (&["--lanes=hunter2"], "--lanes has a value that cannot be used: expected a number from 1 to 64"),
        (&["--lanes"], "--lanes has a value that cannot be used: expected a value"),
        (&["--lanes=1", "--lanes=2"], "--lanes <N> is given more than once"),
        (&["hunter2"], "a command is not known: see `log-shipper --help`"),
        (&["runn"], "runn is not known: is run meant?"),
        (&["--once", "--dry-run"], "--once cannot be used together with --dry-run"),
        (&["dead-letter", "show"], "<NUMBER>... is missing: see `log-shipper --help`"),
    ] {
        assert_eq!(complaint::sentence(&parsed(words).unwrap_err()), said);
    }
}

#[test]
fn help_says_what_each_command_is_about() {
    for (words, about) in [
        (&["--help"][..], "Follows what containers print"),
        (&["setup", "--help"], "Put index template"),
        (&["dead-letter", "replay", "--help"], "Send them again"),
    ] {
        let help = parsed(words).unwrap_err().to_string();
        assert!(help.starts_with(about), "{help}");
    }
}
