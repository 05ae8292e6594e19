//! A network of machines: engines, and one machine more, where people are.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use super::room::Room;
use super::{DockerEngine, said};

/// What lays the cables, on this machine. The switch stands where people are.
const LAY: &str = r#"
number=$1 switch=$2 engine=$3
in_switch() { nsenter --target "$switch" --net "$@"; }
in_engine() { nsenter --target "$engine" --net "$@"; }
ip link add "port$number" netns "$switch" type veth peer name cable netns "$engine"
in_switch ip link set "port$number" master switch
in_switch ip link set "port$number" up
in_engine ip address add "192.0.2.$number/24" dev cable
in_engine ip link set cable up
"#;

const SWITCH: &str = r"
ip link add switch type bridge
ip address add 192.0.2.254/24 dev switch
ip link set switch up
";

/// Its addresses are of those that RFC 5737 keeps for examples.
pub struct Lan(Room);

impl Lan {
    /// Connects engines, in their order. People find them under names: each of these leads to the engine of that number.
    pub async fn connect(engines: &[&DockerEngine], names: &[(&str, usize)]) -> anyhow::Result<Self> {
        let room = Room::open("outside").await?;
        let mut hosts = "127.0.0.1 localhost\n".to_owned();
        for (name, number) in names {
            writeln!(hosts, "{} {name}", Self::address(*number))?;
        }
        let file = room.folder().join("hosts");
        fs::write(&file, hosts)?;
        let mut mount = room.command("mount");
        said(mount.arg("--bind").arg(&file).arg("/etc/hosts")).await?;
        said(room.command("sh").args(["-ec", SWITCH])).await?;
        let lan = Self(room);
        for (number, engine) in engines.iter().enumerate() {
            lan.add(number, engine).await?;
        }
        Ok(lan)
    }

    /// Connects one engine more, which has the next number.
    pub async fn add(&self, number: usize, engine: &DockerEngine) -> anyhow::Result<()> {
        let mut lay = Command::new("sh");
        lay.args(["-ec", LAY, "sh", &(number + 1).to_string(), &self.0.door, &engine.room.door]);
        said(&mut lay).await.map(drop)
    }

    /// Takes an engine's cable out of the switch, or puts it in again.
    pub async fn plug(&self, number: usize, is_in: bool) -> anyhow::Result<()> {
        let mut port = self.command("ip");
        port.args(["link", "set", &format!("port{}", number + 1), if is_in { "up" } else { "down" }]);
        said(&mut port).await.map(drop)
    }

    /// The address of an engine's machine.
    #[must_use]
    pub fn address(number: usize) -> String {
        format!("192.0.2.{}", number + 1)
    }

    /// The address of people, as others see it.
    #[must_use]
    pub const fn people(&self) -> &'static str {
        "192.0.2.254"
    }

    /// A program where people are.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        self.0.command(program)
    }
}
