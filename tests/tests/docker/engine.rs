//! The engine of these tests itself: it is there, can be killed, and leaves nothing.

use anyhow::ensure;
use e2e::docker_engine::{DockerEngine, IMAGE};

#[tokio::test]
async fn a_killed_engine_comes_back_with_its_containers() -> anyhow::Result<()> {
    let Some(engine) = DockerEngine::start(&[]).await? else { return Ok(()) };
    engine.docker(&["run", "--network=none", "--name=first", IMAGE, "count", "first", "3"]).await?;
    for signal in ["KILL", "TERM"] {
        engine.end(signal).await?;
        ensure!(engine.docker(&["version"]).await.is_err(), "it still answers");
        engine.go_on().await?;
        let (out, err) = engine.both(&["logs", "first"]).await?;
        ensure!((&*out, &*err) == ("#first-1# \n#first-3# \n", "#first-2# \n"), "{out}{err}");
    }
    Ok(())
}
