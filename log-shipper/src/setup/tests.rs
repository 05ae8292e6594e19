use std::time::Duration;

use serde_json::json;

use super::differences::differences;
use super::output::allows;
use super::*;

fn target(name: &str) -> Target {
    name.parse().expect("a good name")
}

#[test]
fn a_template_is_for_every_namespace_of_a_data_set_and_else_for_one_name() {
    for (name, pattern, template) in [
        ("logs-minitwit-default", "logs-minitwit-*", "minitwit-logs"),
        ("logs-my-app-blue", "logs-my-app-*", "my-app-logs"),
        ("logs-nginx", "logs-nginx", "logs-nginx-logs"),
        ("minitwit", "minitwit", "minitwit-logs"),
    ] {
        assert_eq!((target(name).pattern().as_str(), target(name).template().as_str()), (pattern, template));
    }
}

#[test]
fn a_name_that_the_server_would_refuse_is_refused_here() {
    for name in ["", "Logs", "logs *", "_logs", ".logs", "a/b", "a,b", "logs-*", "a\nb", &"a".repeat(256)] {
        assert!(name.parse::<Target>().is_err(), "{name}");
    }
}

#[test]
fn both_templates_have_every_field_and_take_no_other() {
    for product in [Product::Elasticsearch, Product::OpenSearch] {
        let template = template::index_template(product, &Target::default(), Retention::default());
        let mappings = &template["template"]["mappings"];
        assert_eq!(mappings["dynamic"], false);
        for (name, kind) in fields::all() {
            let there = mappings["properties"][name].is_object();
            assert_eq!(there, *kind != fields::Kind::Labels || product == Product::Elasticsearch, "{name}");
        }
        assert_eq!(mappings["properties"]["event.duration"]["type"], "long");
        assert_eq!(template["priority"], 500);
    }
}

#[test]
fn lines_are_kept_as_long_as_is_said_on_both() {
    for (days, rollover) in [(30, "7d"), (3, "3d")] {
        let retention = Retention::new(Duration::from_hours(24 * days));
        let template = template::index_template(Product::Elasticsearch, &Target::default(), retention);
        assert_eq!(template["template"]["lifecycle"]["data_retention"], format!("{days}d"));
        let policy = template::policy(&Target::default(), retention);
        let written = &policy["policy"]["states"][0];
        assert_eq!(written["transitions"][0]["conditions"]["min_rollover_age"], format!("{days}d"));
        assert_eq!(written["actions"][0]["rollover"]["min_index_age"], rollover);
        assert_eq!(policy["policy"]["ism_template"][0]["index_patterns"], json!(["logs-minitwit-*"]));
    }
}

#[test]
fn the_role_has_the_privileges_that_are_asked_for_and_no_more() {
    let role: serde_json::Value = serde_json::from_str(ROLE).expect("JSON");
    assert_eq!(role["cluster"], json!(["monitor"]));
    assert_eq!(
        role["indices"][0]["privileges"],
        json!(["create_doc", "auto_configure", "view_index_metadata", "read"])
    );
}

#[test]
fn a_difference_is_named_by_its_path_and_a_server_s_own_members_are_none() {
    let wanted = json!({ "a": { "b": 1, "c": [true] }, "d": "x", "e": {} });
    assert!(differences(&wanted, &json!({ "a": { "b": "1", "c": ["true"], "z": 9 }, "d": "x", "e": {} })).is_empty());
    let there = json!({ "a": { "c": [false], "b": 2 }, "e": null });
    assert_eq!(differences(&wanted, &there), ["a.b", "a.c", "d", "e"]);
}

#[test]
fn the_first_pattern_that_fits_decides_whether_an_index_may_come_by_itself() {
    for (setting, allowed) in [
        ("true", true),
        ("false", false),
        ("logs-*", true),
        ("-logs-*,+*", false),
        ("+logs-*-default,-*", true),
        (".watches,-metrics*", false),
        ("*", true),
        ("logs-minitwit-default", true),
    ] {
        assert_eq!(allows(setting, "logs-minitwit-default"), allowed, "{setting}");
    }
}
