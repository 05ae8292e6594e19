//! For which of the two programs objects are made.

/// Kibana and OpenSearch Dashboards were one program up to 7.10; objects of one are not those of the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// Kibana 8.19. Panels are Lens, which is what its users make and edit panels with.
    Kibana,
    /// OpenSearch Dashboards 2.10 or newer. Panels are its classic visualizations: it has no Lens.
    OpenSearchDashboards,
}

impl Flavour {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Kibana, Self::OpenSearchDashboards];

    /// The name of the file that it is given.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::Kibana => "kibana.ndjson",
            Self::OpenSearchDashboards => "opensearch-dashboards.ndjson",
        }
    }

    /// The version that objects of a type are written in. It is the last one that changed the type's form before model
    /// versions, so that every later program takes them and brings them up to date.
    pub(super) const fn version(self, kind: Kind) -> &'static str {
        match (self, kind) {
            (Self::Kibana, Kind::IndexPattern | Kind::Search) => "8.0.0",
            (Self::Kibana, Kind::Visualization) => "8.5.0",
            (Self::Kibana, Kind::Lens) => "8.9.0",
            (Self::Kibana, Kind::Dashboard) => "8.7.0",
            (Self::OpenSearchDashboards, Kind::IndexPattern) => "7.6.0",
            (Self::OpenSearchDashboards, Kind::Search | Kind::Dashboard) => "7.9.3",
            (Self::OpenSearchDashboards, Kind::Visualization | Kind::Lens) => "7.10.0",
        }
    }
}

/// The type of a saved object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    IndexPattern,
    Search,
    Visualization,
    Lens,
    Dashboard,
}

impl Kind {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::IndexPattern => "index-pattern",
            Self::Search => "search",
            Self::Visualization => "visualization",
            Self::Lens => "lens",
            Self::Dashboard => "dashboard",
        }
    }
}
