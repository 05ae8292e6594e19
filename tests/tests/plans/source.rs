//! The statements that stand in the program's source, to tell which of them never came.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Whose statements.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// Statements that cannot be the same for both are constants with the database's name in theirs, or ask for its own
    /// catalogue.
    fn understands(self, constant: &str, text: &str) -> bool {
        let (sqlite, postgres) = (["SQLITE", "sqlite_schema"], ["POSTGRES", "to_regclass"]);
        let foreign = if self == Self::Sqlite { postgres } else { sqlite };
        !foreign.iter().any(|word| constant.contains(word) || text.contains(word))
    }
}

/// Those that stand in the source and were never seen.
pub fn missing(dialect: Dialect, seen: &BTreeSet<String>) -> anyhow::Result<BTreeSet<String>> {
    let mut files = Vec::new();
    add_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src"), &mut files)?;
    let seen: Vec<String> = seen.iter().map(|statement| squeezed(statement)).collect();
    let mut missing = BTreeSet::new();
    for file in files {
        for (constant, text) in literals(&fs::read_to_string(&file)?) {
            let text = squeezed(&text);
            if dialect.understands(&constant, &text) && !seen.iter().any(|statement| statement.contains(&text)) {
                missing.insert(format!("a statement of {} was never seen: {text}", file.display()));
            }
        }
    }
    Ok(missing)
}

fn add_files(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            add_files(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// The string literals that begin like a statement, with the name of the last constant before them. The program's
/// have neither escapes nor quotes within.
fn literals(source: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = lines.join("\n");
    let mut constant = String::new();
    let mut found = Vec::new();
    for (place, piece) in code.split('"').enumerate() {
        if place % 2 == 1 {
            let verb = piece.split_whitespace().next().unwrap_or_default();
            if ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&verb) {
                found.push((constant.clone(), piece.to_owned()));
            }
        } else if let Some((_, rest)) = piece.rsplit_once("const ") {
            constant = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        } else if piece.contains("fn ") {
            constant.clear();
        }
    }
    found
}

/// With one space wherever there is any.
pub fn squeezed(statement: &str) -> String {
    statement.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_statement_that_never_came_is_missed() -> anyhow::Result<()> {
    let nothing = BTreeSet::new();
    for dialect in [Dialect::Sqlite, Dialect::Postgres] {
        let missing = missing(dialect, &nothing)?;
        assert!(missing.len() > 30, "only {} statements were found in the source", missing.len());
        assert!(missing.iter().any(|line| line.contains("UPDATE simulator SET latest")));
    }
    assert_eq!(
        literals("// \"SELECT 0\"\nconst A_SQLITE: &str = \"SELECT\n 1\";\nfn f() { g(\"UPDATE t\") }"),
        [("A_SQLITE".to_owned(), "SELECT\n 1".to_owned()), (String::new(), "UPDATE t".to_owned())]
    );
    Ok(())
}
