//! A database that refuses, or is gone, while the canary is on its way to it.

use e2e::canary::Canary;
use e2e::canary::forms::percent;
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use crate::cast::{MEMBER, OTHER};
use crate::commands;
use crate::play::Play;
use crate::sinks::Sinks;
use crate::stage::Stage;
use crate::wish::{Door, Request, Wish};

/// The tables are not what the program expects; then PostgreSQL crashes and comes back.
pub async fn with_the_database(stage: &mut Stage, play: &mut Play<'_, '_>, canary: &Canary) -> anyhow::Result<()> {
    for table in ["users", "sign_in_failures", "sessions"] {
        change(stage, &format!("ALTER TABLE {table} RENAME TO gone")).await?;
        meet(play, wishes(canary, Some(500))).await?;
        change(stage, &format!("ALTER TABLE gone RENAME TO {table}")).await?;
    }
    if let Some(cluster) = &mut stage.cluster {
        cluster.crash().await?;
        meet(play, wishes(canary, Some(503))).await?;
        cluster.go_on().await?;
        meet(play, wishes(canary, None)).await?;
    }
    Ok(())
}

/// A start on a schema that is too new.
pub async fn newer_schema(stage: &Stage, sinks: &mut Sinks<'_>) -> anyhow::Result<()> {
    change(stage, "UPDATE _sqlx_migrations SET version = version + 1000").await?;
    commands::on_a_newer_schema(stage, sinks).await?;
    change(stage, "UPDATE _sqlx_migrations SET version = version - 1000").await
}

async fn meet(play: &mut Play<'_, '_>, wishes: Vec<Wish>) -> anyhow::Result<()> {
    for wish in wishes {
        play.grant(&wish).await?;
    }
    Ok(())
}

/// Everything that asks the database about the canary; `status` is what a right sign-in gets.
fn wishes(canary: &Canary, status: Option<u16>) -> Vec<Wish> {
    let secret = percent(&canary.whole, true);
    let object = json!({ "username": "dora", "email": "d@example.com", "pwd": canary.whole });
    let register = format!("username={MEMBER}&email={secret}&password={secret}&password2={secret}");
    let login = Request::form("/login", format!("username={MEMBER}&password={secret}")).wish();
    vec![
        Wish { status, ..login },
        Request::form("/login", format!("username={OTHER}&password={secret}")).wish(),
        Wish { form_returns: true, ..Request::form("/register", register).wish() },
        Request::json("/register", object.to_string()).wish(),
        Request::get(Door::Web, "/public").header("Cookie", format!("session={:x<43}", canary.word)).wish(),
        Request::get(Door::Web, format!("/{secret}")).wish(),
    ]
}

async fn change(stage: &Stage, statement: &str) -> anyhow::Result<()> {
    if let Some(cluster) = &stage.cluster {
        return cluster.run("canary", statement).await;
    }
    let mut connection = SqliteConnection::connect(&stage.database_url).await?;
    sqlx::query(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await?;
    Ok(connection.close().await?)
}
