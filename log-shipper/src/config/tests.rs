use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use secrecy::ExposeSecret;

use super::*;
use crate::cli::parse_from;

mod again;
mod origins;
mod pipes;

/// A start of the program that can be told what it is given.
struct Start {
    folder: tempfile::TempDir,
    environment: Vec<(&'static str, String)>,
    flags: Vec<String>,
}

impl Start {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), environment: Vec::new(), flags: Vec::new() }
    }

    fn file(mut self, text: &str) -> Self {
        self.write("config.toml", text);
        self.flags.push(format!("--config={}", self.path("config.toml").display()));
        self
    }

    fn variable(mut self, name: &'static str, value: &str) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    fn flag(mut self, flag: impl Into<String>) -> Self {
        self.flags.push(flag.into());
        self
    }

    /// A flag whose value is a file with `text`.
    fn file_flag(self, name: &str, text: &str) -> Self {
        let path = self.write(name, text);
        self.flag(format!("--{name}={}", path.display()))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        fs::write(self.path(name), text).unwrap();
        self.path(name)
    }

    fn given(&self) -> Given {
        let variables: Vec<_> = self.environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let words = ["log-shipper", "run"].map(str::to_owned).into_iter().chain(self.flags.iter().cloned());
        parse_from(words, Environment::of(&variables)).unwrap().given
    }

    fn settings(&self) -> Settings {
        Settings::load(&self.given()).unwrap()
    }

    /// What is wrong, without the folder's name.
    fn complaint(&self) -> String {
        let said = Settings::load(&self.given()).unwrap_err().to_string();
        assert!(!said.contains('\n'), "{said}");
        said.replace(&format!("{}/", self.folder.path().display()), "")
    }
}

#[test]
fn a_flag_beats_a_variable_which_beats_the_file_which_beats_the_default() {
    let lanes = |start: &Start| start.settings().delivery.lanes;
    let start = Start::new();
    assert_eq!(lanes(&start), 4);
    let start = start.file("lanes = 5");
    assert_eq!(lanes(&start), 5);
    let start = start.variable("LOG_SHIPPER_LANES", "6");
    assert_eq!(lanes(&start), 6);
    let start = start.flag("--lanes=7");
    assert_eq!(lanes(&start), 7);
}

#[test]
fn every_setting_can_be_given_in_each_of_the_three_ways() {
    for arg in Settings::grammar().get_arguments() {
        let (name, list) = (arg.get_long().unwrap(), layers::is_list(arg));
        let (value, toml) = match name {
            _ if layers::is_switch(arg) => ("true", "true"),
            "files" | "include" | "exclude" | "mask" => ("name=xy", "['name=xy']"),
            "elasticsearch" => ("http://a:1", "['http://a:1']"),
            "own-container" => ("read", "'read'"),
            "gzip" | "await-setup" => ("on", "'on'"),
            "log-level" => ("warn", "'warn'"),
            "log-format" => ("json", "'json'"),
            "operations-listen" => ("off", "'off'"),
            "lanes" | "batch-lines" | "max-open-files" => ("9", "9"),
            "ca-fingerprint" => (
                "00000000000000000000000000000000000000000000000000000000000000ff",
                "'00000000000000000000000000000000000000000000000000000000000000ff'",
            ),
            "max-line" | "memory" | "batch-bytes" | "dead-letter-limit" => ("3MiB", "'3MiB'"),
            "docker-root" | "state" | "user" | "target" | "multiline" => ("xy", "'xy'"),
            _ if name.ends_with("-file") => ("xy", "'xy'"),
            _ => ("9s", "'9s'"),
        };
        let flag = if layers::is_switch(arg) { format!("--{name}") } else { format!("--{name}={value}") };
        let variable: &'static str = Given::variable(name).leak();
        let ways = [
            Start::new().flag(flag),
            Start::new().variable(variable, value),
            Start::new().file(&format!("{name} = {toml}")),
        ];
        for way in ways {
            let merged = Effective::merge(&Settings::grammar(), &way.given()).unwrap();
            let found = merged.iter().find(|found| found.name == name).unwrap();
            assert_eq!(found.texts, [value], "{name}");
            assert_ne!(found.origin, Origin::Default, "{name}");
        }
        assert_eq!(list, ["files", "include", "exclude", "mask", "elasticsearch"].contains(&name), "{name}");
    }
}

#[test]
fn a_list_in_a_variable_is_separated_by_commas_or_by_lines_where_commas_have_a_meaning() {
    let start = Start::new()
        .variable("LOG_SHIPPER_ELASTICSEARCH", "http://a:9200, http://b:9200")
        .variable("LOG_SHIPPER_MASK", "a{1,3}\nb c\n")
        .variable("LOG_SHIPPER_FILES", "/x/{a,b}.log");
    let settings = start.settings();
    assert_eq!(settings.elasticsearch.hosts().unwrap().len(), 2);
    assert_eq!(settings.input.mask.iter().map(regex::bytes::Regex::as_str).collect::<Vec<_>>(), ["a{1,3}", "b c"]);
    assert_eq!(settings.input.files[0].glob(), "/x/{a,b}.log");
}

#[test]
fn an_empty_variable_is_none() {
    assert_eq!(Start::new().variable("LOG_SHIPPER_LANES", "").settings().delivery.lanes, 4);
}

#[test]
fn a_wrong_value_in_the_file_is_named_with_its_line_and_what_is_accepted() {
    for (text, said) in [
        (
            "# x\n\nbatch-bytes = \"hunter2\"",
            "config.toml:3: batch-bytes has a value that cannot be used: expected a size with a unit, such as 64KiB, 2MiB or 1MB",
        ),
        ("lanes = 0", "config.toml:1: lanes has a value that cannot be used: expected a number from 1 to 64"),
        ("gzip = 'hunter2'", "config.toml:1: gzip has a value that cannot be used: expected one of auto, on, off"),
        ("\nstdin = 'hunter2'", "config.toml:2: stdin has a value that cannot be used: expected true or false"),
        ("stdin = 1", "config.toml:1: stdin has a value that cannot be used: expected true or false"),
        ("gzip = ['on']", "config.toml:1: gzip has a value that cannot be used: expected one value, not a list"),
        (
            "mask = [\n  'good',\n  'hunter2(',\n]",
            "config.toml:3: mask has a value that cannot be used: expected a regular expression: unclosed group",
        ),
        (
            "lanes = 1.5",
            "config.toml:1: lanes has a value that cannot be used: expected a text in quotes, or a whole number where one is needed",
        ),
        (
            "elasticsearch = 'http://ada:hunter2@db:9200'",
            "config.toml:1: elasticsearch has a value that cannot be used: expected a URL without user and password: give these by --user and --password-file",
        ),
        ("state = ''", "config.toml:1: state has a value that cannot be used: expected a value"),
    ] {
        assert_eq!(Start::new().file(text).complaint(), said);
    }
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_what_was_meant() {
    for (text, said) in [
        ("lanes = 1\nbatch-byte = 'hunter2'", "config.toml:2: batch-byte is not known: is batch-bytes meant?"),
        ("password = 'hunter2'", "config.toml:1: password is not known: is password-file meant?"),
        ("zzz = 1", "config.toml:1: zzz is not known: see `log-shipper --help`"),
        ("\"7 7\" = 1", "config.toml:1: a key is not known: see `log-shipper --help`"),
        ("\n[output]\nlanes = 1", "config.toml:2: output is a table: settings are plain keys"),
        ("config = 'x'", "config.toml:1: config is not known: see `log-shipper --help`"),
    ] {
        assert_eq!(Start::new().file(text).complaint(), said);
    }
}

#[test]
fn what_is_not_toml_is_named_with_its_line_and_not_repeated() {
    for (text, line) in
        [("lanes = 1\nlanes = 2", 2), ("a = 1\nuser = hunter2", 2), ("\n\nhunter2", 3), ("a = 'hunter2", 1)]
    {
        let said = Start::new().file(text).complaint();
        let expected = format!("config.toml:{line}: this is not TOML: ");
        assert!(said.starts_with(&expected) && !said.contains("hunter2"), "{said}");
    }
    let missing = Start::new().flag("--config=/nowhere/x.toml").complaint();
    assert!(missing.starts_with("--config: /nowhere/x.toml cannot be read: "), "{missing}");
}

#[test]
fn a_wrong_variable_is_named_and_not_repeated() {
    let said = Start::new().variable("LOG_SHIPPER_RETRY_MIN", "hunter2").complaint();
    let expected =
        "LOG_SHIPPER_RETRY_MIN has a value that cannot be used: expected a time with a unit, such as 200ms, 5s or 7d";
    assert_eq!(said, expected);
    let said = Start::new().variable("LOG_SHIPPER_STDIN", "hunter2").complaint();
    assert_eq!(said, "LOG_SHIPPER_STDIN has a value that cannot be used: expected true or false");
}

#[test]
fn a_secret_comes_from_a_file_or_the_environment_and_its_flag_wins() {
    let password = |start: Start| match start.flag("--user=ada").settings().elasticsearch.credentials {
        Credentials::Basic { user, password } => (user, password.expose_secret().to_owned()),
        other => panic!("{other:?}"),
    };
    let expected = |secret: &str| ("ada".to_owned(), secret.to_owned());
    assert_eq!(password(Start::new().file_flag("password-file", "one \r\n")), expected("one "));
    assert_eq!(password(Start::new().variable("LOG_SHIPPER_PASSWORD", "two")), expected("two"));
    let both = Start::new().variable("LOG_SHIPPER_PASSWORD", "two").file_flag("password-file", "one");
    assert_eq!(password(both), expected("one"));
    let start = Start::new();
    let path = start.write("secret", "three");
    let by_file = start.file(&format!("password-file = '{}'", path.display()));
    assert_eq!(password(by_file.variable("LOG_SHIPPER_PASSWORD", "two")), expected("two"));
}

#[test]
fn secrets_that_are_missing_doubled_or_unreadable_are_refused_without_being_repeated() {
    let twice = Start::new()
        .variable("LOG_SHIPPER_PASSWORD", "hunter2")
        .variable("LOG_SHIPPER_PASSWORD_FILE", "/hunter")
        .flag("--user=ada");
    assert_eq!(twice.complaint(), "both LOG_SHIPPER_PASSWORD and LOG_SHIPPER_PASSWORD_FILE are set: give one of them");
    let lonely = Start::new().variable("LOG_SHIPPER_PASSWORD", "hunter2");
    assert_eq!(lonely.complaint(), "LOG_SHIPPER_PASSWORD is given without --user");
    let key_too = Start::new().variable("LOG_SHIPPER_API_KEY", "hunter2").file_flag("password-file", "hunter2");
    let said = "LOG_SHIPPER_API_KEY cannot be used with a user or a password, and there is --password-file";
    assert_eq!(key_too.complaint(), said);
    for (text, said) in [("\n", "is empty"), ("hunter2\nx", "more than one line"), (&"x".repeat(70_000), "64 KiB")] {
        let complaint = Start::new().file_flag("api-key-file", text).complaint();
        assert!(complaint.starts_with("--api-key-file: ") && complaint.contains(said), "{complaint}");
    }
}

#[test]
fn nothing_secret_is_in_what_debug_shows() {
    let start =
        Start::new().variable("LOG_SHIPPER_PASSWORD", "hunter2").variable("LOG_SHIPPER_CONFIG", "").flag("--user=ada");
    let shown = format!("{:?} {:?}", start.settings(), start.given());
    assert!(!shown.contains("hunter2") && shown.contains("LOG_SHIPPER_PASSWORD") && shown.contains("ada"), "{shown}");
}

#[test]
fn docker_is_read_where_nothing_else_is_or_where_it_is_asked_for() {
    let root = |start: Start| start.settings().input.docker_root().map(|root| root.display().to_string());
    assert_eq!(root(Start::new()).as_deref(), Some("/var/lib/docker/containers"));
    assert_eq!(root(Start::new().flag("--stdin")), None);
    assert_eq!(root(Start::new().flag("--files=/x/*")), None);
    assert_eq!(root(Start::new().flag("--files=/x/*").flag("--docker-root=/d")).as_deref(), Some("/d"));
}

#[test]
fn the_example_is_what_the_program_prints_and_has_every_setting_with_its_default() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/log-shipper.example.toml");
    let written = fs::read_to_string(path).unwrap();
    assert_eq!(written, example(), "`log-shipper test config --example` prints the new one");

    let merged = |text: &str| Effective::merge(&Settings::grammar(), &Start::new().file(text).given()).unwrap();
    let defaults = merged("");
    let texts = |of: &Effective| of.iter().map(|value| (value.name.clone(), value.texts.clone())).collect::<Vec<_>>();
    let switched_off = |mut all: Vec<(String, Vec<_>)>| {
        all.iter_mut().filter(|(name, _)| name == "stdin").for_each(|(_, texts)| texts.clear());
        all
    };
    assert_eq!(switched_off(texts(&merged(&written))), switched_off(texts(&defaults)));

    let is_setting = |line: &str| line.split(" = ").next().is_some_and(|key| defaults.origin(key).is_some());
    let active = |line: &str| line.strip_prefix("# ").filter(|rest| is_setting(rest)).unwrap_or(line).to_owned();
    let everything = written.lines().map(active).collect::<Vec<_>>().join("\n");
    for value in merged(&everything).iter() {
        assert!(matches!(value.origin, Origin::File(..)), "{} is missing", value.name);
        assert!(!value.texts.is_empty(), "{} has no value", value.name);
    }
}

#[test]
fn a_variable_that_is_no_setting_is_named() {
    let said = Start::new().variable("LOG_SHIPPER_LANE", "hunter2").complaint();
    assert_eq!(said, "LOG_SHIPPER_LANE is not known: is LOG_SHIPPER_LANES meant?");
    let said = Start::new().variable("LOG_SHIPPER_QQQ", "hunter2").complaint();
    assert_eq!(said, "LOG_SHIPPER_QQQ is not known: see `log-shipper --help`");
    Start::new().variable("LOG_SHIPPER_TORTURE_SECONDS", "1").variable("LOG_SHIPPER_BINARY", "x").settings();
}
