//! Backups in a bucket of a real S3-compatible server, on another machine.

use std::fs;
use std::time::Duration;

use anyhow::ensure;
use e2e::docker_engine::said;
use e2e::need;
use e2e::platform::Platform;
use e2e::server::Server;
use e2e::wait::until;
use tempfile::TempDir;

use crate::{faults, site, snapshots};

const PATIENCE: Duration = Duration::from_mins(1);

const PORT: u16 = 7070;

/// Of this test alone.
const NAME: &str = "backups";
const KEY: &str = "only for tests";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_a_bucket_comes_back_on_a_new_machine() -> anyhow::Result<()> {
    let program = need::installed("versitygw, which `tests/run backup` installs", &["versitygw"]);
    let (Some(_), Some(mut platform)) = (program, Platform::prepare().await?) else { return Ok(()) };
    let bucket = Bucket::open(&platform).await?;
    platform.set("MINITWIT_BACKUP_REPOSITORY", &bucket.repository);
    platform.secrets.overwrite("backup_s3_credentials", &credentials(KEY))?;
    platform.bring(&["backup", "proxy"]).await?;
    snapshots::first(&platform).await?;
    site::takes_a_message(&platform, "before the storm").await?;

    platform.secrets.overwrite("backup_s3_credentials", &credentials("another key"))?;
    faults::fails(&platform, "cannot be opened").await?;
    platform.secrets.overwrite("backup_s3_credentials", &credentials(KEY))?;
    platform.lan.plug(0, false).await?;
    faults::fails(&platform, "cannot be opened").await?;
    platform.lan.plug(0, true).await?;
    snapshots::make(&platform).await?;

    let lost = site::content(&platform).await?;
    platform.compose(&["down", "--volumes"]).await?;
    platform.secrets.lose(&["backup_key", "backup_s3_credentials"]).await?;
    platform.restore(&[]).await?;
    ensure!(site::content(&platform).await? == lost, "what is restored differs from what was lost: {lost}");
    platform.bring(&["backup", "proxy"]).await?;
    site::shows(&platform, "before the storm").await
}

/// A server with one bucket, which ends with this.
struct Bucket {
    _server: Server,
    _folder: TempDir,
    repository: String,
}

impl Bucket {
    async fn open(platform: &Platform) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("data");
        fs::create_dir_all(data.join(NAME))?;
        let mut command = platform.lan.command("versitygw");
        command.env("ROOT_ACCESS_KEY", NAME).env("ROOT_SECRET_KEY", KEY);
        command.args(["--port", &format!(":{PORT}"), "posix"]).arg(data);
        let mut server = Server::start(command, folder.path().join("log"))?;
        until("the server of the bucket answers", PATIENCE, async || {
            server.check()?;
            let mut ask = platform.lan.command("curl");
            ask.args(["--silent", "--max-time", "5", &format!("http://127.0.0.1:{PORT}/")]);
            Ok(said(&mut ask).await.is_ok())
        })
        .await?;
        let repository = format!("s3:http://{}:{PORT}/{NAME}/minitwit", platform.lan.people());
        Ok(Self { _server: server, _folder: folder, repository })
    }
}

fn credentials(key: &str) -> String {
    format!("[default]\naws_access_key_id = {NAME}\naws_secret_access_key = {key}\n")
}
