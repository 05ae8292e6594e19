//! New settings for a shipper that runs.

use super::{Service, plan};
use crate::config::{Given, Settings};

impl Service {
    /// Reads the settings again; if they are wrong, the old ones stay.
    pub(super) fn reload(&mut self, given: &Given) {
        let outcome = match self.try_reload(given) {
            Ok(()) => "ok",
            Err(error) => {
                tracing::warn!(error = %format!("{error:#}"), "the new settings are wrong: the old ones stay");
                "failed"
            }
        };
        self.metrics.reloads.of(outcome).increment(1);
    }

    fn try_reload(&mut self, given: &Given) -> anyhow::Result<()> {
        let settings = Settings::load(given)?;
        let treatment = plan::treatment(&settings)?;
        self.pipeline.lanes().log_in(plan::credentials(&settings.elasticsearch).as_ref())?;
        self.pipeline.treat(treatment, &plan::inputs(&settings))?;
        let late = settings.changes_that_need_a_restart(&self.settings).join(", ");
        if late.is_empty() {
            tracing::info!("the settings were read again");
        } else {
            tracing::warn!(setting = late, "the settings were read again; some have no effect before a restart");
        }
        Ok(())
    }
}
