//! A server that does not let the shipper in, or not do what it has to.

use e2e::search_server::{Kind, PASSWORD, Role, User};

use crate::scene::{Scene, server};

#[tokio::test]
async fn lines_wait_for_the_right_password() -> anyhow::Result<()> {
    let Some(server) = server(Kind::Elasticsearch).await? else { return Ok(()) };
    let server = server.read().await;
    let Some(mut scene) = Scene::set(&server, "guessed").await? else { return Ok(()) };
    scene.shipper.log_in(Some((User::Shipper.name(), "a guess")))?;
    scene.shipper.start().await?;
    scene.lines.print(500)?;
    scene.until_in_trouble("does not accept the credentials (401 security_exception)").await?;
    scene.shipper.log_in(Some((User::Shipper.name(), PASSWORD)))?;
    scene.shipper.signal("HUP")?;
    scene.lines.print(500)?;
    scene.conclude(&server, &[]).await
}

#[tokio::test]
async fn lines_wait_for_the_privileges_and_the_missing_one_is_named() -> anyhow::Result<()> {
    let Some(server) = server(Kind::Elasticsearch).await? else { return Ok(()) };
    let server = server.read().await;
    let Some(mut scene) = Scene::set(&server, "denied").await? else { return Ok(()) };
    scene.shipper.log_in(server.credentials(User::Stranger))?;
    scene.shipper.start().await?;
    scene.lines.print(500)?;
    scene.until_in_trouble("the shipper's role needs one of create_doc").await?;
    server.grant(User::Stranger, Role::Creator)?;
    scene.until_in_trouble("the shipper's role needs one of auto_configure").await?;
    scene.lines.print(500)?;
    server.grant(User::Stranger, Role::Shipper)?;
    scene.conclude(&server, &[]).await
}
