//! Another machine, one cable away from the engine's.

use std::ffi::OsStr;
use std::fs;
use std::process::Command;

use super::DockerEngine;

/// Where the engine's machine is, seen from outside; one of the addresses that RFC 5737 keeps for examples.
const ENGINE: &str = "192.0.2.1";

/// Where the other machine is, seen from the engine's.
const OUTSIDE: &str = "192.0.2.2";

/// What makes the cable, in the engine's room.
const LAY: &str = r#"
mount --bind "$1" /etc/hosts
ip netns add outside
ip link add cable type veth peer name cable netns outside
ip address add "$2/24" dev cable
ip link set cable up
ip -n outside address add "$3/24" dev cable
ip -n outside link set cable up
ip -n outside link set lo up
ip -n outside route add default via "$2"
"#;

/// The other machine. On both of them the names that it was given lead to the engine's.
pub struct Outside {
    door: String,
}

impl Outside {
    /// Lays the cable.
    pub async fn of(engine: &DockerEngine, names: &[&str]) -> anyhow::Result<Self> {
        let hosts = engine.folder.path().join("hosts");
        fs::write(&hosts, format!("127.0.0.1 localhost\n{ENGINE} {}\n", names.join(" ")))?;
        let mut lay = engine.inside("sh");
        lay.args(["-ec", LAY, "sh"]).arg(hosts).args([ENGINE, OUTSIDE]);
        engine.said(lay).await?;
        Ok(Self { door: engine.door.clone() })
    }

    /// Its address, as others see it.
    #[must_use]
    pub const fn address(&self) -> &'static str {
        OUTSIDE
    }

    /// The address of the engine's machine.
    #[must_use]
    pub const fn engine(&self) -> &'static str {
        ENGINE
    }

    /// A program on it.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("nsenter");
        command.args(["--target", &self.door, "--mount"]);
        command.arg(format!("--net=/proc/{}/root/run/netns/outside", self.door)).arg(program);
        command
    }
}
