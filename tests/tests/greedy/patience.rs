//! Time-outs for a header, a body, and a connection that does nothing.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::ensure;
use e2e::site::Site;
use e2e::testbed::Testbed;
use http::StatusCode;
use tokio::time::sleep;

use crate::TURN;
use crate::raw::{Raw, head, is_error_object, is_page};

const PATIENT: Duration = Duration::from_secs(1);

async fn impatient_site(bed: &mut Testbed) -> anyhow::Result<Site> {
    bed.site_on_sqlite(&["--header-timeout", "1s", "--body-timeout", "1s", "--idle-timeout", "2s"]).await
}

/// Sends a byte of `bytes` now and then, until the server closes the connection; it must, though bytes keep coming.
async fn trickle(address: SocketAddr, begin: &str, bytes: &str) -> anyhow::Result<crate::raw::Last> {
    let mut raw = Raw::open(address).await?;
    raw.send(begin.as_bytes()).await;
    let (read, mut write) = raw.0.into_split();
    let sending = tokio::spawn({
        let bytes = bytes.as_bytes().to_vec();
        async move {
            for byte in bytes {
                sleep(Duration::from_millis(50)).await;
                if tokio::io::AsyncWriteExt::write_all(&mut write, &[byte]).await.is_err() {
                    break;
                }
            }
            write
        }
    });
    let last = crate::raw::last(read).await;
    sending.abort();
    last
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_that_trickles_in_ends_the_connection_also_when_bytes_keep_coming() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let site = impatient_site(&mut bed).await?;
    for address in [site.web, site.api, site.ops] {
        let began = Instant::now();
        let last = trickle(address, "GET /public HTTP/1.1\r\nX-Long: ", &"x".repeat(10_000)).await?;
        ensure!(began.elapsed() >= PATIENT, "the client had only {:?}", began.elapsed());
        ensure!(last.status.is_none_or(|status| status == StatusCode::REQUEST_TIMEOUT), "{last:?}");
    }
    drop(site);
    bed.clear().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_header_of_a_connection_has_no_more_time_than_the_first() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let site = impatient_site(&mut bed).await?;
    let mut raw = Raw::open(site.web).await?;
    raw.send(format!("{}\r\n", head("GET", "/public", site.web)).as_bytes()).await;
    ensure!(raw.answer().await? == StatusCode::OK, "the first request fails");
    raw.send(b"GET /public HT").await;
    let last = raw.last().await?;
    ensure!(last.status.is_none_or(|status| status == StatusCode::REQUEST_TIMEOUT), "{last:?}");
    drop(site);
    bed.clear().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_trickles_in_is_answered_408_and_the_connection_ends() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let site = impatient_site(&mut bed).await?;
    let lengths = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10000\r\n\r\n";
    let page =
        trickle(site.web, &format!("{}{lengths}", head("POST", "/login", site.web)), &"x".repeat(10_000)).await?;
    ensure!(page.status == Some(StatusCode::REQUEST_TIMEOUT) && is_page(&page), "{page:?}");
    let object =
        trickle(site.api, &format!("{}{lengths}", head("POST", "/register", site.api)), &"x".repeat(10_000)).await?;
    ensure!(object.status == Some(StatusCode::REQUEST_TIMEOUT) && is_error_object(&object), "{object:?}");
    drop(site);
    bed.clear().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_does_nothing_is_closed_without_a_word_before_and_after_a_request() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let site = impatient_site(&mut bed).await?;
    for address in [site.web, site.api, site.ops] {
        let began = Instant::now();
        let unused = Raw::open(address).await?.last().await?;
        ensure!(unused.text.is_empty() && began.elapsed() >= PATIENT, "{unused:?} after {:?}", began.elapsed());
    }
    let mut used = Raw::open(site.web).await?;
    used.send(format!("{}\r\n", head("GET", "/public", site.web)).as_bytes()).await;
    ensure!(used.answer().await? == StatusCode::OK, "the request fails");
    let last = used.last().await?;
    ensure!(last.text.is_empty(), "{last:?}");
    drop(site);
    bed.clear().await
}
