//! The documents that are put: the index template, and OpenSearch's policy.
//!
//! The mapping has no objects (`subobjects`, `disable_objects`): `"user":{"name":"ada"}` is found as `user.name`, and a
//! program that prints `"user":"ada"` is not refused, as it would be where `user` is an object. Of other fields nothing is
//! indexed, so that no line can make the mapping grow.
//!
//! `refresh_interval` is 5 s: a line can be found that much later, and the server makes a fifth of the segments that the
//! usual second would cost.

use serde_json::{Value, json};

use super::{Product, Target, fields};

/// The body of `PUT /_index_template/…`.
#[must_use]
pub fn index_template(product: Product, target: &Target) -> Value {
    let mut body = part(include_str!("../../setup/template.json"));
    body["index_patterns"] = json!([target.pattern()]);
    let mappings = &mut body["template"]["mappings"];
    mappings["properties"] = fields::properties(product);
    match product {
        Product::Elasticsearch => {
            mappings["subobjects"] = false.into();
            body["template"]["lifecycle"] = part(include_str!("../../setup/lifecycle.json"));
        }
        Product::OpenSearch => mappings["disable_objects"] = true.into(),
    }
    body
}

/// The body of `PUT /_plugins/_ism/policies/…`: what Elasticsearch's data stream lifecycle does, for OpenSearch.
#[must_use]
pub fn policy(target: &Target) -> Value {
    let mut body = part(include_str!("../../setup/ism-policy.json"));
    body["policy"]["ism_template"][0]["index_patterns"] = json!([target.pattern()]);
    body
}

fn part(json: &str) -> Value {
    serde_json::from_str(json).expect("the file is part of the program")
}
