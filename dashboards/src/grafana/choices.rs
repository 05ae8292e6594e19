//! The words between which a dashboard's file chooses.

use serde::{Deserialize, Serialize};

/// How a panel shows its numbers, by Grafana's name of it.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Lines or bars over time.
    TimeSeries,
    /// One large number for each query or series.
    Stat,
    /// Rows and columns.
    Table,
    /// Bars that stand for something else than times.
    BarChart,
    /// A coloured band over time for each series.
    #[serde(rename = "state-timeline")]
    StateTimeline,
    /// How a distribution changes over time.
    HeatMap,
}

impl Kind {
    /// Whether it shows a whole range of time, and not only its end.
    #[must_use]
    pub fn over_time(self) -> bool {
        matches!(self, Self::TimeSeries | Self::StateTimeline | Self::HeatMap)
    }

    /// Width in columns of 24 and height in rows of 30 pixels, unless the panel says otherwise.
    #[must_use]
    pub fn size(self) -> (u32, u32) {
        match self {
            Self::Stat => (4, 4),
            Self::TimeSeries => (8, 8),
            Self::Table | Self::BarChart | Self::HeatMap => (12, 8),
            Self::StateTimeline => (8, 5),
        }
    }
}

/// Where a query is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataSource {
    /// `promql:`
    Prometheus,
    /// `sql:`
    Postgres,
    /// `lucene:`
    Elasticsearch,
}

impl DataSource {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Prometheus, Self::Postgres, Self::Elasticsearch];

    /// The identity of Grafana's plug-in for it.
    #[must_use]
    pub fn plugin(self) -> &'static str {
        match self {
            Self::Prometheus => "prometheus",
            Self::Postgres => "grafana-postgresql-datasource",
            Self::Elasticsearch => "elasticsearch",
        }
    }

    /// The name and the uid under which Grafana is given it: what is chosen at first.
    #[must_use]
    pub fn identity(self) -> (&'static str, &'static str) {
        match self {
            Self::Prometheus => ("MiniTwit Prometheus", "minitwit-prometheus"),
            Self::Postgres => ("MiniTwit PostgreSQL", "minitwit-postgres"),
            Self::Elasticsearch => ("MiniTwit Elasticsearch", "minitwit-elasticsearch"),
        }
    }

    /// The variable with which it is chosen.
    #[must_use]
    pub fn variable(self) -> Variable {
        match self {
            Self::Prometheus => Variable::Prometheus,
            Self::Postgres => Variable::Postgres,
            Self::Elasticsearch => Variable::Elasticsearch,
        }
    }
}

/// What a dashboard can be asked for at its top.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Variable {
    /// The Prometheus that is asked.
    Prometheus,
    /// The PostgreSQL that is asked.
    Postgres,
    /// The Elasticsearch that is asked.
    Elasticsearch,
    /// The `job` of the targets.
    Job,
    /// The targets.
    Instance,
    /// The routes of requests.
    Route,
}

impl Variable {
    /// Its name in queries.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Prometheus => "prometheus",
            Self::Postgres => "postgres",
            Self::Elasticsearch => "elasticsearch",
            Self::Job => "job",
            Self::Instance => "instance",
            Self::Route => "route",
        }
    }
}

/// A colour of Grafana's palette, so that it suits the light and the dark theme.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "colours speak for themselves")]
pub enum Color {
    Green,
    Blue,
    Yellow,
    Orange,
    Red,
    Purple,
    Text,
}

/// What a legend sums up of each series.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Calc {
    /// The newest value.
    #[serde(rename(serialize = "lastNotNull"))]
    Last,
    /// The average.
    Mean,
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// All together.
    Sum,
}

/// How a time series is drawn.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Draw {
    /// From point to point.
    #[default]
    Line,
    /// Level until the next point.
    Steps,
    /// Each point on its own.
    Bars,
}

/// How an axis grows.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// By the same amount.
    #[default]
    Linear,
    /// By the same factor, also through zero.
    Log,
}

/// The axis of a query's series.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Align {
    /// Where the first unit stands.
    Left,
    /// Where a second unit stands.
    Right,
}
