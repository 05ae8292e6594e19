//! The searches and the dashboard as tables for the README.

use super::source::{Dashboard, Search, Source};

impl Source {
    /// Two tables in Markdown, with a line between them.
    pub(super) fn tables(&self) -> String {
        let searches: String = self.searches.iter().map(Search::row).collect();
        format!("{}{searches}\n{}", head(&["Search", "Id", "Finds"]), self.dashboard.table())
    }
}

impl Search {
    fn row(&self) -> String {
        let link = self.link.as_ref().map(|field| format!(" Links to it give `{}`.", field.value));
        let finds = self.description.clone() + &link.unwrap_or_default();
        row(&[&self.title, &format!("`{}`", self.id.value), &finds])
    }
}

impl Dashboard {
    fn table(&self) -> String {
        let title = format!("Panel of **{}** (`{}`)", self.title, self.id.value);
        let panels = self.panels.iter().map(|panel| row(&[&panel.title, &panel.description]));
        head(&[&title, "Answers"]) + &panels.collect::<String>()
    }
}

fn head(cells: &[&str]) -> String {
    format!("{}|{}\n", row(cells), "---|".repeat(cells.len()))
}

fn row(cells: &[&str]) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
    format!("| {} |\n", cells.join(" | "))
}
