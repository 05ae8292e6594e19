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

/// What is said of a path that belongs to no flag.
const STRAY: &str = "a path stands alone, as when a shell takes a pattern apart: put it into quotes, as in --files '/var/log/site*.log'";

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
        (&["--lanes=2", "hunter2"], "a word stands alone where none belongs: see `log-shipper --help`"),
        (&["runn"], "runn is not known: is run meant?"),
        (&["--once", "--dry-run"], "--once cannot be used together with --dry-run"),
        (&["dead-letter", "show"], "<NUMBER>... is missing: see `log-shipper dead-letter show --help`"),
        (&["setup", "--for=opensearch"], "--dry-run is missing: see `log-shipper setup --help`"),
        (&["--files", "a.log", "b.log"], STRAY),
        (&["run", "--files", "/var/log/a.log", "/var/log/b.log", "/var/log/c.log"], STRAY),
        (&["--once", "--files=a.log", "b.log"], STRAY),
        (&["status", "hunter2.log"], STRAY),
        (&["run", "--lanez=2"], "--lanez is not known: is --lanes meant?"),
        (&["run", "-v"], "-v is not known: see `log-shipper run --help`"),
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

/// The innermost commands, each with the words that lead to it.
fn commands() -> Vec<(Vec<String>, clap::Command)> {
    let mut found = vec![(Vec::new(), grammar())];
    let mut at = 0;
    while at < found.len() {
        let (words, command) = found[at].clone();
        let inner = command.get_subcommands().filter(|inner| inner.get_name() != "help");
        found.extend(inner.map(|inner| ([words.clone(), vec![inner.get_name().to_owned()]].concat(), inner.clone())));
        at += 1;
    }
    found.retain(|(words, command)| words.is_empty() || command.get_subcommands().count() == 0);
    found
}

#[test]
fn the_help_of_each_command_has_examples_which_the_program_takes() {
    for (words, command) in commands() {
        let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let examples: Vec<&str> = help.lines().filter_map(|line| line.strip_prefix("  log-shipper ")).collect();
        assert!(!examples.is_empty(), "{words:?}");
        for example in examples {
            let line = example.split(" > ").next().unwrap().replace('\'', "");
            let given: Vec<&str> = line.split(' ').collect();
            if let Err(error) = parsed(&given) {
                panic!("{example}: {}", complaint::sentence(&error));
            }
        }
        assert!(help.lines().all(|line| line.len() <= 98), "{words:?}: {help}");
    }
}

#[test]
fn the_help_says_how_settings_are_given_where_there_are_any() {
    for (words, mut command) in commands() {
        let has_settings = command.get_arguments().any(|arg| arg.get_long() == Some("config"));
        let help = command.render_long_help().to_string();
        let says = ["LOG_SHIPPER_BATCH_BYTES", "beats", "KiB"].iter().all(|word| help.contains(word));
        assert_eq!(says, has_settings, "{words:?}");
    }
}
