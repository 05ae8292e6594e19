//! What takes effect while the shipper runs, when settings are read again.

use std::sync::Arc;

use anyhow::Result;

use crate::config::{Credentials, Selection, Settings};
use crate::deliver;
use crate::discover::Inputs;
use crate::mask::Masker;
use crate::pipeline::Treatment;
use crate::source::{Hints, Source};

/// All of it.
pub(super) struct Live {
    /// Where to look.
    pub(super) inputs: Inputs,
    /// How sources are treated.
    pub(super) treatment: Treatment,
    /// Who the shipper is.
    pub(super) credentials: Option<deliver::Credentials>,
}

impl Live {
    /// # Errors
    /// There are too many mask patterns, or one needs too much memory.
    pub(super) fn of(settings: &Settings) -> Result<Self> {
        let treatment = treatment(settings, settings.input.selection())?;
        Ok(Self { inputs: inputs(settings), treatment, credentials: credentials(settings) })
    }
}

fn treatment(settings: &Settings, selection: Selection) -> Result<Treatment> {
    let extra: Vec<String> = settings.input.mask.iter().map(|pattern| pattern.as_str().to_owned()).collect();
    let masker =
        Masker::new(&extra).map_err(|error| anyhow::anyhow!("{}: {error}", settings.effective.subject("mask")));
    let wanted = move |source: &Source| source.container.as_ref().is_none_or(|container| selection.wants(container));
    let forget_after = settings.state.forget_after;
    Ok(Treatment { masker: Arc::new(masker?), wanted: Arc::new(wanted), forget_after })
}

fn inputs(settings: &Settings) -> Inputs {
    let input = &settings.input;
    Inputs {
        docker_root: input.docker_root().map(Into::into),
        files: input.files.iter().map(ToString::to_string).collect(),
        hints: Hints { multiline: input.multiline.clone(), ..Hints::default() },
        patience: input.metadata_wait,
        look: input.poll,
    }
}

pub(super) fn credentials(settings: &Settings) -> Option<deliver::Credentials> {
    match &settings.elasticsearch.credentials {
        Credentials::None => None,
        Credentials::Basic { user, password } => Some(deliver::Credentials::Basic(user.clone(), password.clone())),
        Credentials::ApiKey(key) => Some(deliver::Credentials::ApiKey(key.clone())),
    }
}

#[cfg(test)]
mod tests;
