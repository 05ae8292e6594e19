//! What the script says of its command line.

use super::secrets;
use super::{Said, can_run, script};
use crate::server::Server;

#[test]
fn a_wrong_command_line_is_told_before_anything_is_asked() {
    if !can_run() {
        return;
    }
    let server = Server::with(&[]);
    let (_folder, empty) = secrets::file("");
    let empty = empty.to_str().unwrap();
    let url = server.url.as_str();
    for (words, why) in [
        (&[][..], "--url is http"),
        (&["--url", "kibana"], "--url is http"),
        (&["--url", "http://me:secret@kibana/"], "no password"),
        (&["--url", url, "--frob"], "'--frob' is not known"),
        (&["--url"], "--url needs a value"),
        (&["--url", url, "--wait", "soon"], "--wait is a number"),
        (&["--url", url, "--user", "a"], "go together"),
        (&["--url", url, "--password-file", empty], "go together"),
        (&["--url", url, "--api-key-file", empty, "--netrc-file", empty], "is enough"),
        (&["--url", url, "--user", "a", "--password-file", "/nowhere"], "/nowhere cannot be read"),
        (&["--url", url, "--file", empty], "is missing or empty"),
        (&["--url", url, "--file", "/nowhere"], "is missing or empty"),
        (&["--url", url, "--tenant", "a"], "goes with --opensearch"),
    ] {
        let said: Said = script().args(words).output().unwrap().into();
        assert_eq!((said.code, &*said.out), (2, ""), "{words:?}: {}", said.err);
        assert!(said.err.contains(why) && said.err.ends_with("; see load --help\n"), "{words:?}: {}", said.err);
        assert_eq!(said.err.lines().count(), 1, "{}", said.err);
    }
    let said: Said = script().args(["--url", url, "--user", "a", "--password-file", empty]).output().unwrap().into();
    assert_eq!((said.code, said.err.ends_with("is empty\n")), (1, true), "{}", said.err);
    assert!(server.asked().is_empty());
}

#[test]
fn help_is_help() {
    if !can_run() {
        return;
    }
    for word in ["-h", "--help"] {
        let said: Said = script().arg(word).output().unwrap().into();
        assert_eq!((said.code, &*said.err), (0, ""));
        for option in ["--url", "--opensearch", "--password-file", "--netrc-file", "--wait", "Exit code 0"] {
            assert!(said.out.contains(option), "{option}");
        }
    }
}
