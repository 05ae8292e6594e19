//! The servers of these tests themselves: what a test may do with one of its own.

use anyhow::ensure;
use e2e::search_server::{Kind, SearchServer};
use elasticsearch::http::Method;
use rstest::rstest;
use tokio::net::TcpStream;

#[rstest]
#[tokio::test]
async fn a_killed_server_comes_back_with_its_documents_and_settings(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(mut server) = SearchServer::start(kind, &["http.max_content_length=1mb"]).await? else { return Ok(()) };
    server.tell(Method::Put, "/diary/_doc/1", Some(r#"{"text":"before"}"#.into())).await?;
    server.crash()?;
    ensure!(TcpStream::connect(server.address()).await.is_err(), "it still listens");
    server.go_on().await?;
    let document = server.tell(Method::Get, "/diary/_doc/1", None).await?;
    ensure!(document["_source"]["text"] == "before", "{document}");
    let large = format!(r#"{{"text":"{}"}}"#, "x".repeat(2_000_000));
    let (status, answer) = server.ask(Method::Put, "/diary/_doc/2", Some(large)).await?;
    ensure!(status == 413, "2 MB are answered {status}: {answer}");
    Ok(())
}
