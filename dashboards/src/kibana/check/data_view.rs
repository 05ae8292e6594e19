//! The data view: its fields exist, and their formats suit them.

use serde_saphyr::Location;

use super::Check;
use crate::kibana::fields::Kind;
use crate::kibana::source::{Colour, DataView, FieldLook, Format};

impl Check<'_> {
    pub(super) fn data_view(&mut self, view: &DataView) {
        self.field(&view.time, |kind| kind == Kind::Date, "a time");
        let mut labels = std::collections::BTreeSet::new();
        for look in &view.fields {
            self.look(look);
            let what = || format!("two fields have the label {}", look.label);
            self.ensure(labels.insert(&look.label), look.field.referenced, what);
        }
    }

    fn look(&mut self, look: &FieldLook) {
        match &look.format {
            None => self.field(&look.field, |_| true, "any field"),
            Some(Format::LeadsTo(search)) => {
                self.field(&look.field, Kind::is_grouped, "a value that can be found as a whole");
                self.search(search);
            }
            Some(Format::Colours(colours)) => {
                self.field(&look.field, Kind::is_number, "a number");
                self.colours(look.field.referenced, colours);
            }
            Some(Format::Nanoseconds | Format::Bytes) => self.field(&look.field, Kind::is_number, "a number"),
        }
    }

    fn colours(&mut self, at: Location, colours: &[Colour]) {
        for colour in colours {
            self.colour(at, &colour.text);
            self.colour(at, &colour.background);
            self.ensure(colour.from <= colour.to, at, || format!("no number is from {} to {}", colour.from, colour.to));
        }
        let apart = colours.is_sorted_by(|before, after| before.to < after.from);
        self.ensure(apart, at, || "the ranges of colours follow each other and do not meet".into());
    }
}
