//! The documents that are put: the index template, and OpenSearch's policy.
//!
//! The mapping has no objects (`subobjects`, `disable_objects`): `"user":{"name":"ada"}` is found as `user.name`, and a
//! program that prints `"user":"ada"` is not refused, as it would be where `user` is an object. Of other fields nothing is
//! indexed, so that no line can make the mapping grow.
//!
//! `refresh_interval` is 5 s: a line can be found that much later, and the server makes a fifth of the segments that the
//! usual second would cost.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Product, Retention, Target, fields};

/// Documents go with their whole index, so that none has more than those of a week.
const WEEK: Retention = Retention::new(Duration::from_hours(24 * 7));

/// The body of `PUT /_index_template/…`.
#[must_use]
pub fn index_template(product: Product, target: &Target, retention: Retention) -> Value {
    let mut body = part(include_str!("../../setup/template.json"));
    body["index_patterns"] = json!([target.pattern()]);
    let mappings = &mut body["template"]["mappings"];
    mappings["properties"] = fields::properties(product);
    match product {
        Product::Elasticsearch => {
            mappings["subobjects"] = false.into();
            body["template"]["lifecycle"] = part(include_str!("../../setup/lifecycle.json"));
            body["template"]["lifecycle"]["data_retention"] = retention.to_string().into();
        }
        Product::OpenSearch => mappings["disable_objects"] = true.into(),
    }
    body
}

/// The body of `PUT /_plugins/_ism/policies/…`: what Elasticsearch's data stream lifecycle does, for OpenSearch.
#[must_use]
pub fn policy(target: &Target, retention: Retention) -> Value {
    let mut body = part(include_str!("../../setup/ism-policy.json"));
    let written = &mut body["policy"]["states"][0];
    written["transitions"][0]["conditions"]["min_rollover_age"] = retention.to_string().into();
    written["actions"][0]["rollover"]["min_index_age"] = retention.min(WEEK).to_string().into();
    body["policy"]["ism_template"][0]["index_patterns"] = json!([target.pattern()]);
    body
}

fn part(json: &str) -> Value {
    serde_json::from_str(json).expect("the file is part of the program")
}
