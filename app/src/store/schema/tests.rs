//! Migrations let the program before them go on: first the schema grows, and what nobody uses any more goes later.

use sqlx::migrate::Migrator;

use super::{POSTGRES, SQLITE};

/// Since this one, a schema can say whom it serves.
const FLOOR: i64 = 3;

/// What an older program may still use, or may not know how to fill.
const TAKES_AWAY: [&str; 12] = [
    "DROP TABLE",
    "DROP COLUMN",
    "DROP VIEW",
    "DROP FUNCTION",
    "DROP TRIGGER",
    "RENAME",
    "ALTER COLUMN",
    "ADD CONSTRAINT",
    "ADD CHECK",
    "UNIQUE INDEX",
    "TRUNCATE",
    "REVOKE",
];

/// What is wrong with a migration of this version.
fn fault(version: i64, sql: &str) -> Option<String> {
    let words = bare(sql);
    let raised = words.split("UPDATE SCHEMA_FLOOR SET LEAST = ").nth(1);
    let raised = raised.map(|rest| rest.split([' ', ';']).next().and_then(|number| number.parse::<i64>().ok()));
    match (raised, takes_away(&words)) {
        (Some(Some(least)), _) if least >= version => {
            Some(format!("the program that knows {} migrations runs beside it, so the floor is too high", version - 1))
        }
        (Some(None), _) => Some("the floor is set to no number".into()),
        (None, Some(what)) => {
            Some(format!("{what} takes something away: set schema_floor to the first program that does not use it"))
        }
        _ => None,
    }
}

fn takes_away(words: &str) -> Option<&'static str> {
    let unfilled = words.split(';').any(|statement| {
        statement.contains("ADD COLUMN") && statement.contains("NOT NULL") && !statement.contains("DEFAULT")
    });
    TAKES_AWAY.into_iter().find(|what| words.contains(what)).or(unfilled.then_some("a new column that nobody fills"))
}

/// Without comments, in capitals, with one space between words.
fn bare(sql: &str) -> String {
    let lines = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
    let words: Vec<_> = lines.flat_map(str::split_whitespace).map(str::to_uppercase).collect();
    words.join(" ")
}

#[test]
fn the_program_before_a_migration_runs_beside_it() {
    for migrator in [&SQLITE, &POSTGRES] {
        for migration in migrator.iter().filter(|migration| migration.version > FLOOR) {
            assert_eq!(
                fault(migration.version, migration.sql.as_str()),
                None,
                "{} {}",
                migration.version,
                migration.description
            );
        }
    }
}

#[test]
fn both_systems_have_the_same_migrations() {
    let known = |migrator: &Migrator| migrator.iter().map(|one| (one.version, one.description.clone())).collect();
    let [sqlite, postgres]: [Vec<_>; 2] = [known(&SQLITE), known(&POSTGRES)];
    assert_eq!(sqlite, postgres);
}

#[test]
fn what_takes_away_says_since_when_nobody_uses_it() {
    let grows = "CREATE TABLE likes (id BIGINT NOT NULL);\nALTER TABLE users ADD COLUMN bio TEXT; -- DROP TABLE users\n\
        ALTER TABLE users ADD COLUMN likes BIGINT NOT NULL DEFAULT 0;";
    assert_eq!(fault(4, grows), None);
    let drops = "ALTER TABLE users\n  drop   column bio;";
    assert!(fault(6, drops).is_some_and(|fault| fault.contains("DROP COLUMN")));
    assert_eq!(fault(6, &format!("{drops}\nUPDATE schema_floor SET least = 5;")), None);
    assert!(
        fault(6, &format!("{drops}\nUPDATE schema_floor SET least = 6;"))
            .is_some_and(|fault| fault.contains("too high"))
    );
    assert!(fault(6, "UPDATE schema_floor SET least = (SELECT 1);").is_some_and(|fault| fault.contains("no number")));
    assert!(fault(4, "ALTER TABLE users ADD COLUMN bio TEXT NOT NULL;").is_some());
    assert!(fault(4, "ALTER TABLE users RENAME COLUMN email TO mail;").is_some());
}
