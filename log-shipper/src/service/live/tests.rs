use std::ffi::OsString;
use std::fs;
use std::path::Path;

use secrecy::ExposeSecret;

use super::*;
use crate::cli::parse_from;
use crate::config::{Environment, Given};
use crate::source::Container;

/// A start with a file of settings.
fn given(file: &Path) -> Given {
    let words = ["log-shipper", "run", "--config"].map(OsString::from).into_iter().chain([file.into()]);
    parse_from(words, Environment::default()).unwrap().given
}

/// All that can be seen of what takes effect.
fn seen(settings: &Settings) -> String {
    let own = settings.input.selection_of(Some("4e1f0b6a9d2c".to_owned()));
    let Live { inputs, treatment, credentials } =
        Live { treatment: treatment(settings, own).unwrap(), ..Live::of(settings).unwrap() };
    let container = |id: &str, name: &str| {
        let container = Container { id: id.into(), name: name.into(), known: true, ..Container::default() };
        Source { name: String::new(), container: Some(container), hints: Hints::default() }
    };
    let sources = [container("4e1f0b6a9d2c", "other"), container("ffffffffffff", "other"), container("f", "one")];
    let wanted = sources.map(|source| (treatment.wanted)(&source));
    let who = credentials.map(|credentials| credentials.header().expose_secret().to_owned());
    format!("{inputs:?} {:?} {:?} {wanted:?} {who:?}", treatment.masker, treatment.forget_after)
}

/// For each setting, lines of a file before and after it has changed; where more than one line is needed, only the one
/// of the setting differs.
fn change(name: &str) -> (String, String) {
    let (before, after) = match name {
        "docker-root" | "state" | "ca-file" => ("'/a'", "'/b'"),
        "files" | "include" | "exclude" | "mask" => ("['name=none']", "['name=one']"),
        "stdin" => ("false", "true"),
        "own-container" => ("'skip'", "'read'"),
        "multiline" | "target" => ("'a'", "'b'"),
        "elasticsearch" => ("['http://a:1']", "['http://b:1']"),
        "user" => {
            return ("user = 'a'\npassword-file = 'SECRET'".into(), "user = 'b'\npassword-file = 'SECRET'".into());
        }
        "password-file" => return (String::new(), "user = 'a'\npassword-file = 'SECRET'".into()),
        "api-key-file" => return (String::new(), "api-key-file = 'SECRET'".into()),
        "client-certificate-file" | "client-key-file" => {
            let both = |name: &str| format!("client-certificate-file = '/{name}'\nclient-key-file = '/{name}'");
            return (both("a"), both("b"));
        }
        "ca-fingerprint" => return (String::new(), format!("{name} = '{}'", "0f".repeat(32))),
        "gzip" | "await-setup" => ("'on'", "'off'"),
        "log-level" => ("'warn'", "'info'"),
        "log-format" => ("'json'", "'pretty'"),
        "operations-listen" => ("'off'", "'127.0.0.1:1'"),
        "lanes" | "batch-lines" | "max-open-files" => ("3", "4"),
        "max-line" | "batch-bytes" => ("'1MiB'", "'2MiB'"),
        "memory" | "dead-letter-limit" => ("'30MiB'", "'40MiB'"),
        _ => ("'2s'", "'3s'"),
    };
    (format!("{name} = {before}"), format!("{name} = {after}"))
}

#[test]
fn of_each_setting_either_the_change_takes_effect_or_it_is_told_that_it_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let (file, secret) = (folder.path().join("config.toml"), folder.path().join("secret"));
    fs::write(&secret, "hunter2").unwrap();
    let write = |text: &str| fs::write(&file, text.replace("SECRET", secret.to_str().unwrap())).unwrap();
    write("");
    let given = given(&file);
    let all = Settings::load(&given).unwrap().effective;
    for name in all.iter().map(|value| value.name.as_str()) {
        let (before, after) = change(name);
        write(&before);
        let old = Settings::load(&given).unwrap();
        write(&after);
        let (new, late) = old.renewed(&given).unwrap();
        assert_eq!(seen(&new) == seen(&old), !late.is_empty(), "{name}: {late:?}");
        assert!(late.iter().all(|late| after.contains(late.as_str())), "{name}: {late:?}");
    }
}
