//! Every file, or part of one, that is made of others.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{alerts, grafana, kibana};

/// A file, and what has to be in it.
pub struct Made {
    /// Where it is.
    pub path: PathBuf,
    /// All of it.
    pub text: String,
}

impl Made {
    /// Whether the file is not as it has to be, or not there.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        fs::read_to_string(&self.path).ok().as_ref() != Some(&self.text)
    }
}

/// All of them, in a repository.
///
/// # Errors
/// A source cannot be read, or something is wrong with it; or a README has no place for a table.
pub fn all(root: &Path) -> Result<Vec<Made>> {
    let dashboards = grafana::read(&root.join("dashboards/grafana/sources"))?;
    let folder = root.join("dashboards/grafana/dashboards");
    let boards = dashboards
        .iter()
        .map(|board| Made { path: folder.join(format!("{}.json", board.uid)), text: grafana::json(board) });
    let objects = kibana::files(&root.join("dashboards/kibana"))?.into_iter().map(|(path, text)| Made { path, text });
    let rules = alerts::rule_files(&root.join("alerts/rules"))?;
    let groups: Vec<_> = rules.into_iter().flat_map(|file| file.groups).collect();
    let searches = kibana::table(&kibana::read(&root.join("dashboards/kibana").join(kibana::SOURCE))?);
    let tables = [
        ("dashboards/README.md", "dashboards", grafana::table(&dashboards)),
        ("dashboards/README.md", "searches", searches),
        ("alerts/README.md", "alerts", alerts::table(&groups)),
    ];
    let mut made: Vec<Made> = boards.chain(objects).collect();
    made.push(Made { path: root.join("alerts/runbooks.html"), text: alerts::page(&root.join("alerts/runbooks"))? });
    for (file, name, table) in tables {
        put(&mut made, &root.join(file), name, &table)?;
    }
    Ok(made)
}

/// Puts a table between two marks of a file, which may already have got another one.
fn put(made: &mut Vec<Made>, path: &Path, name: &str, table: &str) -> Result<()> {
    if !made.iter().any(|made| made.path == path) {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        made.push(Made { path: path.to_owned(), text });
    }
    let Some(Made { path, text }) = made.iter_mut().find(|made| made.path == path) else { return Ok(()) };
    let marks = [format!("<!-- {name}: made by cargo run -p dashboards -->\n"), format!("<!-- end of {name} -->\n")];
    let between = || {
        let begin = text.find(&marks[0])? + marks[0].len();
        Some(begin..begin + text[begin..].find(&marks[1])?)
    };
    let missing = || format!("{} has no place for a table: {}{}", path.display(), marks[0], marks[1]);
    let range = between().with_context(missing)?;
    text.replace_range(range, &format!("\n{table}\n"));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_takes_the_place_of_an_older_one() -> Result<()> {
        let marks = ["<!-- x: made by cargo run -p dashboards -->", "<!-- end of x -->"];
        let text = format!("a\n{}\nold\n{}\nb\n", marks[0], marks[1]);
        let mut made = vec![Made { path: PathBuf::new(), text }];
        put(&mut made, Path::new(""), "x", "| new |\n")?;
        assert_eq!(made[0].text, format!("a\n{}\n\n| new |\n\n{}\nb\n", marks[0], marks[1]));
        assert!(put(&mut made, Path::new(""), "y", "").is_err());
        Ok(())
    }
}
