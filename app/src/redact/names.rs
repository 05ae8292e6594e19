//! Which names a line may show: a password typed as user name must not be among them.

/// The longest name or address that is shown on trust.
const TRUSTED_MAX_BYTES: usize = 254;

/// The names that a line may show.
#[derive(Clone, Debug, Default)]
pub struct Names {
    confirmed: Vec<String>,
    trusted: bool,
}

impl Names {
    /// This name, or e-mail address, belongs to a user that exists. Returns its number, for [`Names::confirmed`].
    pub fn confirm(&mut self, name: &str) -> usize {
        let known = self.confirmed.iter().position(|confirmed| confirmed == name);
        known.unwrap_or_else(|| {
            self.confirmed.push(name.to_owned());
            self.confirmed.len() - 1
        })
    }

    /// The name of this number.
    #[must_use]
    pub fn confirmed(&self, number: usize) -> Option<&str> {
        self.confirmed.get(number).map(String::as_str)
    }

    /// The caller proved to be the simulator, whose unknown names are worth seeing: it never types a password as one.
    pub fn trust(&mut self) {
        self.trusted = true;
    }

    /// Whether a user has exactly this name or address.
    #[must_use]
    pub fn confirms(&self, name: &str) -> bool {
        self.confirmed.iter().any(|confirmed| confirmed == name)
    }

    /// Whether a name in its proper place may be shown: a user has it, or a trusted caller gave it and it looks like one.
    #[must_use]
    pub fn shows(&self, name: &str) -> bool {
        self.confirms(name) || (self.trusted && plausible(name))
    }
}

/// Trust in a caller ends where the value cannot be a name: `ada;password=x` has other characters.
fn plausible(name: &str) -> bool {
    name.len() <= TRUSTED_MAX_BYTES && name.chars().all(|c| c.is_alphanumeric() || " .-_'+@".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_confirmed_name_is_shown() {
        let mut names = Names::default();
        assert!(!names.shows("ada"));
        names.confirm("ada");
        assert!(names.shows("ada") && !names.shows("Ada") && !names.shows("ad"));
    }

    #[test]
    fn a_trusted_callers_name_is_shown_if_it_can_be_one() {
        let mut names = Names::default();
        names.trust();
        assert!(names.shows("Roger Histand") && names.shows("Roger+Histand@hotmail.com") && names.shows("O'Brien"));
        for value in ["ada;password=x", "a&b", "{\"a\":1}", "a:b", "a%20b", "a\nb", &"x".repeat(255)] {
            assert!(!names.shows(value), "{value}");
        }
        assert!(!names.confirms("Roger Histand"));
    }
}
