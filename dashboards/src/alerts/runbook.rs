//! What somebody does who is woken: a runbook in Markdown, by its sections, with blocks to paste.

use std::path::Path;

use anyhow::Result;

use super::named;

/// The headings that a runbook has, in this order.
pub const SECTIONS: [&str; 5] = ["Meaning", "Impact", "Diagnosis", "Mitigation", "Test"];

/// A runbook.
#[derive(Clone, Debug)]
pub struct Runbook {
    /// The name of its file, which is the alert's.
    pub name: String,
    /// Its first heading.
    pub title: String,
    /// What stands under each further heading.
    pub sections: Vec<Section>,
}

/// What stands under a heading of the second level.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// Its lines outside of blocks.
    pub text: String,
    /// Its blocks.
    pub blocks: Vec<Block>,
}

/// A fenced block, to paste.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// What it is written in: `promql`, `kql`, `sh`, `sql`; empty if that is not said.
    pub language: String,
    /// Its lines.
    pub text: String,
}

impl Runbook {
    /// Reads one that is called `name`.
    #[must_use]
    pub fn parse(name: &str, text: &str) -> Self {
        let mut runbook = Self { name: name.to_owned(), title: String::new(), sections: Vec::new() };
        let mut is_block = false;
        for line in text.lines() {
            match line.trim_start().strip_prefix("```") {
                Some(language) if !is_block => runbook.open(language.trim()),
                None if !is_block => runbook.prose(line),
                None => runbook.paste(line),
                Some(_) => {}
            }
            is_block ^= line.trim_start().starts_with("```");
        }
        runbook
    }

    /// All blocks of a language.
    pub fn blocks<'a>(&'a self, language: &'a str) -> impl Iterator<Item = &'a Block> {
        let blocks = self.sections.iter().flat_map(|section| &section.blocks);
        blocks.filter(move |block| block.language == language)
    }

    fn prose(&mut self, line: &str) {
        if let Some(title) = line.strip_prefix("# ") {
            title.trim().clone_into(&mut self.title);
        } else if let Some(heading) = line.strip_prefix("## ") {
            self.sections.push(Section { heading: heading.trim().to_owned(), ..Section::default() });
        } else if let Some(section) = self.sections.last_mut() {
            section.text.push_str(line);
            section.text.push('\n');
        }
    }

    fn open(&mut self, language: &str) {
        if let Some(section) = self.sections.last_mut() {
            section.blocks.push(Block { language: language.to_owned(), text: String::new() });
        }
    }

    fn paste(&mut self, line: &str) {
        if let Some(block) = self.sections.last_mut().and_then(|section| section.blocks.last_mut()) {
            block.text.push_str(line);
            block.text.push('\n');
        }
    }
}

pub(super) fn read(file: &Path) -> Result<Runbook> {
    let (name, text) = named(file)?;
    Ok(Runbook::parse(&name, &text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "# Down\n\n## Meaning\nIt is down.\n```promql\nup == 0\n```\n## Test\n```sh\n# not a heading\n```\nDone.\n";

    #[test]
    fn headings_lines_and_blocks_are_told_apart() {
        let runbook = Runbook::parse("Down", TEXT);
        assert_eq!(runbook.title, "Down");
        let headings: Vec<_> = runbook.sections.iter().map(|section| section.heading.as_str()).collect();
        assert_eq!(headings, ["Meaning", "Test"]);
        assert_eq!(runbook.sections[0].text, "It is down.\n");
        assert_eq!(runbook.sections[1].text, "Done.\n");
        assert_eq!(runbook.blocks("promql").map(|block| block.text.as_str()).collect::<Vec<_>>(), ["up == 0\n"]);
        assert_eq!(runbook.blocks("sh").map(|block| block.text.as_str()).collect::<Vec<_>>(), ["# not a heading\n"]);
    }
}
