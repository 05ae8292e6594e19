//! Secrets come from files, and go nowhere but to the program.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use dashboards::kibana::Flavour;
use tempfile::TempDir;

use super::{Said, can_run, load, loaded, objects, ready, refused, script};
use crate::server::Server;

const PASSWORD: &str = r#"pa"ss\w{}ord $x"#;

/// A file with a secret.
pub fn file(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    fs::write(&path, text).unwrap();
    (folder, path)
}

/// `Basic` and the name and password in base64.
fn basic(user: &str, password: &str) -> String {
    let mut command = Command::new("base64");
    let mut encoder = command.arg("-w0").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    encoder.stdin.take().unwrap().write_all(format!("{user}:{password}").as_bytes()).unwrap();
    format!("Basic {}", String::from_utf8(encoder.wait_with_output().unwrap().stdout).unwrap())
}

#[test]
fn a_secret_comes_from_a_file_as_it_is() {
    if !can_run() {
        return;
    }
    let (_folder, password) = file(&format!("{PASSWORD}\r\nsecond line\n"));
    let server = Server::with(&[ready(), loaded(objects(Flavour::Kibana))]);
    assert_eq!(load(&server, &["--user", "lo\"ader", "--password-file", password.to_str().unwrap()]).code, 0);
    let expected = basic("lo\"ader", PASSWORD);
    assert!(
        server.asked().iter().all(|asked| asked.header("authorization") == Some(&expected)),
        "{:?}",
        server.asked()[0]
    );

    let (_folder, key) = file("bm9ib2R5Om5vdGhpbmc=");
    let server = Server::with(&[ready(), loaded(objects(Flavour::Kibana))]);
    assert_eq!(load(&server, &["--api-key-file", key.to_str().unwrap()]).code, 0);
    assert_eq!(server.asked()[1].header("authorization"), Some("ApiKey bm9ib2R5Om5vdGhpbmc="));

    let (_folder, netrc) = file("machine 127.0.0.1 login loader password hush\n");
    let server = Server::with(&[ready(), loaded(objects(Flavour::Kibana))]);
    let said: Said = script().args(["--url", &server.url]).env("KIBANA_NETRC_FILE", &netrc).output().unwrap().into();
    assert_eq!(said.code, 0, "{}", said.err);
    assert_eq!(server.asked()[1].header("authorization"), Some(&*basic("loader", "hush")));
}

#[test]
fn no_secret_is_on_a_command_line() {
    if !can_run() {
        return;
    }
    let (folder, password) = file("hunter2hunter2\n");
    // A curl that notes its command line, and answers as Kibana does.
    let note = folder.path().join("arguments");
    let (_, body) = loaded(objects(Flavour::Kibana));
    let answer = r#"while [ $# -gt 0 ]; do [ "$1" = --output ] && printf '%s' 'BODY' >"$2"; shift; done; printf 200"#;
    let answer = answer.replace("BODY", &body);
    let fake = format!("#!/bin/sh\nprintf '%s\\n' \"$@\" >>'{}'\n{answer}\n", note.display());
    let programs = folder.path().join("bin");
    fs::create_dir(&programs).unwrap();
    fs::write(programs.join("curl"), fake).unwrap();
    fs::set_permissions(programs.join("curl"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let words = ["--url", "http://127.0.0.1:1", "--user", "loader", "--password-file", password.to_str().unwrap()];
    let said: Said = script().args(words).env("PATH", path).output().unwrap().into();
    assert_eq!((said.code, &*said.err), (0, ""));
    let arguments = fs::read_to_string(note).unwrap();
    assert!(arguments.contains("_import?overwrite=true") && !arguments.contains("hunter2"), "{arguments}");
    assert!(arguments.starts_with("--disable\n"), "a user's own settings of curl are read: {arguments}");
}

#[test]
fn nothing_is_left_behind() {
    if !can_run() {
        return;
    }
    let room = tempfile::tempdir().unwrap();
    for answer in [loaded(objects(Flavour::Kibana)), refused()] {
        let server = Server::with(&[ready(), answer]);
        script().args(["--url", &server.url]).env("TMPDIR", room.path()).output().unwrap();
        assert_eq!(server.asked().len(), 2);
    }
    assert_eq!(fs::read_dir(room.path()).unwrap().count(), 0);
}
