//! New settings for a shipper that runs.

use super::live::Live;
use super::{Service, sources};
use crate::cli::causes;
use crate::config::Given;

impl Service {
    /// Reads the settings again; if they are wrong, the old ones stay.
    pub(super) fn reload(&mut self, given: &Given) {
        if let Err(error) = self.try_reload(given) {
            tracing::warn!(error = %causes(&error), "the new settings are wrong: the old ones stay");
            self.metrics.reloads.of("failed").increment(1);
        }
    }

    fn try_reload(&mut self, given: &Given) -> anyhow::Result<()> {
        let (settings, late) = self.settings.renewed(given)?;
        let Live { inputs, treatment, credentials } = Live::of(&settings)?;
        sources::check(&settings)?;
        self.pipeline.lanes().log_in(credentials.as_ref())?;
        let (reloads, late) = (self.metrics.reloads.of("ok").clone(), late.join(", "));
        self.pipeline.treat(treatment, &inputs, move || {
            reloads.increment(1);
            tell(&late);
        })?;
        self.settings = settings;
        Ok(())
    }
}

fn tell(late: &str) {
    if late.is_empty() {
        tracing::info!("the settings were read again");
    } else {
        tracing::warn!(setting = late, "the settings were read again; some have no effect before a restart");
    }
}
