//! What the main panels show of a past that is known, reckoned without Prometheus.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use e2e::monitoring::{Past, Series};
use minitwit::telemetry::names::LATENCY;

use crate::queries::Asked;
use crate::world::{World, share_within};

/// A thousandth: rates and quantiles are not whole numbers.
const EXACT: f64 = 0.001;

/// The values of a panel's query, by the values of one label.
type Values = BTreeMap<String, f64>;

/// A query of a panel, and what it shows.
struct Shown {
    panel: &'static str,
    query: usize,
    label: &'static str,
    values: Values,
}

/// All that is reckoned here.
fn shown(past: &Past) -> Vec<Shown> {
    let by_via =
        |value: &dyn Fn(&str) -> f64| -> Values { ["web", "api"].map(|via| (via.to_owned(), value(via))).into() };
    let requests = |via: &str, status: &str| {
        past.rate(|label| {
            let is_request = label("__name__") == "http_server_requests_total";
            is_request && label("via") == via && label("status").starts_with(status)
        })
    };
    let done = |name: &'static str| {
        move |via: &str| {
            60.0 * past.rate(|label| label("__name__") == name && label("via") == via && label("outcome") == "ok")
        }
    };
    let classes = |via: &str| -> Values {
        ["2", "3", "4", "5"]
            .map(|class| (format!("{class}xx"), requests(via, class)))
            .into_iter()
            .filter(|(_, rate)| *rate > 0.0)
            .collect()
    };
    let failed = |via: &str| requests(via, "5") / requests(via, "");
    let lines = past.rate(|label| label("__name__") == "minitwit_log_lines_total");
    let stored = past.rate(|label| {
        label("__name__") == "log_shipper_documents_acknowledged_total" && label("dataset").starts_with("minitwit.")
    });
    let all = |value: f64| Values::from([(String::new(), value)]);
    let show = |panel, query, label, values| Shown { panel, query, label, values };
    vec![
        show("minitwit-overview/1", 0, "via", by_via(&|via| requests(via, ""))),
        show("minitwit-overview/2", 0, "via", by_via(&failed)),
        show("minitwit-overview/3", 0, "via", by_via(&|_| quantile(0.99))),
        show("minitwit-overview/6", 0, "job", ["minitwit-web", "minitwit-api"].map(|job| (job.to_owned(), 1.0)).into()),
        show("minitwit-overview/7", 0, "", all(1.0 - failed("web").max(failed("api")) / 0.005)),
        show("minitwit-overview/7", 1, "", all(1.0 - (1.0 - share_within("0.3")) / 0.01)),
        show("minitwit-business/7", 0, "via", by_via(&done("minitwit_registrations_total"))),
        show("minitwit-business/8", 0, "via", by_via(&done("minitwit_messages_posted_total"))),
        show("minitwit-business/9", 0, "via", by_via(&done("minitwit_follows_total"))),
        show("minitwit-business/10", 0, "via", by_via(&done("minitwit_unfollows_total"))),
        show("minitwit-infrastructure/4", 0, "status_class", classes("web")),
        show("minitwit-infrastructure/5", 0, "status_class", classes("api")),
        show("minitwit-log-pipeline/1", 0, "", all(lines)),
        show("minitwit-log-pipeline/1", 1, "", all(stored)),
        show("minitwit-service-levels/1", 0, "via", by_via(&|via| 1.0 - failed(via))),
    ]
}

/// As Prometheus reckons a quantile: between two bounds in a straight line.
fn quantile(quantile: f64) -> f64 {
    let share = |bound: f64| share_within(&bound.to_string());
    let above = LATENCY.iter().position(|bound| share(*bound) >= quantile).unwrap_or(LATENCY.len() - 1);
    let (low, high) = (if above == 0 { 0.0 } else { LATENCY[above - 1] }, LATENCY[above]);
    low + (high - low) * (quantile - share(low)) / (share(high) - share(low))
}

impl World {
    /// Whether the main panels show what they have to; the errors, if not.
    pub async fn shows_right_values(&self, asked: &[Asked]) -> anyhow::Result<Vec<String>> {
        let mut problems = Vec::new();
        for shown in shown(&self.past) {
            let of_panel: Vec<&Asked> = asked.iter().filter(|asked| asked.panel == shown.panel).collect();
            let asked = of_panel
                .get(shown.query)
                .with_context(|| format!("there is no query {} in {}", shown.query, shown.panel))?;
            let found = by_label(&self.answer(asked).await?, shown.label)?;
            let is_right = found.len() == shown.values.len()
                && shown
                    .values
                    .iter()
                    .all(|(label, value)| found.get(label).is_some_and(|found| alike(*found, *value)));
            if !is_right {
                problems.push(format!("{asked}: it shows {found:?} and not {:?}", shown.values));
            }
        }
        Ok(problems)
    }
}

fn by_label(found: &[Series], label: &str) -> anyhow::Result<Values> {
    let values: Values =
        found.iter().map(|series| (series.labels.get(label).cloned().unwrap_or_default(), series.value)).collect();
    ensure!(values.len() == found.len(), "{found:?} differ by more than {label}");
    Ok(values)
}

fn alike(one: f64, other: f64) -> bool {
    (one - other).abs() <= EXACT * other.abs().max(EXACT)
}
