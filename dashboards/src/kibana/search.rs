//! A search as a saved object, and as Elasticsearch is asked it.

use serde_json::{Value, json};

use super::flavour::{Flavour, Kind};
use super::kql;
use super::object::{INDEX, Reference, SavedObject, kuery, search_source};
use super::source::{Filter, Search, Source};

/// A search as others use it.
#[derive(Clone, Debug)]
pub struct Found {
    /// What links know it by.
    pub id: String,
    /// What people know it by.
    pub title: String,
    /// What it finds, in a sentence.
    pub description: String,
    /// The query in Kibana's language.
    pub kql: String,
    /// The field that a link to this search gives a value, instead of the query.
    pub link: Option<String>,
    /// The fields that are shown.
    pub columns: Vec<String>,
    /// The Elasticsearch query that Kibana makes of the query and of the filters that are on; any time.
    pub query: Value,
}

impl Source {
    pub(super) fn searches(&self) -> Result<Vec<Found>, kql::Error> {
        self.searches.iter().map(Search::found).collect()
    }
}

impl Search {
    fn found(&self) -> Result<Found, kql::Error> {
        let on: Vec<_> = self.filters.iter().filter(|filter| !filter.off).collect();
        let queries = |not: bool| on.iter().filter(move |filter| filter.not == not).map(|filter| filter.query());
        let wanted: Vec<_> = [kql::query(&self.query.value)?].into_iter().chain(queries(false)).collect();
        let unwanted: Vec<_> = queries(true).collect();
        Ok(Found {
            id: self.id.value.clone(),
            title: self.title.clone(),
            description: self.description.clone(),
            kql: self.query.value.clone(),
            link: self.link.as_ref().map(|field| field.value.clone()),
            columns: self.columns.iter().map(|column| column.value.clone()).collect(),
            query: json!({ "bool": { "filter": wanted, "must_not": unwanted } }),
        })
    }

    pub(super) fn object(&self, flavour: Flavour, time: &str, view: &str) -> SavedObject {
        let filters: Vec<_> = self.filters.iter().enumerate().map(|(number, filter)| filter.json(number)).collect();
        let source = json!({
            "filter": filters,
            "highlightAll": true,
            "indexRefName": INDEX,
            "query": kuery(&self.query.value),
            "version": true,
        });
        let (by, descending) = self.sort.as_ref().map_or((time, true), |sort| (&sort.by.value, sort.descending));
        let columns: Vec<_> = self.columns.iter().map(|column| &column.value).collect();
        let mut attributes = json!({
            "columns": columns,
            "description": self.description,
            "kibanaSavedObjectMeta": search_source(&source),
            "sort": [[by, if descending { "desc" } else { "asc" }]],
            "title": self.title,
        });
        match flavour {
            Flavour::Kibana => {
                attributes["grid"] = json!({});
                attributes["hideChart"] = false.into();
                attributes["isTextBasedQuery"] = false.into();
            }
            Flavour::OpenSearchDashboards => {
                attributes["hits"] = 0.into();
                attributes["version"] = 1.into();
            }
        }
        let names = (0..self.filters.len()).map(filter_index);
        let references = [INDEX.to_owned()].into_iter().chain(names).map(|name| Reference::view(name, view));
        SavedObject { kind: Kind::Search, id: self.id.value.clone(), attributes, references: references.collect() }
    }
}

/// The name by which a filter speaks of its data view.
fn filter_index(number: usize) -> String {
    format!("kibanaSavedObjectMeta.searchSourceJSON.filter[{number}].meta.index")
}

impl Filter {
    fn query(&self) -> Value {
        let field = &self.field.value;
        match &self.is {
            Some(value) => json!({ "match_phrase": { field: value } }),
            None => json!({ "exists": { "field": field } }),
        }
    }

    fn json(&self, number: usize) -> Value {
        let mut meta = json!({
            "alias": self.label,
            "disabled": self.off,
            "indexRefName": filter_index(number),
            "key": self.field.value,
            "negate": self.not,
            "type": if self.is.is_some() { "phrase" } else { "exists" },
        });
        match &self.is {
            Some(value) => meta["params"] = json!({ "query": value }),
            None => meta["value"] = "exists".into(),
        }
        json!({ "$state": { "store": "appState" }, "meta": meta, "query": self.query() })
    }
}
