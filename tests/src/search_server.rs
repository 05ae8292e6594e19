//! A real Elasticsearch or OpenSearch with one node, which may be killed and started again on the same data.

mod distribution;
mod documents;
mod java;

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use elasticsearch::auth::Credentials;
use elasticsearch::http::headers::HeaderMap;
use elasticsearch::http::transport::{SingleNodeConnectionPool, Transport, TransportBuilder};
use elasticsearch::http::{Method, StatusCode};
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::OnceCell;

use self::distribution::Distribution;
pub use self::documents::Document;
use crate::owner::Owner;
use crate::server::{Server, free_addresses};
use crate::wait::until;

/// Two cores that also build may take minutes.
const PATIENCE: Duration = Duration::from_mins(4);

/// Everybody's password.
pub const PASSWORD: &str = "only for tests";

/// Runs a server in a session of its own, and kills all of it at once when its stdin ends: when this process has enough of
/// it, or is gone. Signals to this process and all that it has started do not stop that. In the second case, which no line on
/// stdin announces, it also removes the folder, if it was given one. It ends after the last process of the session: the one that it has started may itself
/// have started the one that listens.
const KEEPER: &str = r#"
exec 3<&0
folder=$1
shift
trap : HUP INT TERM
setsid "$@" </dev/null 3<&- &
server=$!
{
    trap '' HUP INT TERM
    read -r _ <&3 && folder=
    kill -s KILL -- "-$server"
    [ -z "$folder" ] || { sleep 1; rm -rf "$folder"; }
} 2>/dev/null &
wait "$server"
ended=$?
patience=600
while kill -s 0 -- "-$server" 2>/dev/null && [ $((patience -= 1)) -gt 0 ]; do sleep 0.1; done
exit "$ended"
"#;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Elasticsearch, with security: whoever asks has to say who they are.
    Elasticsearch,
    /// OpenSearch; everybody may do everything, since its distribution for tests has no security.
    OpenSearch,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum User {
    /// May do everything.
    Admin,
    /// Has the role of `setup/role.json`.
    Shipper,
    /// Is known, and may do nothing.
    Stranger,
}

impl User {
    const ALL: [Self; 3] = [Self::Admin, Self::Shipper, Self::Stranger];

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Shipper => "shipper",
            Self::Stranger => "stranger",
        }
    }
}

/// What a user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// All that the shipper has to: `setup/role.json`.
    Shipper,
    /// To create documents where there is an index.
    Creator,
}

/// A server with its data in a temporary folder. It runs until it is dropped, or this process ends.
pub struct SearchServer {
    distribution: Distribution,
    address: SocketAddr,
    /// Where nodes would find each other.
    transport: SocketAddr,
    settings: Vec<String>,
    lasting: bool,
    server: Option<Server>,
    owner: Owner,
    folder: TempDir,
}

impl SearchServer {
    /// Starts a server with further settings such as `thread_pool.write.size=1`; `None` where it is not installed.
    pub async fn start(kind: Kind, settings: &[&str]) -> anyhow::Result<Option<Self>> {
        Self::begin(kind, settings, false).await
    }

    /// One without further settings that all tests of this process share. Each has to use names of its own on it.
    pub async fn shared(kind: Kind) -> anyhow::Result<Option<&'static Self>> {
        static SHARED: [OnceCell<Option<SearchServer>>; 2] = [const { OnceCell::const_new() }; 2];
        let server = SHARED[kind as usize].get_or_try_init(async || Self::lasting(kind, &[]).await).await?;
        Ok(server.as_ref())
    }

    /// One that need not be dropped: its folder goes with this process.
    pub async fn lasting(kind: Kind, settings: &[&str]) -> anyhow::Result<Option<Self>> {
        Self::begin(kind, settings, true).await
    }

    async fn begin(kind: Kind, settings: &[&str], lasting: bool) -> anyhow::Result<Option<Self>> {
        let Some(distribution) = Distribution::of(kind) else { return Ok(None) };
        let owner = Owner::or("nobody")?.context("there is no user nobody")?;
        let folder = tempfile::Builder::new().prefix("minitwit-search-").tempdir()?;
        let [address, transport] = free_addresses()?;
        let settings = settings.iter().map(|setting| (*setting).to_owned()).collect();
        distribution.prepare(folder.path(), owner)?;
        let mut server = Self { distribution, address, transport, settings, lasting, server: None, owner, folder };
        server.go_on().await?;
        Ok(Some(server))
    }

    /// Which it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.distribution.kind
    }

    /// Where it answers.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same as a URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The name and password of a user, where somebody asks for them.
    #[must_use]
    pub fn credentials(&self, user: User) -> Option<(&'static str, &'static str)> {
        (self.kind() == Kind::Elasticsearch).then_some((user.name(), PASSWORD))
    }

    /// A client of a user.
    pub fn client(&self, user: User) -> anyhow::Result<Transport> {
        let mut builder = TransportBuilder::new(SingleNodeConnectionPool::new(self.url().parse()?)).disable_proxy();
        if let Some((name, password)) = self.credentials(user) {
            builder = builder.auth(Credentials::Basic(name.to_owned(), password.to_owned()));
        }
        Ok(builder.build()?)
    }

    /// Asks as the administrator, whatever the answer; a body is JSON or lines of JSON.
    pub async fn ask(&self, method: Method, path: &str, body: Option<String>) -> anyhow::Result<(StatusCode, Value)> {
        let answer = self.client(User::Admin)?.send(method, path, HeaderMap::new(), None::<&()>, body, None).await?;
        let status = answer.status_code();
        Ok((status, serde_json::from_slice(&answer.bytes().await?).unwrap_or_default()))
    }

    /// The same; the answer has to be a good one.
    pub async fn tell(&self, method: Method, path: &str, body: Option<String>) -> anyhow::Result<Value> {
        let (status, answer) = self.ask(method, path, body).await?;
        ensure!(status.is_success(), "{path} is answered {status}: {answer}");
        Ok(answer)
    }

    /// Starts the server again, or for the first time, and waits until it answers and has its data.
    pub async fn go_on(&mut self) -> anyhow::Result<()> {
        let log = self.folder.path().join("log");
        let mut server = Server::start(self.command(), log)?;
        let path = "/_cluster/health?wait_for_status=yellow&wait_for_no_initializing_shards=true&timeout=1s";
        until("the search server answers", PATIENCE, async || {
            server.check()?;
            Ok(self.ask(Method::Get, path, None).await.is_ok_and(|(status, _)| status.is_success()))
        })
        .await?;
        self.server = Some(server);
        Ok(())
    }

    /// Ends all its processes at once, as `kill -9` does.
    pub fn crash(&mut self) -> anyhow::Result<()> {
        let mut server = self.server.take().context("the server runs")?;
        server.tell("it goes on later\n")?;
        server.hang_up().map(drop)
    }

    /// Gives a user who may do nothing a role, or another one; the server takes note of it within seconds.
    pub fn grant(&self, user: User, role: Role) -> anyhow::Result<()> {
        self.distribution.assign(self.folder.path(), &[(role, user)])
    }

    fn command(&self) -> Command {
        let mut command = Command::new("sh");
        let folder = if self.lasting { self.folder.path().as_os_str() } else { "".as_ref() };
        command.args(["-c", KEEPER, "sh"]).arg(folder).arg(self.distribution.program());
        let mut set = |name: &str, value: String| {
            command.args(["-E", &format!("{name}={value}")]);
        };
        set("discovery.type", "single-node".into());
        set("network.host", self.address.ip().to_string());
        set("http.port", self.address.port().to_string());
        set("transport.port", self.transport.port().to_string());
        set("path.data", self.folder.path().join("data").display().to_string());
        set("path.logs", self.folder.path().join("logs").display().to_string());
        // A full disk of the machine is no matter of these tests.
        set("cluster.routing.allocation.disk.threshold_enabled", "false".into());
        let further = self.settings.iter().map(String::as_str);
        command.args(self.distribution.settings().iter().copied().chain(further).flat_map(|setting| ["-E", setting]));
        self.distribution.surround(&mut command, self.folder.path());
        self.owner.take(&mut command);
        command
    }
}

impl Drop for SearchServer {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            // It fails only when the process is gone already.
            drop(server.hang_up());
        }
    }
}
