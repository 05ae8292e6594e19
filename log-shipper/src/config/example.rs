//! A file that has every setting, made of what clap knows of them.

use std::fmt::Write;

use clap::Arg;

use super::Settings;
use super::layers::{is_list, is_switch};

const HEAD: &str = "\
# Settings of log-shipper. Each key is also a flag (batch-bytes is --batch-bytes) and an environment variable
# (LOG_SHIPPER_BATCH_BYTES); a flag beats a variable, and a variable beats this file.
# A key without `#` before it has its default value here; one with it has no default, and the value is an example.
";

/// What those could be that have no default.
const VALUES: [(&str, &str); 14] = [
    ("docker-root", "\"/var/lib/docker/containers\""),
    ("files", "[\"/var/log/site*.log\"]"),
    ("include", "[\"service=minitwit_*\", \"label:log\"]"),
    ("exclude", "[\"name=debug*\"]"),
    ("multiline", "'^\\S'"),
    ("mask", "['token-[0-9a-f]{32}', 'pin=(\\d+)']"),
    ("state", "\"/var/lib/log-shipper\""),
    ("elasticsearch", "[\"https://es1.example:9200\", \"https://es2.example:9200\"]"),
    ("user", "\"log-shipper\""),
    ("password-file", "\"/run/secrets/elasticsearch-password\""),
    ("api-key-file", "\"/run/secrets/elasticsearch-api-key\""),
    ("ca-file", "\"/etc/log-shipper/ca.pem\""),
    ("client-certificate-file", "\"/etc/log-shipper/client.pem\""),
    ("client-key-file", "\"/run/secrets/client-key.pem\""),
];

/// A TOML file with every setting: what it is for, its default, or an example where it has none.
#[must_use]
pub fn example() -> String {
    let mut text = HEAD.to_owned();
    let mut heading = "";
    let command = Settings::grammar();
    for arg in command.get_arguments() {
        let under = arg.get_help_heading().unwrap_or_default();
        if under != heading {
            heading = under;
            write!(text, "\n# {heading}.\n").expect("a String takes all");
        }
        entry(&mut text, arg);
    }
    text
}

fn entry(text: &mut String, arg: &Arg) {
    let name = arg.get_long().unwrap_or_default();
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let (mark, value) = default(arg).map_or_else(|| ("# ", sample(name)), |value| ("", value));
    write!(text, "\n# {help}.\n{mark}{name} = {value}\n").expect("a String takes all");
}

/// The default as TOML.
fn default(arg: &Arg) -> Option<String> {
    if is_switch(arg) {
        return Some("false".into());
    }
    let text = arg.get_default_values().first().filter(|_| !is_list(arg))?.to_str()?;
    Some(if text.parse::<u64>().is_ok() { text.to_owned() } else { format!("\"{text}\"") })
}

fn sample(name: &str) -> String {
    let known = VALUES.iter().find(|(known, _)| *known == name);
    // Only the fingerprint is left: its example is as long as it is.
    known.map_or_else(|| format!("\"{}\"", "0f".repeat(32)), |(_, value)| (*value).to_owned())
}
