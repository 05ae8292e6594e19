//! Logs that Docker rotates, compresses and removes while they are read.

use anyhow::ensure;

use crate::numbers::Numbers;
use crate::scene::Scene;

/// Docker keeps two files of so much.
const SMALL: [&str; 3] = ["--log-opt=max-size=100k", "--log-opt=max-file=2", "--log-opt=compress=true"];

#[tokio::test(flavor = "multi_thread")]
async fn files_that_docker_rotates_and_compresses_arrive_whole() -> anyhow::Result<()> {
    let Some(mut scene) = Scene::begin("rotated", &[]).await? else { return Ok(()) };
    let options = [&SMALL[..], &["--env=LENGTH=200"]].concat();
    // Some 12 files at a pace that leaves time to open each of them, however busy the machine is.
    scene.run("steady", &options, &["count", "steady", "4000", "3000"]).await?;
    let documents = scene.conclude(&Numbers::up_to("steady", 4000)).await?;
    ensure!(documents.iter().all(|document| document.source["container.name"] == "steady"), "not all have a name");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_arrives_but_for_files_that_vanished_unseen_which_are_counted() -> anyhow::Result<()> {
    let Some(mut scene) = Scene::begin("burst", &[]).await? else { return Ok(()) };
    let last = 20_000;
    let options = [&SMALL[..], &["--env=LENGTH=200"]].concat();
    scene.run("burst", &options, &["count", "burst", &last.to_string()]).await?;
    scene.reads_to("burst", last).await?;
    let missed = scene.shipper.metric("log_shipper_files_missed_total").await?;
    let missing = Numbers::up_to("burst", last).missing(&scene.finish().await?)?;
    let gaps = gaps(&missing, 0).max(gaps(&missing, 1));
    eprintln!("burst: {} of {last} lines vanished unseen, in {gaps} places; {missed} files are counted", missing.len());
    ensure!(f64::from(gaps) <= missed, "{gaps} places where lines are missing, and {missed} files are counted");
    ensure!(missed == 0.0 || !missing.is_empty(), "{missed} files are counted, and nothing is missing");
    Ok(())
}

/// In how many places lines of one output are missing; each is a file, or several one after another.
fn gaps(missing: &[(String, u64)], rest: u64) -> u32 {
    let mut before = None;
    let mut gaps = 0;
    for (_, number) in missing.iter().filter(|(_, number)| number % 2 == rest) {
        gaps += u32::from(before.is_none_or(|before| before + 2 != *number));
        before = Some(*number);
    }
    gaps
}
