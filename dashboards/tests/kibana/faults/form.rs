//! Objects have the form of a version that every program takes, and no attribute that one does not know.

use serde_json::Value;

/// What a program knows of a type.
struct Form {
    kind: &'static str,
    /// A later version shuts out programs.
    newest: &'static str,
    /// Others are refused: by Kibana's schemas, and by the strict mapping of the other program's index.
    attributes: &'static str,
}

const KIBANA: &[Form] = &[
    Form {
        kind: "index-pattern",
        newest: "8.0.0",
        attributes: "title name timeFieldName fields fieldFormatMap fieldAttrs runtimeFieldMap sourceFilters",
    },
    Form {
        kind: "search",
        newest: "8.0.0",
        attributes: "title description columns sort grid hideChart isTextBasedQuery kibanaSavedObjectMeta",
    },
    Form { kind: "visualization", newest: "8.5.0", attributes: VISUALIZATION },
    Form { kind: "lens", newest: "8.9.0", attributes: "title description visualizationType state" },
    Form {
        kind: "dashboard",
        newest: "8.7.0",
        attributes: "title description panelsJSON optionsJSON timeRestore timeFrom timeTo refreshInterval \
            controlGroupInput kibanaSavedObjectMeta hits version",
    },
];

const OTHER: &[Form] = &[
    Form { kind: "index-pattern", newest: "7.6.0", attributes: "title timeFieldName fields fieldFormatMap" },
    Form {
        kind: "search",
        newest: "7.9.3",
        attributes: "title description columns sort kibanaSavedObjectMeta hits version",
    },
    Form { kind: "visualization", newest: "7.10.0", attributes: VISUALIZATION },
    Form {
        kind: "dashboard",
        newest: "7.9.3",
        attributes: "title description panelsJSON optionsJSON timeRestore timeFrom timeTo refreshInterval \
            kibanaSavedObjectMeta hits version",
    },
];

const VISUALIZATION: &str = "title description kibanaSavedObjectMeta savedSearchRefName uiStateJSON version visState";

/// What is wrong with an object's form.
pub fn of(object: &Value) -> Vec<String> {
    let (kind, id) = (object["type"].as_str().unwrap_or_default(), &object["id"]);
    let version = object.get("typeMigrationVersion");
    let Some(form) = version.map_or(OTHER, |_| KIBANA).iter().find(|form| form.kind == kind) else {
        return vec![format!("{id}: there is no type {kind}")];
    };
    let mut faults = Vec::new();
    let told = version.unwrap_or(&object["migrationVersion"][kind]).as_str().unwrap_or_default();
    let mixed =
        version.is_some() && (object["coreMigrationVersion"] != "8.8.0" || object.get("migrationVersion").is_some());
    if mixed || !is_no_later(told, form.newest) {
        faults.push(format!("{id}: the version is missing or too new"));
    }
    let attributes = object["attributes"].as_object().into_iter().flatten().map(|(name, _)| name.as_str());
    let strange = attributes.filter(|name| !form.attributes.split(' ').any(|known| known == *name));
    faults.extend(strange.map(|name| format!("{id}: nobody knows the attribute {name}")));
    faults
}

fn is_no_later(version: &str, newest: &str) -> bool {
    let numbers = |text: &str| text.split('.').map(str::parse::<u32>).collect::<Result<Vec<_>, _>>();
    matches!((numbers(version), numbers(newest)), (Ok(version), Ok(newest)) if version.len() == 3 && version <= newest)
}
