//! The address of a search, as seen from any page of the program, whatever path it is served under.

use super::flavour::Flavour;

/// Documents are kept for 30 days, so a link from one of them looks that far back.
const TIME: &str = "_g=(time:(from:now-30d,to:now))";

/// To a search as it is.
pub(super) fn to_search(flavour: Flavour, id: &str) -> String {
    let app = match flavour {
        Flavour::Kibana => "discover",
        Flavour::OpenSearchDashboards => "data-explorer/discover",
    };
    format!("../app/{app}#/view/{id}")
}

/// To a search for the documents of which a field has the value that the link is on: a template, in which the program
/// puts the value percent-encoded for `{{value}}`. Encoded or not, a `'`, `!`, `"` or `\` in the value would end the query.
pub(super) fn to_same(flavour: Flavour, id: &str, field: &str) -> String {
    let query = format!("(language:kuery,query:'{field}:%20%22{{{{value}}}}%22')");
    let state = match flavour {
        Flavour::Kibana => format!("_a=(query:{query})"),
        Flavour::OpenSearchDashboards => format!("_q=(filters:!(),query:{query})"),
    };
    format!("{}?{TIME}&{state}", to_search(flavour, id))
}
