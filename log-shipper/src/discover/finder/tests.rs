//! What a finder tells.

use std::fs;
use std::sync::mpsc::channel;

use super::*;
use crate::source::Hints;

#[test]
fn a_file_that_was_closed_and_is_written_to_and_gone_before_it_is_opened_again_is_missed() {
    let (folder, handles, (tell, found)) = (tempfile::tempdir().unwrap(), Handles::new(9), channel());
    let paths = ["rests.log", "is-written.log", "is-renamed.log"].map(|name| folder.path().join(name));
    for path in &paths {
        fs::write(path, "x\n").unwrap();
    }
    let inputs = Inputs {
        docker_root: None,
        files: vec![format!("{}/*.log", folder.path().display())],
        hints: Hints::default(),
        patience: Duration::from_secs(1),
        look: Duration::from_hours(1),
    };
    let mut finder = Finder::new(&inputs, move |found| tell.send(found).unwrap()).unwrap().with(&handles);
    finder.begin();
    for listed in found
        .try_iter()
        .filter_map(|found| if let Found::Listing { files, .. } = found { Some(files) } else { None })
        .flatten()
    {
        handles.rest(listed.stamp, 2);
    }
    fs::remove_file(&paths[0]).unwrap();
    fs::write(&paths[1], "x\ny\n").unwrap();
    fs::remove_file(&paths[1]).unwrap();
    fs::write(&paths[2], "x\ny\n").unwrap();
    fs::rename(&paths[2], folder.path().join("new-name.log")).unwrap();
    finder.round(true, false);
    let missed: u32 = found.try_iter().map(|found| if let Found::Missed(files) = found { files } else { 0 }).sum();
    assert_eq!(missed, 1);
}
