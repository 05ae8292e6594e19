//! A thousand idle connections and two hundred clients that send their header a byte at a time.

use std::net::SocketAddr;
use std::time::Duration;

use e2e::api_client::ApiClient;
use e2e::http_client::{fetch, get};
use e2e::testbed::Testbed;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::raw::{Raw, head};
use crate::{TURN, in_time, timed};

const IDLE: usize = 1_000;
const SLOW: usize = 200;
const TRIES: usize = 60;

/// Sends a header one byte at a time, and begins again whenever the server has had enough.
async fn dawdle(address: SocketAddr) -> anyhow::Result<()> {
    loop {
        let mut raw = Raw::open(address).await?;
        for byte in head("GET", "/public", address).bytes() {
            raw.send(&[byte]).await;
            sleep(Duration::from_millis(100)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_and_slow_clients_leave_the_site_answering_while_the_simulator_waits() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    rlimit::increase_nofile_limit(2 * (IDLE + SLOW) as u64)?;
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let site = bed.site_on_sqlite(&["--header-timeout", "3s"]).await?;
    site.welcome(&["ada"]).await?;
    let mut idle = Vec::new();
    for number in 0..IDLE {
        let mut raw = Raw::open(if number % 2 == 0 { site.web } else { site.api }).await?;
        if number % 4 < 2 {
            // Half of them have asked something before.
            raw.send(
                format!("{}\r\n", head("GET", if number % 2 == 0 { "/public" } else { "/latest" }, site.web))
                    .as_bytes(),
            )
            .await;
            raw.answer().await?;
        }
        idle.push(raw);
    }
    let mut slow = JoinSet::new();
    for number in 0..SLOW {
        slow.spawn(dawdle(if number % 2 == 0 { site.web } else { site.api }));
    }
    let api = ApiClient(site.api);
    let (mut pages, mut tweets, mut reads) = (Vec::new(), Vec::new(), Vec::new());
    for number in 0..TRIES {
        pages.push(timed(async { Ok(fetch(site.web, get(site.web, "/public")?).await?.status()) }).await?);
        tweets.push(timed(api.tweet("ada", &format!("tweet {number}"), i64::try_from(number)?)).await?);
        reads.push(timed(async { Ok(api.get("/latest").await?.status()) }).await?);
    }
    for answers in [pages, tweets, reads] {
        in_time(answers)?;
    }
    anyhow::ensure!(slow.try_join_next().is_none(), "a slow client could not connect");
    drop((idle, slow, site));
    bed.clear().await
}
