//! What the proxy lets through, and to whom.

use anyhow::ensure;
use e2e::docker_engine::said;
use e2e::platform::{HOST, Swarm};

/// What is asked for, and the status of the answer to somebody who does not say who they are.
const CLOSED: [(&str, &str); 7] = [
    ("https://console.HOST/prometheus/-/ready", "401"),
    ("https://console.HOST/alertmanager/-/ready", "401"),
    ("https://console.HOST/runbooks", "401"),
    ("https://console.HOST/runbooks/Watchdog.md", "302 https://console.HOST/runbooks#Watchdog"),
    ("http://HOST/public?p=2", "308 https://HOST/public?p=2"),
    // Of the replicas, what is for operators.
    ("https://HOST/metrics", "404"),
    ("https://HOST/readyz", "404"),
];

pub async fn consoles_want_to_know_who_asks(swarm: &Swarm) -> anyhow::Result<()> {
    let known = swarm.secrets.sign_in("oncall", "console_password")?.display().to_string();
    for (url, wanted) in CLOSED {
        let (url, wanted) = (url.replace("HOST", HOST), wanted.replace("HOST", HOST));
        let answer = ask(swarm, &url, &[]).await?;
        ensure!(answer == wanted, "{url} is answered {answer}, and not {wanted}");
        if wanted == "401" {
            let answer = ask(swarm, &url, &["--config", &known]).await?;
            ensure!(answer == "200", "{url} is answered {answer} to who may see it");
        }
    }
    Ok(())
}

/// The status, and where it leads.
async fn ask(swarm: &Swarm, url: &str, options: &[&str]) -> anyhow::Result<String> {
    let mut curl = swarm.lan.command("curl");
    curl.args(["--silent", "--show-error", "--max-time", "10", "--output", "/dev/null"]);
    curl.args(["--write-out", "%{http_code} %{redirect_url}", "--cacert"]).arg(swarm.certificate());
    Ok(said(curl.args(options).arg(url)).await?.0.trim().to_owned())
}
