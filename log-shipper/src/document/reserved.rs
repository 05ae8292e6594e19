//! The names that a line may not use, because they are the shipper's or Elasticsearch's own.

/// Names that Elasticsearch refuses at a document's root, or gives a meaning of its own there (seen with 8.19; those of
/// its optional parts are from its documentation).
const METADATA: [&[u8]; 22] = [
    b"_id",
    b"_index",
    b"_source",
    b"_routing",
    b"_type",
    b"_seq_no",
    b"_primary_term",
    b"_version",
    b"_field_names",
    b"_ignored",
    b"_ignored_source",
    b"_doc_count",
    b"_tier",
    b"_nested_path",
    b"_data_stream_timestamp",
    b"_tsid",
    b"_ts_routing_hash",
    b"_feature",
    b"_size",
    b"_inference_fields",
    b"_index_mode",
    b"_parent_join",
];

/// An object whose members have to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// The document.
    Root,
    /// `log`
    Log,
    /// `host`
    Host,
    /// `event`
    Event,
    /// `ecs`
    Ecs,
    /// Any other object.
    Elsewhere,
}

/// What becomes of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays.
    Kept,
    /// Its name is taken.
    Taken,
    /// It is the line's own time.
    Time,
    /// It is the line's own version of the common schema.
    Version,
    /// It stays unless the whole line has to be put there.
    Original,
    /// That depends on its own members.
    Within(Room),
}

impl Room {
    /// That of the member `name` (without escapes), which may be a dotted path.
    #[inline]
    pub(super) fn fate(self, name: &[u8]) -> Fate {
        // Most names of most lines are through here.
        let letter = name.first().copied().unwrap_or_default();
        if self == Self::Elsewhere || (self == Self::Root && !b"@_acdehls".contains(&letter)) {
            return Fate::Kept;
        }
        let dot = name.iter().position(|byte| *byte == b'.');
        let (first, rest) = dot.map_or((name, None), |dot| (&name[..dot], Some(&name[dot + 1..])));
        self.fate_of(first, rest)
    }

    fn fate_of(self, first: &[u8], rest: Option<&[u8]>) -> Fate {
        match (self, first) {
            (Self::Root, b"log") => Self::Log.enter(rest),
            (Self::Root, b"host") => Self::Host.enter(rest),
            (Self::Root, b"event") => Self::Event.enter(rest),
            (Self::Root, b"ecs") => Self::Ecs.enter(rest),
            (Self::Root, b"@timestamp") if rest.is_none() => Fate::Time,
            (Self::Root, b"@timestamp" | b"agent" | b"container" | b"docker" | b"stream")
            | (Self::Log, b"file" | b"offset" | b"flags")
            | (Self::Host, b"name") => Fate::Taken,
            (Self::Root, name) if METADATA.contains(&name) => Fate::Taken,
            (Self::Event, b"original") => Fate::Original,
            (Self::Ecs, b"version") if rest.is_none() => Fate::Version,
            (Self::Ecs, _) => Fate::Taken,
            _ => Fate::Kept,
        }
    }

    fn enter(self, rest: Option<&[u8]>) -> Fate {
        rest.map_or(Fate::Within(self), |name| self.fate(name))
    }
}
