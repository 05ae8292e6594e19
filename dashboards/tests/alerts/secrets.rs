//! No secret, address or name of a machine in what Prometheus and Alertmanager are given, or in a runbook.

use std::path::PathBuf;

use crate::folder::{alerts, below, text};

/// Names of services of the stack, and of nobody (RFC 2606).
const HOSTS: [&str; 18] = [
    "alertmanager",
    "blackbox-exporter",
    "elasticsearch",
    "elasticsearch-exporter",
    "grafana.example",
    "kibana.example",
    "localhost",
    "log-shipper",
    "mail",
    "postgres",
    "postgres-exporter",
    "prometheus",
    "proxy",
    "runbooks.example",
    "second-alertmanager",
    "tasks.api",
    "tasks.web",
    "web",
];

fn texts() -> Vec<(PathBuf, String)> {
    let files = below(&alerts(""));
    assert!(files.len() > 60, "only {} files were found", files.len());
    files.into_iter().map(|file| (file.clone(), text(&file))).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-'))
}

#[test]
fn no_address_of_a_machine() {
    for (file, text) in texts() {
        for word in words(&text) {
            let parts: Vec<_> = word.trim_matches('.').split('.').collect();
            let address = parts.len() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok());
            assert!(!address, "{}: {word}", file.display());
        }
    }
}

#[test]
fn urls_lead_to_services_of_the_stack_or_to_nobody() {
    for (file, text) in texts() {
        for (_, rest) in text.match_indices("://").map(|(at, sign)| text.split_at(at + sign.len())) {
            let host = rest.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-')).next().unwrap_or_default();
            // What somebody has to fill in is written in capitals.
            let is_blank = host.chars().all(|c| c.is_ascii_uppercase());
            assert!(is_blank || HOSTS.contains(&host), "{}: {host}", file.display());
        }
    }
}

#[test]
fn no_name_in_a_public_domain() {
    for (file, text) in texts() {
        for word in words(&text) {
            let domain = word.trim_matches(['.', '-']).rsplit_once('.').map_or("", |(_, domain)| domain);
            let public = ["com", "net", "org", "io", "dev", "dk", "de", "eu", "local", "lan", "internal"];
            assert!(!public.contains(&domain), "{}: {word}", file.display());
        }
    }
}

#[test]
fn addresses_of_mail_reach_nobody() {
    for (file, text) in texts() {
        for (at, _) in
            text.match_indices('@').filter(|(at, _)| *at > 0 && text.as_bytes()[at - 1].is_ascii_alphanumeric())
        {
            let host = text[at + 1..].split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-')).next().unwrap();
            assert!(host.ends_with(".invalid") || HOSTS.contains(&host), "{}: {host}", file.display());
        }
    }
}

#[test]
fn secrets_come_from_files() {
    let words = ["password: ", "token: ", "secret: ", "credentials: ", "api_key: ", "BEGIN PRIVATE", "BEGIN RSA"];
    for (file, text) in texts() {
        for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
            assert!(words.iter().all(|word| !line.contains(word)), "{}: {line}", file.display());
        }
    }
    let routes = text(&alerts("alertmanager.yml"));
    let urls: Vec<_> =
        routes.lines().filter(|line| line.contains("url")).filter(|line| !line.trim_start().starts_with('#')).collect();
    assert!(urls.iter().all(|line| line.contains("url_file: /run/secrets/")), "{urls:?}");
}

#[test]
fn no_path_of_somebodys_machine() {
    for (file, text) in texts() {
        for path in ["/home/", "/root/", "/tmp/", "/work/", "/Users/"] {
            assert!(!text.contains(path), "{}: {path}", file.display());
        }
    }
}
