//! What the README says of the alerts: a row for each meaning.

use super::rules::{Group, Rule};

/// From what wakes somebody to what is only there.
const SEVERITIES: [&str; 4] = ["critical", "warning", "info", "none"];

/// A table in Markdown: alert with a link to its runbook, severity, component, and what it means. Rules that say the same of
/// several things share a row. Rows are in the order of severity, then of names.
#[must_use]
pub fn table(groups: &[Group]) -> String {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for rule in groups.iter().flat_map(Group::alerts) {
        let row = Row::of(rule);
        match rows.iter_mut().find(|other| other.is_like(&row)) {
            Some(other) => other.join(&row),
            None => rows.push(row),
        }
    }
    rows.sort_by_key(|row| (SEVERITIES.iter().position(|severity| *severity == row.severity), row.name));
    let lines = rows.iter().map(Row::line);
    ["| Alert | Severity | Component | Meaning |\n|---|---|---|---|\n".to_owned()].into_iter().chain(lines).collect()
}

struct Row<'a> {
    name: &'a str,
    severity: &'a str,
    components: Vec<&'a str>,
    meaning: String,
}

impl<'a> Row<'a> {
    fn of(rule: &'a Rule) -> Self {
        Self {
            name: rule.name(),
            severity: rule.label("severity"),
            components: vec![rule.label("component")],
            meaning: without_templates(rule.annotation("summary")),
        }
    }

    fn is_like(&self, other: &Self) -> bool {
        (self.name, self.severity, &self.meaning) == (other.name, other.severity, &other.meaning)
    }

    fn join(&mut self, other: &Self) {
        let new = other.components.iter().filter(|component| !self.components.contains(component));
        let new: Vec<_> = new.copied().collect();
        self.components.extend(new);
    }

    fn line(&self) -> String {
        let Self { name, severity, components, meaning } = self;
        let components = components.join(", ");
        format!("| [`{name}`](runbooks/{name}.md) | {severity} | {components} | {meaning} |\n")
    }
}

/// A template stands for a value that is not known here.
fn without_templates(text: &str) -> String {
    let mut parts = text.split("{{");
    let first = parts.next().unwrap_or_default().to_owned();
    let text = parts.fold(first, |text, part| text + "…" + part.split_once("}}").map_or(part, |(_, rest)| rest));
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(rules: &str) -> Vec<Group> {
        serde_saphyr::from_str(&format!("- name: some\n  rules:\n{rules}")).unwrap()
    }

    fn alert(name: &str, severity: &str, component: &str, summary: &str) -> String {
        format!(
            "  - alert: {name}\n    expr: up\n    labels: {{severity: {severity}, component: {component}}}\n    \
             annotations: {{summary: '{summary}'}}\n"
        )
    }

    #[test]
    fn what_wakes_somebody_comes_first_and_like_rules_share_a_row() {
        let rules = [
            alert("Late", "warning", "host", "It is late"),
            alert("Gone", "critical", "site", "It is gone"),
            alert("Late", "warning", "proxy", "It is late"),
            alert("Late", "critical", "host", "It is too late"),
        ];
        assert_eq!(
            table(&groups(&rules.concat())),
            "| Alert | Severity | Component | Meaning |\n|---|---|---|---|\n\
             | [`Gone`](runbooks/Gone.md) | critical | site | It is gone |\n\
             | [`Late`](runbooks/Late.md) | critical | host | It is too late |\n\
             | [`Late`](runbooks/Late.md) | warning | host, proxy | It is late |\n"
        );
    }

    #[test]
    fn what_is_recorded_has_no_row_and_a_template_no_value() {
        let rules =
            "  - record: a:b:c\n    expr: up\n".to_owned() + &alert("Half", "info", "host", "{{ $value }} of | it");
        let table = table(&groups(&rules));
        assert_eq!(
            table.lines().skip(2).collect::<Vec<_>>(),
            ["| [`Half`](runbooks/Half.md) | info | host | … of \\| it |"]
        );
    }
}
