//! The file `NOTICE`: every package that is built with the site, its licence, and the licence texts that must go with it.
//!
//! A package that lets choose is taken under Apache-2.0 if that is a choice, whose text stands in `LICENSE-APACHE`, and its
//! own text is left out then. All other texts are taken over from the package, each once.

mod package;

use std::collections::BTreeMap;
use std::fmt::Write;

pub use package::{Package, packages};

const HEAD: &str = "\
MiniTwit
Copyright The MiniTwit developers

MiniTwit is licensed under either of LICENSE-APACHE and LICENSE-MIT, as you choose.
It is built and tested with the packages below. Where a package lets choose, the choice is Apache-2.0, if it is one, and the
text is LICENSE-APACHE. The other texts follow the list. This file is written by a tool: see CONTRIBUTING.md.

";

/// The whole file.
#[must_use]
pub fn write(packages: &[Package]) -> String {
    let mut notice = HEAD.to_owned();
    for Package { name, version, license, home, .. } in packages {
        line(&mut notice, &format!("{name} {version}: {license}{}{home}", if home.is_empty() { "" } else { ", " }));
    }
    for (text, owners) in by_text(packages) {
        line(&mut notice, &format!("\n{}\nOf {}:\n\n{text}", "=".repeat(80), owners.join(", ")));
    }
    notice
}

/// Each text with the packages that have it. Texts that differ in white space alone are the same.
fn by_text(packages: &[Package]) -> Vec<(String, Vec<String>)> {
    let mut same = BTreeMap::new();
    for package in packages {
        for text in &package.texts {
            let words: Vec<&str> = text.split_whitespace().collect();
            let entry = same.entry(words.join(" ")).or_insert_with(|| (tidy(text), Vec::new()));
            entry.1.push(format!("{} {}", package.name, package.version));
        }
    }
    let mut texts: Vec<_> = same.into_values().collect();
    texts.sort_by(|one, other| one.1.cmp(&other.1).then_with(|| one.0.cmp(&other.0)));
    texts
}

fn tidy(text: &str) -> String {
    let lines: Vec<&str> = text.trim_matches(['\u{feff}', '\n', '\r']).lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_owned()
}

fn line(notice: &mut String, text: &str) {
    writeln!(notice, "{text}").expect("a string can always be written to");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, texts: &[&str]) -> Package {
        let texts = texts.iter().map(ToString::to_string).collect();
        Package { name: name.into(), version: "1.0.0".into(), license: "MIT".into(), home: String::new(), texts }
    }

    #[test]
    fn every_package_is_named_and_equal_texts_stand_once() {
        let notice = write(&[package("a", &["Do\n  what you  like.\n"]), package("b", &["Do what\r\nyou like."])]);
        assert!(notice.contains("\na 1.0.0: MIT\nb 1.0.0: MIT\n"), "{notice}");
        assert!(notice.ends_with("Of a 1.0.0, b 1.0.0:\n\nDo\n  what you  like.\n"), "{notice}");
    }
}
