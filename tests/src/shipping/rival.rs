//! A shipper that is measured, from its start until the last line is acknowledged.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::process::{Child, Command};

use super::{acknowledging, ours};
use crate::usage::Usage;

/// Nobody takes longer for a million lines.
const PATIENCE: Duration = Duration::from_mins(5);

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rival {
    /// Ours.
    LogShipper,
    /// rsyslog with `imfile` and `omelasticsearch`; it sends Docker's entries as they are, without looking into them.
    Rsyslog,
}

impl Rival {
    /// All.
    pub const ALL: [Self; 2] = [Self::LogShipper, Self::Rsyslog];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::LogShipper => "log-shipper",
            Self::Rsyslog => "rsyslog",
        }
    }

    fn command(self, folder: &Path, root: &Path, log: &Path, sink: SocketAddr) -> Result<Command> {
        match self {
            Self::LogShipper => {
                let mut command = ours::command(folder, sink)?;
                command.args(["--operations-listen", "off", "--docker-root"]).arg(root);
                Ok(command)
            }
            Self::Rsyslog => {
                let settings = folder.join("rsyslog.conf");
                fs::write(&settings, rsyslog(folder, log, sink))?;
                let mut command = Command::new("/usr/sbin/rsyslogd");
                command.arg("-n").arg("-f").arg(settings).arg("-i").arg(folder.join("pid"));
                Ok(command)
            }
        }
    }
}

fn rsyslog(folder: &Path, log: &Path, sink: SocketAddr) -> String {
    let (folder, log, port) = (folder.display(), log.display(), sink.port());
    format!(
        r#"global(workDirectory="{folder}" maxMessageSize="64k")
module(load="imfile")
module(load="omelasticsearch")
template(name="line" type="string" string="%msg%")
input(type="imfile" file="{log}" tag="x" ruleset="ship")
ruleset(name="ship" queue.type="LinkedList" queue.size="100000" queue.dequeueBatchSize="5000") {{
  action(type="omelasticsearch" server="127.0.0.1" serverport="{port}" searchIndex="logs" searchType="" bulkmode="on"
         maxbytes="4m" template="line" action.resumeRetryCount="-1")
}}
"#
    )
}

/// What one run took.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// From the start to the last acknowledgement.
    pub took: Duration,
    /// What the process used until then.
    pub usage: Usage,
}

/// Lets a shipper bring `lines` lines to the server; `before` documents are there already.
pub async fn measure(rival: Rival, root: &Path, log: &Path, sink: SocketAddr, lines: u64) -> Result<Run> {
    let folder = tempfile::tempdir()?;
    let before = acknowledging::count(sink).await?;
    let mut command = rival.command(folder.path(), root, log, sink)?;
    let started = Instant::now();
    let child = command.stdout(Stdio::null()).stderr(Stdio::inherit()).kill_on_drop(true).spawn();
    let mut child = child.with_context(|| format!("{} cannot be started", rival.name()))?;
    let run = until(&mut child, started, sink, before + lines).await;
    child.kill().await?;
    run
}

async fn until(child: &mut Child, started: Instant, sink: SocketAddr, wanted: u64) -> Result<Run> {
    while acknowledging::count(sink).await? < wanted {
        if let Some(status) = child.try_wait()? {
            bail!("it ended before all lines had arrived: {status}");
        }
        if started.elapsed() > PATIENCE {
            bail!("not all lines have arrived after {PATIENCE:?}: {}", acknowledging::count(sink).await?);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let took = started.elapsed();
    let pid = child.id().context("it has ended")?;
    Ok(Run { took, usage: Usage::of(pid)? })
}
