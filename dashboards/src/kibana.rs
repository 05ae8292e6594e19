//! Searches and a dashboard as they are written, and as Kibana and OpenSearch Dashboards are given them.
//!
//! - [`source`]: what people edit, `kibana/source.yml`
//! - [`fields`]: the fields that can be searched
//! - [`kql`]: Kibana's query language, and what Elasticsearch is asked for it
//! - [`check`]: what is wrong with a source
//! - [`Flavour`]: which of the two programs objects are made for
//! - [`Found`], [`Request`]: searches and panels as they can be run without either of them
//!
//! Everything that is made of a source that was [`read`] can be made: it was checked.

mod classic;
mod dashboard;
mod data_view;
mod flavour;
mod lens;
mod link;
mod object;
mod request;
mod search;
mod table;

pub mod check;
pub mod fields;
pub mod kql;
pub mod source;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

pub use flavour::Flavour;
pub use request::Request;
pub use search::Found;
pub use source::Source;

/// The name of the file that people edit.
pub const SOURCE: &str = "source.yml";

/// Reads a source and checks it.
///
/// # Errors
/// It cannot be read, or something is wrong with it: each thing with its line and column, and with what would be right.
pub fn read(path: &Path) -> Result<Source> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    parse(&text).with_context(|| format!("{} is not as it should be", path.display()))
}

/// The same for the text of a source.
///
/// # Errors
/// As of [`read`].
pub fn parse(text: &str) -> Result<Source> {
    let source: Source = serde_saphyr::from_str(text)?;
    let problems = check::problems(&source);
    let lines =
        problems.iter().map(|problem| format!("line {}, column {}: {}", problem.line, problem.column, problem.what));
    ensure!(problems.is_empty(), "{}", lines.collect::<Vec<_>>().join("\n"));
    Ok(source)
}

/// The file that is imported: an object in each line, those that others need before them. It has no line of details behind
/// the objects, as an export has: an import does without.
#[must_use]
pub fn render(source: &Source, flavour: Flavour) -> String {
    let view = source.data_view.object(flavour);
    let (time, id) = (&source.data_view.time.value, &source.data_view.id);
    let searches = source.searches.iter().map(|search| search.object(flavour, time, id));
    let objects = [view].into_iter().chain(searches).chain(source.panels(flavour));
    objects.chain([source.dashboard_object(flavour)]).map(|object| object.line(flavour)).collect()
}

/// Each file that is made of the source in `folder`, with what has to be in it.
///
/// # Errors
/// As of [`read`].
pub fn files(folder: &Path) -> Result<Vec<(PathBuf, String)>> {
    let source = read(&folder.join(SOURCE))?;
    Ok(Flavour::ALL.map(|flavour| (folder.join(flavour.file()), render(&source, flavour))).into())
}

/// Each search, with the query that Elasticsearch is asked for it.
///
/// # Errors
/// A query cannot be translated; not of a source that was [`read`].
pub fn searches(source: &Source) -> Result<Vec<Found>, kql::Error> {
    source.searches()
}

/// What each panel that computes something asks Elasticsearch.
///
/// # Errors
/// As of [`searches`].
pub fn aggregations(source: &Source) -> Result<Vec<Request>, kql::Error> {
    source.requests()
}

/// Tables of the searches and of the dashboard's panels, in Markdown.
#[must_use]
pub fn table(source: &Source) -> String {
    source.tables()
}
