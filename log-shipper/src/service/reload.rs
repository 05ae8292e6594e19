//! New settings for a shipper that runs.

use super::live::Live;
use super::{Service, sources};
use crate::cli::causes;
use crate::config::Given;

impl Service {
    /// Reads the settings again; if they are wrong, the old ones stay.
    pub(super) fn reload(&mut self, given: &Given) {
        let outcome = match self.try_reload(given) {
            Ok(()) => "ok",
            Err(error) => {
                tracing::warn!(error = %causes(&error), "the new settings are wrong: the old ones stay");
                "failed"
            }
        };
        self.metrics.reloads.of(outcome).increment(1);
    }

    fn try_reload(&mut self, given: &Given) -> anyhow::Result<()> {
        let (settings, late) = self.settings.renewed(given)?;
        let Live { inputs, treatment, credentials } = Live::of(&settings)?;
        sources::check(&settings)?;
        self.pipeline.lanes().log_in(credentials.as_ref())?;
        self.pipeline.treat(treatment, &inputs)?;
        self.settings = settings;
        if late.is_empty() {
            tracing::info!("the settings were read again");
        } else {
            let late = late.join(", ");
            tracing::warn!(setting = late, "the settings were read again; some have no effect before a restart");
        }
        Ok(())
    }
}
