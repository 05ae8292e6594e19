//! What is no regular file is refused before anybody waits for it.

use std::path::Path;
use std::sync::mpsc::channel;
use std::thread;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::*;

/// Reads settings in a thread of its own, which a pipe would stop for ever.
fn complaint(given: Given) -> String {
    let (done, told) = channel();
    thread::spawn(move || done.send(Settings::load(&given).unwrap_err().to_string()));
    told.recv_timeout(Duration::from_mins(1)).expect("nobody waits for the other end of the pipe")
}

fn pipe(start: &Start) -> PathBuf {
    let path = start.path("pipe");
    mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    path
}

#[test]
fn a_pipe_is_refused_at_once_whatever_it_should_have_been() {
    for name in ["config", "password-file", "api-key-file"] {
        let start = Start::new();
        let pipe = pipe(&start);
        let said = complaint(start.flag(format!("--{name}={}", pipe.display())).given());
        assert_eq!(said, format!("--{name}: {} cannot be read: it is no regular file", pipe.display()));
    }
}

#[test]
fn a_device_and_a_folder_are_refused_and_so_is_what_is_too_long() {
    for path in ["/dev/zero", "/"] {
        let said = complaint(Start::new().flag(format!("--api-key-file={path}")).given());
        assert_eq!(said, format!("--api-key-file: {path} cannot be read: it is no regular file"));
    }
    let start = Start::new().file_flag("config", &"#".repeat(1 << 20));
    assert!(Settings::load(&start.given()).is_ok());
    let start = Start::new().file_flag("config", &"#".repeat((1 << 20) + 1));
    assert!(start.complaint().ends_with("is longer than 1024 KiB"));
}

#[test]
fn a_link_to_a_file_is_as_good_as_the_file() {
    let start = Start::new();
    let (secret, link) = (start.write("secret", "one"), start.path("link"));
    std::os::unix::fs::symlink(Path::new(&secret), &link).unwrap();
    assert!(Settings::load(&start.flag(format!("--api-key-file={}", link.display())).given()).is_ok());
}
