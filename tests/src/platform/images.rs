//! Images under the names that the product's files give: our own programs, and what stands in for public ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::docker_engine::{DockerEngine, said};
use crate::monitoring::product;
use crate::need;

/// Which target of `tests/images/Dockerfile` stands in for which image.
pub const STAND_INS: [(&str, &str); 9] = [
    ("postgres", "postgres:17.6-trixie"),
    ("restic", "restic/restic:0.18.0"),
    ("elasticsearch", "docker.elastic.co/elasticsearch/elasticsearch:8.19.21"),
    ("prometheus", "prom/prometheus:v2.53.3"),
    ("alertmanager", "prom/alertmanager:v0.28.1"),
    ("node-exporter", "prom/node-exporter:v1.9.0"),
    ("postgres-exporter", "quay.io/prometheuscommunity/postgres-exporter:v0.17.1"),
    ("elasticsearch-exporter", "quay.io/prometheuscommunity/elasticsearch-exporter:v1.9.0"),
    ("blackbox-exporter", "prom/blackbox-exporter:v0.26.0"),
];

/// Files of images, as `tests/run install` makes them, that are an image by themselves.
pub const WHOLE: [(&str, &str); 3] = [
    ("trixie.tar", "stand-in:base"),
    ("testing.tar", "nginx:1.30"),
    ("libraries.tar", "gcr.io/distroless/cc-debian13:nonroot"),
];

/// What images are made of.
pub(super) struct Images {
    folder: PathBuf,
    /// Each program of ours, and its image.
    programs: [(PathBuf, &'static str); 2],
}

impl Images {
    /// With the programs that were built last; `None` where something is missing.
    pub(super) fn find() -> Option<Self> {
        Self::of([need::program()?, need::shipper()?])
    }

    /// With these programs: the site and the shipper.
    pub(super) fn of([site, shipper]: [PathBuf; 2]) -> Option<Self> {
        let folder = need::unpacked("files of images", "images")?;
        let programs = [(site, "minitwit"), (shipper, "log-shipper")];
        need::installed("Docker's compose, which `tests/run install` installs", &["docker-compose"])?;
        Some(Self { folder, programs })
    }

    /// Puts all of them into an engine, ours with this tag.
    pub(super) async fn load(&self, engine: &DockerEngine, tag: &str) -> anyhow::Result<()> {
        for (file, name) in WHOLE {
            engine.docker(&["import", &self.folder.join(file).display().to_string(), name]).await?;
        }
        let folder = product("tests/images");
        for (target, name) in STAND_INS {
            build(engine, &folder.join("Dockerfile"), Some(target), name, &folder).await?;
        }
        self.load_ours(engine, tag).await
    }

    /// Puts our programs into an engine, as images with this tag.
    pub(super) async fn load_ours(&self, engine: &DockerEngine, tag: &str) -> anyhow::Result<()> {
        for (program, name) in &self.programs {
            let context = tempfile::tempdir()?;
            let copy = context.path().join(name);
            fs::copy(program, &copy)?;
            let mut strip = Command::new("objcopy");
            strip.arg("--strip-debug").arg(&copy);
            said(&mut strip).await?;
            let room = if *name == "minitwit" { "app" } else { name };
            let file = product(room).join("Dockerfile");
            build(engine, &file, Some("prebuilt"), &format!("{name}:{tag}"), context.path()).await?;
        }
        let backup = product("compose/backup");
        build(engine, &backup.join("Dockerfile"), None, &format!("minitwit-backup:{tag}"), &backup).await
    }
}

/// Without a target the last one of the file is meant.
async fn build(
    engine: &DockerEngine,
    file: &Path,
    target: Option<&str>,
    name: &str,
    context: &Path,
) -> anyhow::Result<()> {
    let mut command = engine.client();
    command.args(["build", "--quiet", "--network=none", "--tag", name, "--file"]).arg(file);
    command.args(target.map(|target| format!("--target={target}"))).arg(context);
    said(&mut command).await.map(drop)
}
