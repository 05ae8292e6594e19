//! Which names a line may show: a password typed as user name must not be among them.

/// The names that a line may show: those that users have.
#[derive(Clone, Debug, Default)]
pub struct Names {
    confirmed: Vec<String>,
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

    /// Whether a user has exactly this name or address.
    #[must_use]
    pub fn confirms(&self, name: &str) -> bool {
        self.confirmed.iter().any(|confirmed| confirmed == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_confirmed_name_is_shown() {
        let mut names = Names::default();
        assert!(!names.confirms("ada"));
        names.confirm("ada");
        assert!(names.confirms("ada") && !names.confirms("Ada") && !names.confirms("ad"));
    }
}
