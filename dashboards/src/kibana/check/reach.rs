//! Who is on call finds every search on the dashboard.

use super::Check;
use crate::kibana::source::{Show, Source};

impl Check<'_> {
    pub(super) fn reached(&mut self, source: &Source) {
        for search in &source.searches {
            let id = &search.id.value;
            let reached = source.dashboard.panels.iter().any(|panel| match &panel.show {
                Show::Text(text) => text.value.contains(&format!("]({{{id}}})")),
                Show::Search(shown) => shown.value == *id,
                _ => false,
            });
            let what = || format!("no panel of the dashboard shows {id} or has a link `[…]({{{id}}})` to it");
            self.ensure(reached, search.id.referenced, what);
        }
    }
}
