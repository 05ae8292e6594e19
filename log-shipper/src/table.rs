//! A table as aligned text.

use std::fmt;

/// Rows of cells; the first columns are aligned left, the others (numbers) right.
pub struct Table<const N: usize> {
    rows: Vec<[String; N]>,
    left: usize,
}

impl<const N: usize> Table<N> {
    /// A table with these headings, of which the first `left` are of text.
    #[must_use]
    pub fn new(headings: [&str; N], left: usize) -> Self {
        Self { rows: vec![headings.map(str::to_owned)], left }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: [String; N]) {
        self.rows.push(cells);
    }

    fn widths(&self) -> Vec<usize> {
        let width = |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        (0..N).map(width).collect()
    }
}

impl<const N: usize> fmt::Display for Table<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        for row in &self.rows {
            let cell = |(column, (text, &width)): (usize, (&String, &usize))| {
                if column < self.left { format!("{text:<width$}") } else { format!("{text:>width$}") }
            };
            let line: Vec<String> = row.iter().zip(&widths).enumerate().map(cell).collect();
            writeln!(f, "{}", line.join("  ").trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_aligned_left_and_numbers_right() {
        let mut table = Table::new(["FILE", "SIZE"], 1);
        table.row(["pøst".to_owned(), "1 B".to_owned()]);
        table.row(["follow".to_owned(), "20 MiB".to_owned()]);
        assert_eq!(table.to_string(), "FILE      SIZE\npøst       1 B\nfollow  20 MiB\n");
    }
}
