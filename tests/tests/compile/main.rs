//! The Dockerfiles as they are, in a real engine: programs from their sources.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, ensure};
use e2e::docker_engine::{DockerEngine, said};
use e2e::monitoring::product;
use e2e::need;

/// What is promised of an image, in bytes.
const LARGEST: u64 = 60_000_000;

/// Two cores compile all crates in minutes.
const PATIENCE: Duration = Duration::from_mins(40);

/// Where this machine's Rust and its crates lie in the stand-in; no registry is reached.
const SETTINGS: [&str; 3] =
    ["ENV CARGO_HOME=/usr/local/cargo", "ENV CARGO_NET_OFFLINE=true", "ENV PATH=/usr/local/rust/bin:/usr/bin:/bin"];

#[tokio::test(flavor = "multi_thread")]
async fn programs_are_compiled_into_small_images_and_their_crates_only_once() -> anyhow::Result<()> {
    let Some(images) = need::unpacked("files of images", "images") else { return Ok(()) };
    let rust = Some(images.join("rust.tar")).filter(|file| file.is_file());
    let Some(rust) = need::found("an image with Rust, which `tests/run compile` makes", rust) else { return Ok(()) };
    let Some(engine) = DockerEngine::empty("builder", &[]).await? else { return Ok(()) };
    let base = images.join("libraries.tar").display().to_string();
    engine.docker(&["import", &base, "gcr.io/distroless/cc-debian13:nonroot"]).await?;
    let settings = SETTINGS.iter().flat_map(|setting| ["--change", setting]);
    let (rust, name) = (rust.display().to_string(), compiler()?);
    engine.docker(&["import"].into_iter().chain(settings).chain([&*rust, &*name]).collect::<Vec<_>>()).await?;
    let version = engine.docker(&["run", "--rm", &name, "rustc", "--version"]).await?;
    let wanted = name.trim_start_matches("rust:").split('-').next().context("a version")?;
    ensure!(version.starts_with(&format!("rustc {wanted}.")), "instead of {name} there is {version}");
    for (program, package) in [(need::program(), "app"), (need::shipper(), "log-shipper")] {
        let Some(program) = program else { return Ok(()) };
        is_compiled(&engine, package, &program).await?;
    }
    Ok(())
}

/// The image of a package's program is what was promised, and made again only of what has changed.
async fn is_compiled(engine: &DockerEngine, package: &str, program: &Path) -> anyhow::Result<()> {
    let name = program.file_name().and_then(|name| name.to_str()).context("a program's name")?;
    let (source, image) = (source().await?, format!("{name}:compiled"));
    let first = build(engine, source.path(), package, &image).await?;
    ensure!(first.contains(name) && first.contains("tokio"), "{name} is not compiled: {first:?}");
    let size: u64 = engine.docker(&["image", "inspect", "--format={{.Size}}", &image]).await?.trim().parse()?;
    ensure!(size < LARGEST, "the image of {name} has {size} bytes");
    let run = ["run", "--rm", "--read-only", "--cap-drop=ALL", "--network=none", &image, "--version"];
    let version = said(Command::new(program).arg("--version")).await?.0;
    ensure!(engine.docker(&run).await? == version, "not {version}");

    let file = source.path().join(package).join("src/main.rs");
    let changed = fs::read_to_string(&file)?.replace("fn main()", "fn  main()");
    fs::write(&file, changed)?;
    let again = build(engine, source.path(), package, &image).await?;
    ensure!(again == BTreeSet::from([name.to_owned()]), "a change of {name} compiles {again:?}");
    eprintln!("{image}: {size} bytes, {} crates, of which a change compiles {}", first.len(), again.len());
    Ok(())
}

/// The image that the Dockerfiles compile in.
fn compiler() -> anyhow::Result<String> {
    let dockerfile = fs::read_to_string(product("app/Dockerfile"))?;
    let image = dockerfile.lines().find_map(|line| line.strip_prefix("FROM rust:")?.strip_suffix(" AS build"));
    Ok(format!("rust:{}", image.context("app/Dockerfile compiles in an image with Rust")?))
}

/// A copy of all sources.
async fn source() -> anyhow::Result<tempfile::TempDir> {
    let (root, copy) = (product(""), tempfile::tempdir()?);
    let mut list = Command::new("git");
    list.arg("-C").arg(&root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let all = said(&mut list).await?.0;
    for path in all.split_terminator('\0').map(PathBuf::from).filter(|path| root.join(path).is_file()) {
        let to = copy.path().join(&path);
        fs::create_dir_all(to.parent().context("a file lies in a folder")?)?;
        fs::copy(root.join(&path), to)?;
    }
    Ok(copy)
}

/// Builds an image as the Dockerfile says; the crates that were compiled.
async fn build(engine: &DockerEngine, source: &Path, package: &str, image: &str) -> anyhow::Result<BTreeSet<String>> {
    let mut build = engine.client();
    build.args(["build", "--progress=plain", "--network=none", "--tag", image, "--file"]);
    build.arg(source.join(package).join("Dockerfile")).arg(source);
    let mut build = tokio::process::Command::from(build);
    let output = build.stdin(Stdio::null()).kill_on_drop(true).output();
    let output = tokio::time::timeout(PATIENCE, output).await.context("the build does not end")??;
    let told = String::from_utf8(output.stderr)?;
    ensure!(output.status.success(), "{image} cannot be built: {told}");
    let compiled = told.lines().filter_map(|line| line.split_once(" Compiling ")?.1.split(' ').next());
    Ok(compiled.map(str::to_owned).collect())
}
