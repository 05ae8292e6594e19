//! Names, e-mail addresses and passwords, and the order in which a registration is checked.

use secrecy::{ExposeSecret, SecretString};

/// Names that are routes of the site: refused as taken, or their owner's page could never be reached.
pub const RESERVED_NAMES: &[&str] =
    &["public", "login", "register", "logout", "add_message", "static", "favicon.ico", "robots.txt"];

const NAME_MAX_CHARS: usize = 64;
const EMAIL_MAX_BYTES: usize = 254;
const PASSWORD_MAX_BYTES: usize = 1024;

/// Why a registration is refused. The first five texts are the contract's, in the order in which they are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The name is empty.
    #[error("You have to enter a username")]
    NoUsername,
    /// The name has more than 64 characters.
    #[error("The username is too long: at most 64 characters")]
    LongUsername,
    /// The name begins or ends with a space.
    #[error("The username must not begin or end with a space")]
    PaddedUsername,
    /// The name has two spaces in a row, which HTML shows as one.
    #[error("The username must not have two spaces in a row")]
    SpacedUsername,
    /// The name has a character that cannot be seen or that changes how others are shown, or is `.` or `..`.
    #[error("The username has a character that cannot be used in a name")]
    UnprintableUsername,
    /// The address is empty, has no `@`, has a control character, or is longer than 254 bytes (RFC 5321).
    #[error("You have to enter a valid email address")]
    BadEmail,
    /// The password is empty.
    #[error("You have to enter a password")]
    NoPassword,
    /// The password has more than 1,024 bytes.
    #[error("The password is too long: at most 1024 bytes")]
    LongPassword,
    /// The repetition differs.
    #[error("The two passwords do not match")]
    PasswordMismatch,
    /// Somebody has the name, or a route has.
    #[error("The username is already taken")]
    Taken,
}

impl Refusal {
    /// A short constant for the log line and for metrics.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::NoUsername
            | Self::LongUsername
            | Self::PaddedUsername
            | Self::SpacedUsername
            | Self::UnprintableUsername => "bad_username",
            Self::BadEmail => "bad_email",
            Self::NoPassword | Self::LongPassword => "bad_password",
            Self::PasswordMismatch => "password_mismatch",
            Self::Taken => "username_taken",
        }
    }
}

/// A name that may be registered: 1 to 64 characters, all visible, compared byte by byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Parses a name.
    ///
    /// # Errors
    /// The [`Refusal`] that fits; a name that belongs to a route passes, since it is refused last, as taken.
    pub fn parse(raw: &str) -> Result<Self, Refusal> {
        if raw.is_empty() {
            return Err(Refusal::NoUsername);
        }
        if raw.trim() != raw {
            return Err(Refusal::PaddedUsername);
        }
        if raw.contains("  ") {
            return Err(Refusal::SpacedUsername);
        }
        if raw.chars().count() > NAME_MAX_CHARS {
            return Err(Refusal::LongUsername);
        }
        // A browser resolves "/." and "/.." away before it asks.
        if matches!(raw, "." | "..") || raw.chars().any(misleading) {
            return Err(Refusal::UnprintableUsername);
        }
        Ok(Self(raw.to_owned()))
    }

    /// The name itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn is_reserved(&self) -> bool {
        RESERVED_NAMES.contains(&self.0.as_str())
    }
}

/// Controls, every space but the plain one, Unicode's format characters (category Cf: direction overrides, joiners, tags)
/// and what else it shows as nothing (property `Default_Ignorable_Code_Point`, blank letters and symbols) would let two names
/// look alike, or turn the text around them. U+FFFD stands for bytes that were no text.
fn misleading(c: char) -> bool {
    c.is_control()
        || (c.is_whitespace() && c != ' ')
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}'
            | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffd}' | '\u{110bd}' | '\u{110cd}'
            | '\u{16fe4}' | '\u{1d159}'
            | '\u{13430}'..='\u{13442}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}

/// An e-mail address as far as the contract asks: it has an `@`. At most 254 bytes, no control characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Parses an address.
    ///
    /// # Errors
    /// [`Refusal::BadEmail`].
    pub fn parse(raw: &str) -> Result<Self, Refusal> {
        let fits = raw.contains('@') && raw.len() <= EMAIL_MAX_BYTES && !raw.chars().any(char::is_control);
        if fits { Ok(Self(raw.to_owned())) } else { Err(Refusal::BadEmail) }
    }

    /// The address itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A password of 1 to 1,024 bytes, which `Debug` does not show.
#[derive(Clone, Debug)]
pub struct Password(SecretString);

impl Password {
    /// Parses a password.
    ///
    /// # Errors
    /// [`Refusal::NoPassword`] or [`Refusal::LongPassword`].
    pub fn parse(raw: &str) -> Result<Self, Refusal> {
        match raw.len() {
            0 => Err(Refusal::NoPassword),
            1..=PASSWORD_MAX_BYTES => Ok(Self(raw.into())),
            _ => Err(Refusal::LongPassword),
        }
    }

    /// Gives the secret to whom hashes it.
    #[must_use]
    pub fn into_secret(self) -> SecretString {
        self.0
    }
}

/// What a new user gave, checked.
#[derive(Clone, Debug)]
pub struct Registration {
    /// The name.
    pub username: Username,
    /// The address.
    pub email: Email,
    /// The password.
    pub password: Password,
}

impl Registration {
    /// Checks in the contract's order: name, e-mail, password, repetition, and a name that is a route as taken.
    /// The simulator gives no repetition.
    ///
    /// # Errors
    /// The first [`Refusal`] in that order. Whether another user has the name, only the database knows.
    pub fn parse(username: &str, email: &str, password: &str, repeated: Option<&str>) -> Result<Self, Refusal> {
        let username = Username::parse(username)?;
        let email = Email::parse(email)?;
        let password = Password::parse(password)?;
        if repeated.is_some_and(|repeated| repeated != password.0.expose_secret()) {
            return Err(Refusal::PasswordMismatch);
        }
        if username.is_reserved() {
            return Err(Refusal::Taken);
        }
        Ok(Self { username, email, password })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_scenario_are_kept_as_they_are() {
        for name in ["Roger Histand", "ada", "O'Brien", "Zoë", "a/b", "Login", "名前"] {
            assert_eq!(Username::parse(name).map(|n| n.0), Ok(name.to_owned()));
        }
    }

    #[test]
    fn names_that_mislead_are_refused() {
        for name in ["a\u{202e}b", "a\0b", "a\nb", "a\u{200b}", ".", "..", "a\u{a0}b", "a\u{feff}"] {
            assert!(Username::parse(name).is_err(), "{name:?}");
        }
        assert_eq!(Username::parse(" ada"), Err(Refusal::PaddedUsername));
        assert_eq!(Username::parse(&"x".repeat(65)), Err(Refusal::LongUsername));
        assert!(Username::parse(&"ü".repeat(64)).is_ok());
    }

    #[test]
    fn a_registration_is_checked_in_the_contracts_order() {
        let refusal = |u, e, p, r| Registration::parse(u, e, p, Some(r)).map(|_| ()).unwrap_err();
        assert_eq!(refusal("", "", "", "x"), Refusal::NoUsername);
        assert_eq!(refusal("login", "", "", "x"), Refusal::BadEmail);
        assert_eq!(refusal("login", "no at", "", "x"), Refusal::BadEmail);
        assert_eq!(refusal("login", "a@b", "", "x"), Refusal::NoPassword);
        assert_eq!(refusal("login", "a@b", "y", "x"), Refusal::PasswordMismatch);
        assert_eq!(refusal("login", "a@b", "x", "x"), Refusal::Taken);
    }

    #[test]
    fn a_password_has_at_most_1024_bytes_and_is_not_shown() {
        assert!(Password::parse(&"p".repeat(1024)).is_ok());
        assert_eq!(Password::parse(&"p".repeat(1025)).map(|_| ()), Err(Refusal::LongPassword));
        assert!(!format!("{:?}", Password::parse("hunter2").unwrap()).contains("hunter2"));
    }
}
