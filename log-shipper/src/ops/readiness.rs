//! Whether the shipper can do its work, and if not, why.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The reasons why the shipper cannot do its work, each under the name of the part that has it: cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Readiness(Arc<Mutex<BTreeMap<&'static str, String>>>);

impl Readiness {
    /// `part` cannot do its work, because of `reason`: one line in our own words, without its end.
    pub fn lacks(&self, part: &'static str, reason: impl Into<String>) {
        self.lock().insert(part, reason.into());
    }

    /// `part` can do its work again.
    pub fn recovers(&self, part: &'static str) {
        self.lock().remove(part);
    }

    /// Each reason, after the part that has it; none if all is well.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        self.lock().iter().map(|(part, reason)| format!("{part}: {reason}")).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<&'static str, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
