//! Secrets: from the environment or from files, never from the command line, where every user of the machine sees them.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use secrecy::SecretString;

use super::{Complaint, Effective, Elasticsearch, Given, Origin};

/// A file with a secret is not longer than this.
const LIMIT: u64 = 64 * 1024;

/// How we prove who we are.
#[derive(Clone, Debug, Default)]
pub enum Credentials {
    /// Not at all, or by a client certificate.
    #[default]
    None,
    /// A user and their password.
    Basic {
        /// The user.
        user: String,
        /// The password.
        password: SecretString,
    },
    /// An API key as Elasticsearch prints it encoded.
    ApiKey(SecretString),
}

pub(super) fn credentials(
    settings: &Elasticsearch,
    effective: &Effective,
    given: &Given,
) -> Result<Credentials, Complaint> {
    let of = |name, file| secret(name, file, effective, given);
    let password = of("password", settings.password_file.as_deref())?;
    let key = of("api-key", settings.api_key_file.as_deref())?;
    match (settings.user.clone(), password, key) {
        (None, None, None) => Ok(Credentials::None),
        (Some(user), Some(password), None) => Ok(Credentials::Basic { user, password }),
        (None, None, Some(key)) => Ok(Credentials::ApiKey(key)),
        (Some(_), None, None) => Err(Complaint::new("--user is given without a password: add --password-file")),
        (None, Some(_), None) => Err(Complaint::new("a password is given without --user")),
        (_, _, Some(_)) => Err(Complaint::new("both an API key and a user or password are given: give one of them")),
    }
}

/// The secret `name`, which `NAME-file` or the variable holds; a flag beats a variable, and that the file with settings.
fn secret(
    name: &str,
    file: Option<&Path>,
    effective: &Effective,
    given: &Given,
) -> Result<Option<SecretString>, Complaint> {
    let file_flag = format!("{name}-file");
    let variable = Given::variable(name);
    let direct = given.environment.get(&variable);
    match (file, direct, effective.origin(&file_flag)) {
        (Some(path), _, Some(Origin::Flag)) | (Some(path), None, _) => read(&file_flag, path).map(Some),
        (Some(_), Some(_), Some(Origin::Variable(other))) => {
            Err(Complaint::new(format!("both {variable} and {other} are set: give one of them")))
        }
        (_, Some(value), _) => {
            let text = value.to_str().ok_or_else(|| Complaint::new(format!("{variable} is not UTF-8")))?;
            Ok(Some(text.into()))
        }
        (None, None, _) => Ok(None),
    }
}

/// Reads a file with a secret; a line end at its end is not part of it.
fn read(name: &str, path: &Path) -> Result<SecretString, Complaint> {
    let wrong = |what: &str| Complaint::new(format!("--{name}: {} {what}", path.display()));
    let mut text = String::new();
    let opened = File::open(path).and_then(|file| file.take(LIMIT + 1).read_to_string(&mut text));
    opened.map_err(|error| wrong(&format!("cannot be read: {error}")))?;
    let secret = text.trim_end_matches(['\r', '\n']);
    match secret {
        "" => Err(wrong("is empty")),
        _ if text.len() as u64 > LIMIT => Err(wrong("is longer than 64 KiB")),
        _ if secret.contains(['\r', '\n']) => Err(wrong("has more than one line")),
        _ => Ok(secret.into()),
    }
}
