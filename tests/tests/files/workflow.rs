//! What the code host's workflows may and have to do.

mod tests;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use e2e::monitoring::product;
use serde_json::Value;

use crate::none;

/// Folders of the scripts that do the work.
const SCRIPTS: [&str; 3] = ["compose/", "delivery/", "tests/"];

struct Workflow {
    file: String,
    text: String,
    content: Value,
}

impl Workflow {
    fn of(file: &str, text: &str) -> Self {
        let content = serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        Self { file: file.to_owned(), text: text.to_owned(), content }
    }

    fn jobs(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.content["jobs"].as_object().expect("a workflow has jobs").iter()
    }

    fn faults(&self) -> Vec<String> {
        let mut said: Vec<String> = self.jobs().flat_map(|(name, job)| of_job(name, job)).collect();
        said.extend(self.text.lines().filter_map(unpinned));
        if self.content["permissions"] != Value::Object(serde_json::Map::new()) {
            said.push("permissions are not {}, beside those of each job".to_owned());
        }
        if self.content["concurrency"].is_null() {
            said.push("no concurrency".to_owned());
        }
        // It runs what a stranger wrote, with our secrets.
        if self.text.contains("pull_request_target") {
            said.push("pull_request_target".to_owned());
        }
        said.into_iter().map(|said| format!("{}: {said}", self.file)).collect()
    }
}

fn of_job(name: &str, job: &Value) -> Vec<String> {
    let mut said: Vec<_> = ["permissions", "timeout-minutes"]
        .into_iter()
        .filter(|key| job[key].is_null())
        .map(|key| format!("no {key}"))
        .collect();
    if job["permissions"].is_string() {
        said.push("permissions that are not listed".to_owned());
    }
    let steps = job["steps"].as_array().map_or(&[][..], Vec::as_slice);
    said.extend(steps.iter().flat_map(of_step));
    // Only what somebody has agreed to.
    let of_our_own = job.to_string().replace("secrets.GITHUB_TOKEN", "");
    if of_our_own.contains("secrets.") && job["environment"].is_null() {
        said.push("a secret without an environment".to_owned());
    }
    said.into_iter().map(|said| format!("job {name}: {said}")).collect()
}

fn of_step(step: &Value) -> Vec<String> {
    let mut said = Vec::new();
    let run = step["run"].as_str().unwrap_or_default();
    // A value becomes a part of the script, whatever it has in it; a variable does not.
    if run.contains("${{") {
        said.push(format!("an expression in a script: {run}"));
    }
    let is_checkout = step["uses"].as_str().is_some_and(|uses| uses.starts_with("actions/checkout@"));
    if is_checkout && step["with"]["persist-credentials"] != Value::Bool(false) {
        said.push("a checkout without persist-credentials: false".to_owned());
    }
    let scripts = run
        .split(|c: char| c.is_whitespace() || "\"'()`;|&$".contains(c))
        .filter(|word| SCRIPTS.iter().any(|folder| word.starts_with(folder)));
    said.extend(scripts.filter(|script| !is_script(&product(script))).map(|script| format!("{script} cannot be run")));
    said
}

fn is_script(path: &Path) -> bool {
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

/// An action is what its commit is; the version beside it is for people, and for who keeps it up to date.
fn unpinned(line: &str) -> Option<String> {
    let (_, action) =
        line.trim_start().trim_start_matches("- ").split_once("uses: ").filter(|(before, _)| before.is_empty())?;
    let (_, pin) = action.split_once('@').unwrap_or((action, ""));
    let (commit, version) = pin.split_once(" # v").unwrap_or((pin, ""));
    let is_commit = commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit());
    (!is_commit || version.is_empty()).then(|| format!("{action}: no commit, or no version beside it"))
}

fn ours() -> Vec<Workflow> {
    let folder = fs::read_dir(product(".github/workflows")).unwrap();
    let files = folder.map(|entry| entry.unwrap().path());
    files
        .map(|path| Workflow::of(&path.file_name().unwrap().to_string_lossy(), &fs::read_to_string(&path).unwrap()))
        .collect()
}

#[test]
fn workflows_keep_the_rules() {
    let all = ours();
    assert!(!all.is_empty());
    none(&all.iter().flat_map(Workflow::faults).collect::<Vec<_>>());
}

#[test]
fn images_and_workflows_have_the_same_rust() {
    let dockerfile = fs::read_to_string(product("app/Dockerfile")).unwrap();
    let (_, rest) = dockerfile.split_once("FROM rust:").expect("it is built with Rust");
    let version = rest.split('-').next().unwrap();
    for workflow in ours() {
        assert_eq!(workflow.content["env"]["RUST"], Value::from(version), "{}", workflow.file);
        for (_, tail) in
            workflow.text.match_indices("rust:").map(|(at, found)| workflow.text.split_at(at + found.len()))
        {
            assert!(tail.starts_with(&format!("{version}-")), "{}: another image of Rust", workflow.file);
        }
    }
}
