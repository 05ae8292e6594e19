//! Secrets: from the environment or from files, never from the command line, where every user of the machine sees them.

use std::path::Path;

use secrecy::SecretString;

use super::{Complaint, Effective, Elasticsearch, Given, Origin, regular};

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
    let user = settings.user.clone().map(|user| (user, effective.subject("user")));
    match (user, password, key) {
        (None, None, None) => Ok(Credentials::None),
        (Some((user, _)), Some((password, _)), None) => Ok(Credentials::Basic { user, password }),
        (None, None, Some((key, _))) => Ok(Credentials::ApiKey(key)),
        (Some((_, user)), None, None) => {
            let more = "add --password-file or LOG_SHIPPER_PASSWORD";
            Err(Complaint::new(format!("{user} is given without a password: {more}")))
        }
        (None, Some((_, password)), None) => Err(Complaint::new(format!("{password} is given without --user"))),
        (user, password, Some((_, key))) => {
            let other = user.map(|(_, user)| user).or(password.map(|(_, password)| password)).unwrap_or_default();
            Err(Complaint::new(format!("{key} cannot be used with a user or a password, and there is {other}")))
        }
    }
}

/// The secret `name`, which `NAME-file` or the variable holds, and what a complaint about it begins with; a flag beats a
/// variable, and that the file with settings.
fn secret(
    name: &str,
    file: Option<&Path>,
    effective: &Effective,
    given: &Given,
) -> Result<Option<(SecretString, String)>, Complaint> {
    let file_flag = format!("{name}-file");
    let variable = Given::variable(name);
    let direct = given.environment.get(&variable);
    match (file, direct, effective.origin(&file_flag)) {
        (Some(path), _, Some(Origin::Flag)) | (Some(path), None, _) => {
            let subject = effective.subject(&file_flag);
            read(&subject, path).map(|secret| Some((secret, subject)))
        }
        (Some(_), Some(_), Some(Origin::Variable(other))) => {
            Err(Complaint::new(format!("both {variable} and {other} are set: give one of them")))
        }
        (_, Some(value), _) => {
            let text = value.to_str().ok_or_else(|| Complaint::new(format!("{variable} is not UTF-8")))?;
            Ok(Some((text.into(), variable)))
        }
        (None, None, _) => Ok(None),
    }
}

/// Reads a file with a secret; a line end at its end is not part of it.
fn read(subject: &str, path: &Path) -> Result<SecretString, Complaint> {
    let wrong = |what: &str| Complaint::new(format!("{subject}: {} {what}", path.display()));
    let text = regular::text(path, regular::SECRET).map_err(|what| wrong(&what))?;
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err(wrong("is empty")),
        secret if secret.contains(['\r', '\n']) => Err(wrong("has more than one line")),
        secret => Ok(secret.into()),
    }
}
