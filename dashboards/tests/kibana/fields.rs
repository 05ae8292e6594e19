//! Every field that is shown, searched, sorted or counted is one that can be.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use dashboards::kibana::kql;
use dashboards::kibana::{self, Flavour};
use serde_json::Value;

use crate::exports::{embedded, file, members, objects, queries, source};

/// What a field is used for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Use {
    Shown,
    Searched,
    Compared,
    Grouped,
    Measured,
    Time,
}

impl Use {
    /// Whether a kind of `fields.json` is fit for it.
    fn takes(self, kind: &str) -> bool {
        match self {
            Self::Shown => true,
            Self::Searched => kind != "kept",
            Self::Compared => ["date", "long", "integer", "ip"].contains(&kind),
            Self::Grouped => ["keyword", "long", "integer", "ip", "date"].contains(&kind),
            Self::Measured => ["long", "integer"].contains(&kind),
            Self::Time => kind == "date",
        }
    }
}

/// The kinds of all fields, by the file of the shipper itself.
fn kinds() -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../log-shipper/setup/fields.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn kind(name: &str) -> Option<String> {
    let labels = |(known, kind): (&String, &String)| kind == "labels" && name.starts_with(&format!("{known}."));
    kinds().get(name).cloned().or_else(|| kinds().iter().any(labels).then(|| "labels".into()))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no field")).to_owned()
}

/// Every use of a field in a file.
fn uses(all: &[Value]) -> Vec<(String, Use)> {
    all.iter().flat_map(|object| uses_of(object).into_iter().chain(searched(&object["attributes"]))).collect()
}

fn uses_of(object: &Value) -> Vec<(String, Use)> {
    let attributes = &object["attributes"];
    match object["type"].as_str().unwrap() {
        "index-pattern" => data_view(attributes),
        "search" => search(attributes),
        "lens" => lens(attributes),
        _ => {
            let aggregations = embedded(&attributes["visState"])["aggs"].take();
            let counted = aggregations.as_array().into_iter().flatten().filter_map(classic).collect::<Vec<_>>();
            let chosen = members(attributes, "fieldName").into_iter().map(|name| (text(&name), Use::Grouped));
            counted.into_iter().chain(chosen).collect()
        }
    }
}

fn data_view(attributes: &Value) -> Vec<(String, Use)> {
    let looks = ["fieldFormatMap", "fieldAttrs"].map(|name| embedded(&attributes[name]));
    let fields = looks.iter().filter_map(Value::as_object).flatten();
    let shown = fields.map(|(name, _)| (name.clone(), Use::Shown));
    [(text(&attributes["timeFieldName"]), Use::Time)].into_iter().chain(shown).collect()
}

fn search(attributes: &Value) -> Vec<(String, Use)> {
    let list = |name: &str| attributes[name].as_array().unwrap().clone();
    let columns = list("columns").into_iter().map(|name| (text(&name), Use::Shown));
    let order = list("sort").into_iter().map(|sort| (text(&sort[0]), Use::Grouped));
    let filters = members(attributes, "key").into_iter().map(|name| (text(&name), Use::Grouped));
    columns.chain(order).chain(filters).collect()
}

fn lens(attributes: &Value) -> Vec<(String, Use)> {
    let layers = attributes["state"]["datasourceStates"]["formBased"]["layers"].as_object().unwrap();
    let columns = layers.values().flat_map(|layer| layer["columns"].as_object().unwrap().values());
    let of_a_field = columns.filter(|column| column["sourceField"] != "___records___");
    let used = |column: &Value| {
        let what = match column["operationType"].as_str().unwrap() {
            "date_histogram" => Use::Time,
            "percentile" => Use::Measured,
            "terms" | "unique_count" => Use::Grouped,
            other => panic!("{other}"),
        };
        (text(&column["sourceField"]), what)
    };
    of_a_field.map(used).collect()
}

fn classic(aggregation: &Value) -> Option<(String, Use)> {
    let what = match aggregation["type"].as_str().unwrap() {
        "count" | "filters" => return None,
        "date_histogram" => Use::Time,
        "percentiles" => Use::Measured,
        "terms" | "cardinality" => Use::Grouped,
        other => panic!("{other}"),
    };
    Some((text(&aggregation["params"]["field"]), what))
}

/// The fields of every query, wherever it stands.
fn searched(attributes: &Value) -> Vec<(String, Use)> {
    let conditions = queries(attributes).into_iter().flat_map(|query| {
        let parsed = kql::parse(&query).unwrap_or_else(|error| panic!("{query}: {error}"));
        parsed.conditions().into_iter().cloned().collect::<Vec<_>>()
    });
    let used = |condition: kql::Condition| {
        let compared = matches!(condition.test, kql::Test::Range(..));
        (condition.field, if compared { Use::Compared } else { Use::Searched })
    };
    conditions.map(used).collect()
}

#[test]
fn each_field_exists_and_is_fit_for_its_use() {
    for flavour in Flavour::ALL {
        let uses = uses(&objects(&file(flavour)));
        assert!(uses.len() > 150, "{}", uses.len());
        for (name, what) in uses {
            let kind = kind(&name).unwrap_or_else(|| panic!("{}: no document has {name}", flavour.file()));
            assert!(what.takes(&kind), "{}: {name} is {kind}, which cannot be {what:?}", flavour.file());
        }
    }
}

#[test]
fn each_use_would_be_noticed() {
    let text = file(Flavour::Kibana);
    for (right, wrong, what) in [
        ("\"user.name\"", "\"user.nickname\"", Use::Shown),
        ("event.duration > 300000000", "message > 300000000", Use::Compared),
        (r#""sort":[["@timestamp","desc"]]"#, r#""sort":[["message","desc"]]"#, Use::Grouped),
        (r#""sourceField":"event.duration""#, r#""sourceField":"error.type""#, Use::Measured),
        (r#""timeFieldName":"@timestamp""#, r#""timeFieldName":"client.ip""#, Use::Time),
        ("minitwit.redirect: *", "event.original: *", Use::Searched),
    ] {
        assert!(text.contains(right), "{right}");
        let uses = uses(&objects(&text.replace(right, wrong)));
        let unfit = uses.iter().any(|(name, used)| *used == what && kind(name).is_none_or(|kind| !what.takes(&kind)));
        assert!(unfit, "{wrong}");
    }
}

#[test]
fn the_panels_requests_use_the_same_fields() {
    let requests = kibana::aggregations(&source()).unwrap();
    let panels = source().dashboard.panels;
    let computed = panels
        .iter()
        .filter(|panel| !matches!(panel.show, kibana::source::Show::Text(_) | kibana::source::Show::Search(_)));
    assert_eq!(requests.len(), computed.count());
    for request in requests {
        assert_eq!(request.body["size"], 0);
        let fields = members(&request.body["aggs"], "field");
        assert!(!fields.is_empty(), "{}", request.panel);
        for field in fields {
            let kind = kind(&text(&field)).unwrap_or_else(|| panic!("{}: {field}", request.panel));
            assert!(Use::Grouped.takes(&kind), "{}: {field}", request.panel);
        }
    }
}
