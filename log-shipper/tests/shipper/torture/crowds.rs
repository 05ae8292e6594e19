//! Many containers, some of them short-lived; a server that is away for long; no watches left.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use rstest::rstest;

use super::docker::{Container, Docker, Rotation};
use super::ledger::Ledger;
use super::plain::Plain;
use super::shipper::{Setup, until};
use crate::sink::{Fault, Sink};

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_lives_for_a_moment_has_said_everything_with_its_name() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let mut docker = Docker::new(&ledger);
    let labels = serde_json::json!({"com.docker.swarm.service.name": "shop_web", "com.docker.swarm.task.id": "t4sk"});
    let setup = Setup::of(&sink, &docker);
    let mut first = docker.run(None);
    first.print("there from the beginning");
    let shipper = setup.start();
    sink.until("it works", |sink| sink.size() == 1).await;
    for number in 0..30 {
        let mut container = docker.run_with(None, &labels);
        if number % 3 == 0 {
            fs::remove_file(container.folder.join("config.v2.json")).unwrap();
        }
        (0..5).for_each(|_| container.print("short is life"));
        container.last_words("stderr", "farewell");
        std::thread::sleep(Duration::from_millis(50));
        container.remove();
    }
    // Where others keep the machine busy for longer than a container lives, what it said is counted as missed.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few files")]
    let missed = || 6 * setup.metric("log_shipper_files_missed_total") as usize;
    sink.until("all lines are there, or counted", |sink| sink.size() + missed() >= ledger.len()).await;
    let missed = missed();
    if missed == 0 {
        setup.finish(shipper, &sink, &ledger).await;
    }
    let tagged = |document: &crate::sink::Document| document.source.contains("\"docker.swarm.service\":\"shop_web\"");
    let tagged = sink.documents().iter().filter(|document| tagged(document)).count();
    assert!(tagged + missed >= 20 * 6 && missed < ledger.len() / 2, "{tagged} have a name, {missed} were missed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_turns_out_to_be_unwanted_is_read_no_more() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let mut docker = Docker::new(&ledger);
    let mut container = docker.run_with(None, &serde_json::json!({"log-shipper.exclude": "true"}));
    let (config, aside) = (container.folder.join("config.v2.json"), container.folder.join("aside"));
    fs::rename(&config, &aside).unwrap();
    container.print("nobody knows what I am");
    let setup = Setup::of(&sink, &docker).with("--metadata-wait", "50ms");
    let shipper = setup.start();
    sink.until("it is read", |sink| sink.size() == 1).await;
    fs::rename(&aside, &config).unwrap();
    until("it is read no more", || setup.metric("log_shipper_files_followed") == 0.0);
    container.print("not for others");
    assert!(shipper.terminate().success());
    assert_eq!((sink.size(), setup.once().success(), sink.size()), (1, true, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn memory_stays_flat_while_the_server_is_away() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    sink.always(Fault::Whole { status: 503, kind: "unavailable", retry_after: None });
    let folder = tempfile::tempdir().unwrap();
    let mut plain = Plain::new(folder.path().join("site.log"), &ledger);
    let setup = Setup::new(&sink)
        .with("--files", &format!("{}/*.log", folder.path().display()))
        .with("--memory", "4MiB")
        .with("--batch-bytes", "512KiB");
    let shipper = setup.start();
    plain.print("the first one");
    sink.until("it tries", |sink| !sink.seen().is_empty()).await;
    let before = resident(shipper.id());
    let text = "w".repeat(1_000);
    (0..40).for_each(|_| plain.print_many_at_once(1_000, &text));
    until("there is no room", || setup.metric("log_shipper_budget_used_bytes") > 500_000.0);
    let grown = resident(shipper.id()).saturating_sub(before);
    assert!(grown < 24 << 20, "40 MB wait, and the process has grown by {grown} bytes");
    sink.calm();
    setup.finish(shipper, &sink, &ledger).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn compressed_files_take_no_memory_before_they_are_read() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    sink.always(Fault::Whole { status: 503, kind: "unavailable", retry_after: None });
    let mut docker = Docker::new(&ledger);
    let mut container = docker.run(Some(Rotation { max_size: 200_000, max_file: 400, compress: true }));
    let text = "w".repeat(2_000);
    (0..40_000).for_each(|_| container.print(&text));
    let setup = Setup::of(&sink, &docker).with("--memory", "4MiB").with("--batch-bytes", "512KiB");
    let shipper = setup.start();
    sink.until("it tries", |sink| !sink.seen().is_empty()).await;
    until("all are open", || setup.metric("log_shipper_open_files") > 350.0);
    let resident = resident(shipper.id());
    assert!(resident < 64 << 20, "{resident} bytes");
    shipper.kill();
}

/// Bytes of memory that a process has.
pub fn resident(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1_024
}

/// What a long form is told by the environment.
pub fn figure(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|figure| figure.parse().ok())
}

/// Time of a processor that a process has had, in hundredths of a second, as Linux counts it.
fn cpu_ticks(id: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()
}

/// Prints some lines from some of many containers.
fn some_speak(containers: &mut [Container]) {
    for container in containers.iter_mut().step_by(50) {
        container.print("one of many");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_containers_are_followed_at_once() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let mut docker = Docker::new(&ledger);
    let count = figure("LOG_SHIPPER_TORTURE_CONTAINERS").and_then(|count| count.try_into().ok()).unwrap_or(1_500);
    let mut containers: Vec<Container> = (0..count).map(|_| docker.run_closed(None)).collect();
    for container in &mut containers {
        container.print("here I am");
    }
    let setup = Setup::of(&sink, &docker);
    let shipper = setup.start();
    setup.all_there(&sink, &ledger).await;
    for _ in 0..3 {
        some_speak(&mut containers);
        setup.all_there(&sink, &ledger).await;
    }
    let handles = fs::read_dir(format!("/proc/{}/fd", shipper.id())).unwrap().count();
    assert!(handles < count + 100, "one handle for each file: {handles}");
    eprintln!("row 15: {count} containers: {handles} handles, {} bytes resident", resident(shipper.id()));
    if let Some(seconds) = figure("LOG_SHIPPER_TORTURE_IDLE_SECONDS") {
        let (before, start) = (cpu_ticks(shipper.id()), Instant::now());
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        let percent = (cpu_ticks(shipper.id()) - before) / start.elapsed().as_secs_f64();
        eprintln!("row 15: {count} containers: {percent:.2} % of a processor while nothing is written");
        assert!(percent < 1.0, "{percent} % of a processor");
    }
    setup.finish(shipper, &sink, &ledger).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_beyond_the_limit_of_open_files_wait_for_their_turn() {
    const LIMIT: usize = 40;
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let mut docker = Docker::new(&ledger);
    let mut containers: Vec<Container> = (0..150).map(|_| docker.run_closed(None)).collect();
    for container in &mut containers {
        container.print("here I am");
    }
    let setup = Setup::of(&sink, &docker).with("--max-open-files", &LIMIT.to_string());
    let shipper = setup.start();
    setup.all_there(&sink, &ledger).await;
    for round in 0..2 {
        for (number, container) in containers.iter_mut().enumerate().filter(|(number, _)| number % 2 == round) {
            container.print("once more");
            if number % 10 < 2 {
                container.rotate();
                container.print("and in another file");
            }
        }
        let handles = || fs::read_dir(format!("/proc/{}/fd", shipper.id())).unwrap().count();
        until("no more are open", || handles() < LIMIT + 40);
        assert!(setup.metric("log_shipper_open_files") < 40.5);
        setup.all_there(&sink, &ledger).await;
    }
    setup.finish(shipper, &sink, &ledger).await;
    assert_eq!(sink.conflicts(), 0);
}

#[rstest]
#[case::few_watches("max_inotify_watches", 6)]
#[case::none_at_all("max_inotify_instances", 0)]
#[tokio::test(flavor = "multi_thread")]
async fn folders_that_the_kernel_does_not_watch_are_looked_through(#[case] limit: &str, #[case] number: u32) {
    // A user namespace has limits of its own: nothing else on this machine gets fewer watches.
    let limited = &format!("echo {number} > /proc/sys/user/{limit}");
    let can = Command::new("unshare").args(["-Ur", "sh", "-c", limited]).output();
    if !can.is_ok_and(|output| output.status.success()) {
        eprintln!("skipped: there are no user namespaces here");
        return;
    }
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let mut docker = Docker::new(&ledger);
    let mut containers: Vec<Container> = (0..40).map(|_| docker.run(None)).collect();
    let setup = Setup::of(&sink, &docker).with("--poll", "300ms");
    let shipper = setup.start_in(&["unshare", "-Ur", "sh", "-c", &format!("{limited} && exec \"$0\" \"$@\"")]);
    for round in 0..4 {
        for container in &mut containers {
            container.print("unwatched");
        }
        if round == 1 {
            containers.iter_mut().for_each(Container::rotate);
            containers.push(docker.run(None));
        }
        setup.all_there(&sink, &ledger).await;
    }
    assert!(setup.said().contains("max_user_watches"));
    setup.finish(shipper, &sink, &ledger).await;
}
