//! A server as it was unpacked, and what a node of it needs to have to itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, ensure};
use log_shipper::setup::ROLE;

use super::{Kind, PASSWORD, Role, User, java};
use crate::need;
use crate::owner::Owner;

/// Options of Java that would write beside the program, or choose what we choose.
const UNWANTED: [&str; 4] = ["gc.log", "hs_err", "HeapDump", "UseG1GC"];

/// A small heap, and quick instead of good machine code: a test's node lives for a minute.
const JAVA_OPTIONS: &str = "-Xms256m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

pub struct Distribution {
    pub kind: Kind,
    folder: PathBuf,
    java: PathBuf,
}

impl Distribution {
    /// `None` where it, or its Java, is missing.
    pub fn of(kind: Kind) -> Option<Self> {
        let (what, name, least) = match kind {
            Kind::Elasticsearch => ("Elasticsearch", "elasticsearch", 17),
            Kind::OpenSearch => ("OpenSearch", "opensearch", 21),
        };
        Some(Self { kind, folder: need::unpacked(what, name)?, java: java::home(least)? })
    }

    /// The program that is the server.
    pub fn program(&self) -> PathBuf {
        self.folder.join("bin").join(match self.kind {
            Kind::Elasticsearch => "elasticsearch",
            Kind::OpenSearch => "opensearch",
        })
    }

    /// Settings that only this one knows.
    pub const fn settings(&self) -> &'static [&'static str] {
        match self.kind {
            Kind::Elasticsearch => &[
                "xpack.security.enabled=true",
                "xpack.security.enrollment.enabled=false",
                "xpack.security.http.ssl.enabled=false",
            ],
            Kind::OpenSearch => &[],
        }
    }

    /// Fills a node's folder, and gives it to the user who runs the node.
    pub fn prepare(&self, folder: &Path, owner: Owner) -> anyhow::Result<()> {
        let config = folder.join("config");
        copy(&self.folder.join("config"), &config).context("cannot copy the server's settings")?;
        let options = fs::read_to_string(config.join("jvm.options"))?;
        let wanted = options.lines().filter(|line| !UNWANTED.iter().any(|word| line.contains(word)));
        fs::write(config.join("jvm.options"), wanted.collect::<Vec<_>>().join("\n") + "\n")?;
        for name in ["data", "logs", "tmp"] {
            fs::create_dir(folder.join(name))?;
        }
        owner.give(folder)?;
        if self.kind == Kind::Elasticsearch { self.admit(folder, owner) } else { Ok(()) }
    }

    /// Makes the users. One of them is made by the server's own program, which takes seconds, and once in this process.
    fn admit(&self, folder: &Path, owner: Owner) -> anyhow::Result<()> {
        static HASH: OnceLock<String> = OnceLock::new();
        let file = |name: &str| folder.join("config").join(name);
        fs::write(file("roles.yml"), roles())?;
        if HASH.get().is_none() {
            let made = self.hash(folder, owner)?;
            HASH.get_or_init(|| made);
        }
        let hash = HASH.get().context("it was just made")?;
        let users = User::ALL.map(|user| format!("{}:{hash}\n", user.name()));
        fs::write(file("users"), users.concat())?;
        self.assign(folder, &[])
    }

    /// Says who has which role, besides those who have one from the start.
    pub fn assign(&self, folder: &Path, further: &[(Role, User)]) -> anyhow::Result<()> {
        ensure!(self.kind == Kind::Elasticsearch, "everybody may do everything");
        let users = |role| further.iter().filter(move |(theirs, _)| *theirs == role).map(|(_, user)| user.name());
        let shippers: Vec<_> = [User::Shipper.name()].into_iter().chain(users(Role::Shipper)).collect();
        let creators: Vec<_> = users(Role::Creator).collect();
        let (admin, shippers, creators) = (User::Admin.name(), shippers.join(","), creators.join(","));
        let roles = format!("superuser:{admin}\nlog_shipper:{shippers}\ncreator:{creators}\n");
        Ok(fs::write(folder.join("config/users_roles"), roles)?)
    }

    /// The hash of everybody's password, by a first user.
    fn hash(&self, folder: &Path, owner: Owner) -> anyhow::Result<String> {
        let mut command = Command::new(self.folder.join("bin/elasticsearch-users"));
        command.args(["useradd", "first", "-p", PASSWORD, "-r", "superuser"]);
        self.surround(&mut command, folder);
        owner.take(&mut command);
        let done = command.output().context("cannot start elasticsearch-users")?;
        ensure!(done.status.success(), "elasticsearch-users failed: {}", String::from_utf8_lossy(&done.stderr));
        let users = fs::read_to_string(folder.join("config/users"))?;
        Ok(users.trim_end().strip_prefix("first:").context("no user was made")?.to_owned())
    }

    /// The environment of its programs.
    pub fn surround(&self, command: &mut Command, folder: &Path) {
        let prefix = match self.kind {
            Kind::Elasticsearch => "ES",
            Kind::OpenSearch => "OPENSEARCH",
        };
        command.env_remove("JAVA_HOME").env(format!("{prefix}_JAVA_HOME"), &self.java);
        command.env(format!("{prefix}_PATH_CONF"), folder.join("config"));
        command.env(format!("{prefix}_TMPDIR"), folder.join("tmp"));
        command.env(format!("{prefix}_JAVA_OPTS"), JAVA_OPTIONS);
        command.current_dir(folder);
    }
}

/// The roles. YAML takes JSON as it is, but this file's reader wants a role's lines indented.
fn roles() -> String {
    let creator = r#"{"cluster":["monitor"],"indices":[{"names":["logs-*"],"privileges":["create_doc"]}]}"#;
    [("log_shipper", ROLE.trim_end()), ("creator", creator)]
        .map(|(name, role)| format!("{name}:\n  {}\n", role.replace('\n', "\n  ")))
        .concat()
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
