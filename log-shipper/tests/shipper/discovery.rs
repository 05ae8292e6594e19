//! Containers and files are found, whatever happens to them meanwhile.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use log_shipper::discover::{Finder, Found, Handles, Inputs, Listed, Places, Running, SourceId};
use log_shipper::source::{Hints, Source};
use tempfile::TempDir;

/// How long a condition may take to come true.
const PATIENCE: Duration = Duration::from_secs(20);

struct Folder {
    root: TempDir,
    found: Receiver<Found>,
    running: Running,
}

impl Folder {
    fn watched(inputs: impl FnOnce(&Path) -> Inputs, prepare: impl FnOnce(&Path)) -> Self {
        Self::of_limited(&Handles::default(), inputs, prepare)
    }

    fn of_limited(handles: &Handles, inputs: impl FnOnce(&Path) -> Inputs, prepare: impl FnOnce(&Path)) -> Self {
        let root = tempfile::tempdir().unwrap();
        prepare(root.path());
        let (tell, found) = channel();
        let finder = Finder::new(&inputs(root.path()), move |found| drop(tell.send(found))).unwrap();
        let finder = finder.with(handles);
        Self { root, found, running: finder.start().unwrap() }
    }

    fn of_docker(prepare: impl FnOnce(&Path)) -> Self {
        Self::watched(|root| Inputs { docker_root: Some(root.to_owned()), ..inputs() }, prepare)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// The first thing found from now on that is wanted.
    fn next<T>(&self, wanted: impl Fn(Found) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(self.found.recv_timeout(PATIENCE).expect("it is found")) {
                return found;
            }
        }
    }

    fn source(&self) -> (SourceId, Source) {
        self.next(|found| if let Found::Source(id, source) = found { Some((id, *source)) } else { None })
    }

    fn listing(&self) -> (Vec<Listed>, u32) {
        self.next(|found| if let Found::Listing { files, missed, .. } = found { Some((files, missed)) } else { None })
    }
}

fn inputs() -> Inputs {
    let patience = Duration::from_millis(50);
    Inputs { docker_root: None, files: Vec::new(), hints: Hints::default(), patience, look: Duration::from_hours(1) }
}

fn container(root: &Path, id: &str) -> PathBuf {
    let folder = root.join(id);
    fs::create_dir(&folder).unwrap();
    let config = format!(r#"{{"ID":"{id}","Name":"/name-of-{id}","Config":{{"Image":"image"}}}}"#);
    fs::write(folder.join("config.v2.json"), config).unwrap();
    fs::write(folder.join(format!("{id}-json.log")), "x\n").unwrap();
    folder
}

#[test]
fn a_container_that_is_there_is_found_with_its_files_oldest_first() {
    let folder = Folder::of_docker(|root| {
        let folder = container(root, "aa");
        for name in ["aa-json.log.1", "aa-json.log.2.gz", "aa-json.log.1.gz", "aa-json.log.10.gz", "other"] {
            fs::write(folder.join(name), "y\n").unwrap();
        }
    });
    let (files, missed) = folder.listing();
    let names: Vec<_> = files.iter().map(|file| file.path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["aa-json.log.10.gz", "aa-json.log.2.gz", "aa-json.log.1", "aa-json.log"]);
    assert!(files.iter().all(|file| file.file.is_some()));
    assert_eq!(missed, 0);
    assert_eq!(folder.source().1.container.unwrap().name, "name-of-aa");
}

#[test]
fn a_container_that_comes_later_is_found_and_writes_to_it_are_told() {
    let folder = Folder::of_docker(|_| ());
    folder.next(|found| matches!(found, Found::Complete).then_some(()));
    container(folder.root.path(), "aa");
    let (id, source) = folder.source();
    assert_eq!(source.name, "container/aa");
    fs::write(folder.path("aa/aa-json.log"), "z\n").unwrap();
    folder.next(|found| matches!(found, Found::Written(sources) if sources.contains(&id)).then_some(()));
}

#[test]
fn a_rotation_is_told_with_the_new_file_open() {
    let folder = Folder::of_docker(|root| drop(container(root, "aa")));
    let (first, _) = folder.listing();
    folder.next(|found| matches!(found, Found::Complete).then_some(()));
    fs::rename(folder.path("aa/aa-json.log"), folder.path("aa/aa-json.log.1")).unwrap();
    fs::write(folder.path("aa/aa-json.log"), "new\n").unwrap();
    let both = folder.next(|found| match found {
        Found::Listing { files, .. } if files.len() == 2 => Some(files),
        _ => None,
    });
    assert_eq!(both[0].stamp, first[0].stamp);
    assert!(both[0].file.is_none() && both[1].file.is_some());
}

#[test]
fn a_log_that_cannot_be_opened_is_told_and_keeps_no_other_one_from_being_read() {
    let folder = Folder::of_docker(|root| {
        let folder = container(root, "aa");
        // As long as it leads out of the folder, it is not followed.
        symlink("/dev/null", folder.join("aa-json.log.1")).unwrap();
    });
    let (files, missed) = folder.listing();
    let listed: Vec<_> = files.iter().map(|listed| (listed.rank, listed.file.is_some(), listed.waits)).collect();
    assert_eq!((listed, missed), (vec![(0, true, false), (1, false, true)], 0));
    let refused = folder.next(|found| if let Found::Refused(what) = found { Some(what) } else { None });
    assert!(refused.contains("aa-json.log.1"), "{refused}");
    folder.next(|found| matches!(found, Found::Complete).then_some(()));
    fs::remove_file(folder.path("aa/aa-json.log.1")).unwrap();
    fs::rename(folder.path("aa/aa-json.log"), folder.path("aa/aa-json.log.1")).unwrap();
    fs::write(folder.path("aa/aa-json.log"), "new\n").unwrap();
    let (mut is_open, mut missed) = (false, 0);
    while !is_open || missed == 0 {
        let (files, more) = folder.listing();
        is_open |= files.len() == 2 && files[1].file.is_some();
        missed += more;
    }
    assert_eq!(missed, 1, "the one that could not be opened is gone");
}

#[test]
fn what_comes_and_goes_while_it_begins_to_look_elsewhere_is_missed() {
    let files = |root: &Path| Inputs { files: vec![format!("{}/*.log", root.display())], ..inputs() };
    let folder = Folder::watched(files, |root| fs::write(root.join("there.log"), "x\n").unwrap());
    folder.next(|found| matches!(found, Found::Complete).then_some(()));
    let comes = folder.path("comes.log");
    folder.running.look_elsewhere(Places::open(&files(folder.root.path())).unwrap(), move || {
        fs::write(&comes, "x\n").unwrap();
        fs::remove_file(&comes).unwrap();
    });
    assert_eq!(folder.next(|found| if let Found::Missed(files) = found { Some(files) } else { None }), 1);
}

#[test]
fn a_file_that_is_open_stays_listed_though_no_handle_is_left_to_open_it_again() {
    let places = |root: &Path| Inputs {
        docker_root: Some(root.to_owned()),
        files: vec![format!("{}/*.log", root.display())],
        ..inputs()
    };
    let folder = Folder::of_limited(&Handles::new(2), places, |root| {
        container(root, "aa");
        fs::write(root.join("there.log"), "half of a line").unwrap();
    });
    let held = [(); 2].map(|()| folder.next(|found| opened(found, true)));
    folder.next(|found| matches!(found, Found::Complete).then_some(()));
    folder.running.look_elsewhere(Places::open(&places(folder.root.path())).unwrap(), || ());
    for held in &held {
        folder.next(|found| opened(found, false).filter(|again| again.stamp == held.stamp));
    }
}

/// The one file of a listing, if it is open, or is not.
fn opened(found: Found, is_open: bool) -> Option<Listed> {
    let Found::Listing { mut files, .. } = found else { return None };
    files.pop().filter(|listed| files.is_empty() && listed.file.is_some() == is_open)
}

#[test]
fn a_container_without_a_description_is_told_by_its_id_and_better_later() {
    let folder = Folder::of_docker(|root| {
        fs::create_dir(root.join("aa")).unwrap();
        fs::write(root.join("aa/config.v2.json"), "{").unwrap();
    });
    let (id, source) = folder.source();
    let unknown = source.container.unwrap();
    assert_eq!((&*unknown.id, unknown.known), ("aa", false));
    fs::write(folder.path("aa/config.v2.json"), r#"{"ID":"aa","Name":"/late"}"#).unwrap();
    let (again, source) = folder.source();
    assert_eq!((again, &*source.container.unwrap().name), (id, "late"));
}

#[test]
fn a_container_that_is_removed_is_told_as_gone() {
    let folder = Folder::of_docker(|root| drop(container(root, "aa")));
    let (id, _) = folder.source();
    fs::remove_dir_all(folder.path("aa")).unwrap();
    folder.next(|found| matches!(found, Found::Gone(gone) if gone == id).then_some(()));
}

#[test]
fn plain_files_that_match_are_found_in_folders_too() {
    let folder = Folder::watched(
        |root| Inputs { files: vec![format!("{}/**/*.log", root.display())], ..inputs() },
        |root| {
            fs::create_dir_all(root.join("a/b")).unwrap();
            for name in ["one.log", "a/b/two.log", "a/b/three.txt"] {
                fs::write(root.join(name), "x\n").unwrap();
            }
        },
    );
    let mut names = [folder.source().1.name, folder.source().1.name];
    names.sort();
    assert!(names[0].ends_with("/a/b/two.log") && names[1].ends_with("/one.log"), "{names:?}");
    fs::write(folder.path("a/late.log"), "x\n").unwrap();
    assert!(folder.source().1.name.ends_with("/a/late.log"));
    fs::create_dir_all(folder.path("new/deep")).unwrap();
    fs::write(folder.path("new/deep/last.log"), "x\n").unwrap();
    assert!(folder.source().1.name.ends_with("/new/deep/last.log"));
}

#[test]
fn a_folder_that_is_not_there_is_an_error_that_names_it() {
    let inputs = Inputs { docker_root: Some("/nowhere/containers".into()), ..inputs() };
    let error = Finder::new(&inputs, |_| ()).err().unwrap().to_string();
    assert!(error.starts_with("/nowhere/containers: "), "{error}");
}
