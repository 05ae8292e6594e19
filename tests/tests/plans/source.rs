//! The statements that stand in the program's source, to tell which of them never came.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Whose statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

/// Those that stand in the source and were never seen.
pub fn missing(dialect: Dialect, seen: &BTreeSet<String>) -> anyhow::Result<BTreeSet<String>> {
    let mut files = Vec::new();
    add_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src"), &mut files)?;
    let seen: Vec<String> = seen.iter().map(|statement| squeezed(statement)).collect();
    let mut missing = BTreeSet::new();
    for file in files {
        for (owner, text) in literals(&fs::read_to_string(&file)?) {
            let text = squeezed(&text);
            if owner.is_none_or(|owner| owner == dialect) && !seen.iter().any(|statement| statement.contains(&text)) {
                missing.insert(format!("a statement of {} was never seen: {text}", file.display()));
            }
        }
    }
    Ok(missing)
}

fn add_files(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.file_stem().is_some_and(|name| name == "tests") {
            continue;
        }
        if path.is_dir() {
            add_files(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// The string literals that begin like a statement, each with the one database that it is for, if it is not for both. The
/// program's have neither escapes nor quotes within.
fn literals(source: &str) -> Vec<(Option<Dialect>, String)> {
    let lines: Vec<&str> = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    let code = lines.join("\n");
    let mut owner = None;
    let mut found = Vec::new();
    for (place, piece) in code.split('"').enumerate() {
        if place % 2 == 0 {
            owner = owner_after(piece).unwrap_or(owner);
            continue;
        }
        let verb = piece.split_whitespace().next().unwrap_or_default();
        if ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&verb) {
            found.push((owner, piece.to_owned()));
        }
    }
    found
}

/// What a piece of code says last of whose the next statement is: it has the database in its constant's name, or stands in
/// a branch for that database; the end of a branch or a function says that it is for both again.
#[expect(clippy::option_option, reason = "nothing said is not the same as said to be for both")]
fn owner_after(code: &str) -> Option<Option<Dialect>> {
    let signs = [
        ("const ", None),
        ("fn ", None),
        ("};", None),
        ("_SQLITE: ", Some(Dialect::Sqlite)),
        ("Pools::Sqlite", Some(Dialect::Sqlite)),
        ("_POSTGRES: ", Some(Dialect::Postgres)),
        ("Pools::Postgres", Some(Dialect::Postgres)),
    ];
    let last = signs.into_iter().filter_map(|(sign, owner)| Some((code.rfind(sign)?, owner)));
    last.max_by_key(|(place, _)| *place).map(|(_, owner)| owner)
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
    let source = r#"
        // "SELECT 0"
        const A_SQLITE: &str = "SELECT 1";
        const B: &str = "SELECT 2";
        match pools { Pools::Sqlite { .. } => "UPDATE 3", Pools::Postgres(_) => g("UPDATE 4") };
        h("DELETE 5", "no statement")"#;
    let (sqlite, postgres) = (Some(Dialect::Sqlite), Some(Dialect::Postgres));
    let expected =
        [(sqlite, "SELECT 1"), (None, "SELECT 2"), (sqlite, "UPDATE 3"), (postgres, "UPDATE 4"), (None, "DELETE 5")];
    assert_eq!(literals(source), expected.map(|(owner, text)| (owner, text.to_owned())));
    Ok(())
}
