//! `log-shipper test config` says what `run` would say, and changes nothing.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;

use rcgen::{CertificateParams, KeyPair};
use rstest::rstest;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::stage::{Ended, Running, Stage, ended, until};

/// A stage with files that settings may name.
async fn stage() -> Stage {
    let stage = Stage::start().await;
    stage.print("a.log", "one\n");
    let (key, other) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let certificate = CertificateParams::new(["client".to_owned()]).unwrap().self_signed(&key).unwrap();
    for (name, text) in [
        ("good.pem", certificate.pem()),
        ("good.key", key.serialize_pem()),
        ("other.key", other.serialize_pem()),
        ("text", "hunter2".to_owned()),
        ("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_owned()),
        ("masks", "mask = [".to_owned() + &"'secret',".repeat(101) + "]"),
    ] {
        fs::write(stage.path(name), text).unwrap();
    }
    mknodat(CWD, stage.path("pipe"), FileType::Fifo, Mode::RUSR, 0).unwrap();
    stage
}

/// What a command says with these flags, in which `DIR` is the stage's folder.
async fn said(stage: &Stage, command: &[&str], flags: &[&str]) -> Ended {
    let mut program = stage.program(command);
    let folder = stage.path("");
    let flags = flags.iter().map(|flag| flag.replace("DIR/", folder.to_str().unwrap()));
    program.arg("--elasticsearch=https://127.0.0.1:9").args(flags);
    let mut said = ended(program).await;
    said.err = said.err.replace(folder.to_str().unwrap(), "DIR/");
    said
}

#[rstest]
#[case::ca_missing(&["--ca-file=DIR/no"], "--ca-file: DIR/no cannot be read: No such file or directory (os error 2)")]
#[case::ca_folder(&["--ca-file=DIR/logs"], "--ca-file: DIR/logs cannot be read: it is no regular file")]
#[case::ca_pipe(&["--ca-file=DIR/pipe"], "--ca-file: DIR/pipe cannot be read: it is no regular file")]
#[case::ca_text(&["--ca-file=DIR/text"], "--ca-file: DIR/text has no certificate (PEM) of an authority")]
#[case::ca_broken(
    &["--ca-file=DIR/broken.pem"],
    "--ca-file: DIR/broken.pem has no certificate (PEM) of an authority: invalid peer certificate: BadEncoding"
)]
#[case::client_text(
    &["--client-certificate-file=DIR/text", "--client-key-file=DIR/good.key"],
    "--client-certificate-file: DIR/text has no certificate (PEM)"
)]
#[case::client_key(
    &["--client-certificate-file=DIR/good.pem", "--client-key-file=DIR/text"],
    "--client-key-file: DIR/text has no private key (PEM, without a pass phrase)"
)]
#[case::client_pair(
    &["--client-certificate-file=DIR/good.pem", "--client-key-file=DIR/other.key"],
    "--client-key-file: DIR/other.key cannot be used with DIR/good.pem: keys may not be consistent: KeyMismatch"
)]
#[case::secret(
    &["--user=ada", "--password-file=DIR/no"],
    "--password-file: DIR/no cannot be read: No such file or directory (os error 2)"
)]
#[case::docker_root(
    &["--docker-root=DIR/no"],
    "--docker-root: DIR/no cannot be read: No such file or directory (os error 2)"
)]
#[case::files(
    &["--files=DIR/no/*.log"],
    "--files: the folder of DIR/no/*.log cannot be opened: No such file or directory (os error 2)"
)]
#[case::files_folder(
    &["--files=DIR/logs"],
    "--files: DIR/logs is a folder; say which files in it, such as 'DIR/logs/*.log'"
)]
#[case::mask(
    &["--config=DIR/masks"],
    "DIR/masks:1: mask: 101 mask patterns are too many; join some with `|`, up to 100 can be used"
)]
#[case::multiline(
    &["--multiline=("],
    "--multiline has a value that cannot be used: expected a regular expression: unclosed group"
)]
#[case::include(
    &["--include=web"],
    "--include has a value that cannot be used: expected name=GLOB, image=GLOB, service=GLOB, label:KEY or label:KEY=GLOB"
)]
#[case::operations(
    &["--files=DIR/logs/*", "--operations-listen=192.0.2.1:9001"],
    "--operations-listen: cannot listen at 192.0.2.1:9001: Cannot assign requested address (os error 99)"
)]
#[tokio::test]
async fn what_run_would_refuse_is_refused_in_the_same_words(#[case] flags: &[&str], #[case] why: &str) {
    let stage = stage().await;
    // Of two mistakes, only one is told.
    let is_of_input = ["--docker-root", "--files"].iter().any(|flag| flags[0].starts_with(flag));
    let flags = if is_of_input { flags.to_vec() } else { [flags, &["--files=DIR/logs/*"]].concat() };
    let test = said(&stage, &["test", "config"], &flags).await;
    assert_eq!((test.last(), test.code.unwrap_or_default() > 0), (format!("log-shipper: {why}").as_str(), true));
    assert!(!test.out.contains("ok\n"), "{}", test.out);
    let run = said(&stage, &["run"], &flags).await;
    assert_eq!((run.last(), run.code), (test.last(), test.code));
}

#[tokio::test]
async fn a_state_folder_that_cannot_be_made_is_refused_by_both() {
    let stage = stage().await;
    fs::write(stage.state(), "a file").unwrap();
    for command in [&["test", "config"][..], &["run"]] {
        let said = said(&stage, command, &["--files=DIR/logs/*"]).await;
        assert!(said.last().starts_with("log-shipper: --state: cannot ") && said.code == Some(1), "{}", said.err);
    }
}

#[tokio::test]
async fn what_is_in_order_is_left_as_it_is() {
    let stage = stage().await;
    let said = said(&stage, &["test", "config"], &["--files=DIR/logs/*.log", "--operations-listen=off"]).await;
    assert_eq!((said.code, said.out.lines().last(), said.err.as_str()), (Some(0), Some("ok"), ""));
    assert!(!stage.state().exists(), "looking makes nothing");
}

#[tokio::test]
async fn a_shipper_that_runs_is_told_of_and_no_fault() {
    let stage = stage().await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let running = Running::start(stage.shipper(&[]));
    until("it has its folder", async || fs::read_to_string(stage.state().join("lock")).is_ok_and(|id| !id.is_empty()))
        .await;
    let listen = format!("--operations-listen={}", taken.local_addr().unwrap());
    let said = said(&stage, &["test", "config"], &["--files=DIR/logs/*.log", &listen]).await;
    assert_eq!((said.code, said.out.lines().last()), (Some(0), Some("ok")), "{}", said.err);
    assert!(said.err.contains("state is in use by another log-shipper (process "), "{}", said.err);
    assert!(said.err.contains(" is in use; only the shipper that runs here may have it"), "{}", said.err);
    assert_eq!(running.stop().await, Some(0));
}

#[tokio::test]
async fn a_pattern_without_a_file_and_a_folder_without_a_container_are_told_of_and_no_fault() {
    let stage = stage().await;
    let flags = ["--files=DIR/logs/sitte*.log", "--docker-root=DIR/logs", "--operations-listen=off"];
    let said = said(&stage, &["test", "config"], &flags).await;
    let expected = "log-shipper: --docker-root: no container is in DIR/logs\n\
                    log-shipper: --files: no file matches DIR/logs/sitte*.log\n";
    assert_eq!((said.code, said.err.as_str()), (Some(0), expected));
}

#[tokio::test]
async fn a_setting_of_the_file_is_named_there() {
    let stage = stage().await;
    let config: PathBuf = stage.path("config");
    fs::write(&config, "ca-file = '/no'\nfiles = ['/no/*']").unwrap();
    let flags = [format!("--config={}", config.display())];
    let refused = said(&stage, &["test", "config"], &[&flags[0]]).await;
    assert!(refused.last().starts_with("log-shipper: DIR/config:1: ca-file: /no cannot be read"), "{}", refused.err);
    fs::write(&config, "\nfiles = ['/no/*']").unwrap();
    let refused = said(&stage, &["test", "config"], &[&flags[0]]).await;
    assert!(refused.last().starts_with("log-shipper: DIR/config:2: files: the folder of /no/*"), "{}", refused.err);
}
