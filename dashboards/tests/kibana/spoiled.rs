//! Nothing is wrong with the files that are imported, and if something were, it would be noticed.

use dashboards::kibana::Flavour;
use serde_json::{Value, json};

use crate::exports::{embedded, file, objects};
use crate::faults;

#[test]
fn nothing_is_wrong_with_the_files() {
    for flavour in Flavour::ALL {
        assert_eq!(faults::of(&file(flavour)), [""; 0], "{}", flavour.file());
    }
}

#[test]
fn each_fault_would_be_noticed() {
    for flavour in Flavour::ALL {
        let good = file(flavour);
        for (fault, bad) in in_lines(&good).into_iter().chain(in_objects(&good)).chain(in_panels(&good)) {
            let found = faults::of(&bad);
            assert!(found.iter().any(|one| one.contains(fault)), "{}: not '{fault}' but {found:?}", flavour.file());
        }
    }
}

/// What is to be noticed, and a file in which it is.
type Spoiled = (&'static str, String);

fn in_lines(good: &str) -> [Spoiled; 6] {
    let last = good.lines().next_back().unwrap();
    [
        ("a line has no end", good.trim_end().into()),
        ("line 2", good.replacen("\n{", "\n", 1)),
        ("searchSourceJSON is not canonical", good.replacen(r#"{\"filter\":["#, r#"{ \"filter\":["#, 1)),
        ("line 1 is not canonical", good.replacen("{\"attributes\"", "{ \"attributes\"", 1)),
        ("is not the only one", format!("{good}{last}\n")),
        ("too new", good.replace("\"8.7.0\"", "\"10.3.0\"").replace("\"7.9.3\"", "\"8.0.0\"")),
    ]
}

fn in_objects(good: &str) -> [Spoiled; 8] {
    let with = |change: &dyn Fn(&mut Vec<Value>)| {
        let mut all = objects(good);
        change(&mut all);
        all.iter().flat_map(|object| [object.to_string(), "\n".into()]).collect()
    };
    [
        ("which is not there before it", with(&|all| drop(all.remove(0)))),
        ("which is not there before it", with(&|all| all.reverse())),
        ("nothing needs", with(&|all| forget_a_panel(all))),
        ("is given or used alone", with(&|all| all[1]["references"][0]["name"] = "index".into())),
        (
            "two references have one name",
            with(&|all| {
                let again = all[1]["references"][0].clone();
                all[1]["references"].as_array_mut().unwrap().push(again);
            }),
        ),
        ("there is no type map", with(&|all| all[2]["type"] = "map".into())),
        ("nobody knows the attribute tags", with(&|all| all[2]["attributes"]["tags"] = json!([]))),
        (
            "the version is missing",
            with(&|all| {
                all[2].as_object_mut().unwrap().retain(|name, _| !name.ends_with("igrationVersion"));
            }),
        ),
    ]
}

fn in_panels(good: &str) -> [Spoiled; 4] {
    let with = |change: &dyn Fn(&mut Value)| {
        let (rest, last) = good.trim_end().rsplit_once('\n').unwrap();
        let mut dashboard: Value = serde_json::from_str(last).unwrap();
        let mut panels = embedded(&dashboard["attributes"]["panelsJSON"]);
        change(&mut panels);
        dashboard["attributes"]["panelsJSON"] = panels.to_string().into();
        format!("{rest}\n{dashboard}\n")
    };
    [
        ("lies over", with(&|panels| panels[1]["gridData"]["y"] = 0.into())),
        ("has no place", with(&|panels| panels[1]["gridData"]["x"] = 40.into())),
        ("has no place", with(&|panels| panels[1]["gridData"]["i"] = "other".into())),
        ("the dashboard has no panels", with(&|panels| *panels = json!([]))),
    ]
}

/// Takes the last panel that is no search off the dashboard, and leaves its object.
fn forget_a_panel(all: &mut [Value]) {
    let dashboard = all.last_mut().unwrap();
    let references = dashboard["references"].as_array_mut().unwrap();
    let at = references.iter().rposition(|one| one["type"] == "lens" || one["type"] == "visualization").unwrap();
    let name = references.remove(at)["name"].as_str().unwrap().to_owned();
    let mut panels = embedded(&dashboard["attributes"]["panelsJSON"]);
    let is_it = |panel: &Value| name.ends_with(panel["panelRefName"].as_str().unwrap());
    panels.as_array_mut().unwrap().retain(|panel| !is_it(panel));
    dashboard["attributes"]["panelsJSON"] = panels.to_string().into();
}
