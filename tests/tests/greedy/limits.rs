//! Limits on the size of a header and a body, and on the number of connections.

use anyhow::ensure;
use e2e::http_client::{fetch, get};
use e2e::testbed::Testbed;
use e2e::wait::until;
use http::StatusCode;
use std::time::Duration;

use crate::TURN;
use crate::raw::{Last, Raw, head, is_error_object, is_page};

const KIB: usize = 1024;

async fn said(address: std::net::SocketAddr, request: &str) -> anyhow::Result<Last> {
    let mut raw = Raw::open(address).await?;
    raw.send(request.as_bytes()).await;
    raw.last().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_header_of_more_than_16_kib_is_431_in_the_style_of_the_door() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let site = bed.site_on_sqlite(&[]).await?;
    let long = |size: usize| format!("X-Long: {}\r\nConnection: close\r\n\r\n", "x".repeat(size));
    let many = format!("X-Many: {}\r\n", "x".repeat(40)).repeat(400);
    let path = format!("/{}", "x".repeat(17 * KIB));
    for tail in [long(17 * KIB), long(200 * KIB), format!("{many}\r\n")] {
        let page = said(site.web, &format!("{}{tail}", head("GET", "/public", site.web))).await?;
        ensure!(
            page.status == Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE) && is_page(&page),
            "{:.300}",
            page.text
        );
        let object = said(site.api, &format!("{}{tail}", head("GET", "/latest", site.api))).await?;
        ensure!(object.status == Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE), "{:.300}", object.text);
        ensure!(is_error_object(&object), "{:.300}", object.text);
    }
    let page = said(site.web, &format!("{}\r\n", head("GET", &path, site.web))).await?;
    let too_long = [StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, StatusCode::URI_TOO_LONG];
    ensure!(page.status.is_some_and(|status| too_long.contains(&status)) && is_page(&page), "{:.300}", page.text);
    let fits = said(site.web, &format!("{}{}", head("GET", "/public", site.web), long(15 * KIB))).await?;
    ensure!(fits.status == Some(StatusCode::OK), "15 KiB: {:.300}", fits.text);
    drop(site);
    bed.clear().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_more_than_64_kib_is_413_in_the_style_of_the_door() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let site = bed.site_on_sqlite(&[]).await?;
    let form = "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n";
    let announced = |size: usize| format!("{form}Content-Length: {size}\r\n\r\n{}", "x".repeat(size));
    let chunked =
        |size: usize| format!("{form}Transfer-Encoding: chunked\r\n\r\n{size:x}\r\n{}\r\n0\r\n\r\n", "x".repeat(size));
    let only_announced = format!("{form}Content-Length: 99999999999\r\n\r\n");
    for tail in
        [announced(64 * KIB + 1), announced(300 * KIB), chunked(64 * KIB + 1), chunked(300 * KIB), only_announced]
    {
        let page = said(site.web, &format!("{}{tail}", head("POST", "/login", site.web))).await?;
        ensure!(page.status == Some(StatusCode::PAYLOAD_TOO_LARGE) && is_page(&page), "{:.300}", page.text);
        let object = said(site.api, &format!("{}{tail}", head("POST", "/register", site.api))).await?;
        ensure!(
            object.status == Some(StatusCode::PAYLOAD_TOO_LARGE) && is_error_object(&object),
            "{:.300}",
            object.text
        );
    }
    for tail in [announced(64 * KIB), chunked(64 * KIB)] {
        let fits = said(site.web, &format!("{}{tail}", head("POST", "/login", site.web))).await?;
        ensure!(fits.status == Some(StatusCode::BAD_REQUEST), "64 KiB: {:.300}", fits.text);
    }
    drop(site);
    bed.clear().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_too_many_is_told_503_and_has_a_place_when_another_leaves() -> anyhow::Result<()> {
    const PLACES: usize = 20;
    let _turn = TURN.lock().await;
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let places = PLACES.to_string();
    let site =
        bed.site_on_sqlite(&["--max-connections", &places, "--idle-timeout", "1h", "--header-timeout", "1h"]).await?;
    for (door, address, path) in [("web", site.web, "/public"), ("api", site.api, "/latest")] {
        let mut taken = Vec::new();
        for _ in 0..PLACES {
            let mut raw = Raw::open(address).await?;
            raw.send(format!("{}\r\n", head("GET", path, address)).as_bytes()).await;
            ensure!(raw.answer().await? == StatusCode::OK, "{door}: a place that is free cannot be taken");
            taken.push(raw);
        }
        let refused = said(address, &format!("{}\r\n", head("GET", path, address))).await?;
        ensure!(refused.status == Some(StatusCode::SERVICE_UNAVAILABLE), "{door}: {:.300}", refused.text);
        ensure!(
            if door == "web" { is_page(&refused) } else { is_error_object(&refused) },
            "{door}: {:.300}",
            refused.text
        );
        let ready = fetch(site.ops, get(site.ops, "/readyz")?).await?.status();
        ensure!(ready == StatusCode::OK, "operations are shut out too: {ready}");
        drop(taken.pop());
        let admitted = async || {
            Ok(fetch(address, get(address, path)?).await.is_ok_and(|answer| answer.status() == StatusCode::OK))
        };
        until("the next client is admitted", Duration::from_secs(20), admitted).await?;
    }
    drop(site);
    bed.clear().await
}
