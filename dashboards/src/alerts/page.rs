//! All runbooks as one page, so that whoever is woken needs a browser and nothing else.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use super::{files, named};

const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;padding:1rem;max-width:50rem}\
nav ul{columns:20rem;list-style:none;padding:0}\
article{border-top:1px solid;margin-top:3rem;scroll-margin-top:1rem}\
article:target>h2{text-decoration:underline}\
pre{overflow-x:auto;padding:.75rem;background:color-mix(in srgb,currentcolor 10%,transparent)}\
a:focus-visible{outline:2px solid}";

/// The page of the runbooks in a folder. `#NAME` is the place of each.
///
/// # Errors
/// The folder or a file cannot be read.
pub fn page(folder: &Path) -> Result<String> {
    let (mut places, mut articles) = (String::new(), String::new());
    for file in files(folder, "md")? {
        let (name, text) = named(&file)?;
        let _ = writeln!(places, "<li><a href=\"#{name}\">{name}</a></li>");
        let _ = writeln!(articles, "<article id=\"{name}\">\n{}</article>", article(&text));
    }
    Ok(format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
        <title>Runbooks | MiniTwit</title>\n<style>{STYLE}</style>\n<h1>Runbooks</h1>\n\
        <nav aria-label=\"Alerts\">\n<ul>\n{places}</ul>\n</nav>\n<main>\n{articles}</main>\n</html>\n"
    ))
}

/// A runbook, whose title is a heading of the page.
fn article(text: &str) -> String {
    let mut written = String::new();
    html::push_html(&mut written, Parser::new_ext(text, Options::ENABLE_TABLES).map(within));
    written
}

/// As part of the page: headings one level lower, other runbooks by their places; what is HTML is shown as it is written.
fn within(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = match dest_url.strip_suffix(".md") {
                Some(name) => format!("#{name}").into(),
                None => dest_url,
            };
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: below(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level))),
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    }
}

fn below(level: HeadingLevel) -> HeadingLevel {
    HeadingLevel::try_from(level as usize + 1).unwrap_or(HeadingLevel::H6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_headings_of_the_page_and_nothing_is_taken_for_html() {
        let written = article("# Down\n\n## Meaning\nUp for <1 s, `a<b`.\n```sh\nls <file\n```\n");
        assert_eq!(
            written,
            "<h2>Down</h2>\n<h3>Meaning</h3>\n<p>Up for &lt;1 s, <code>a&lt;b</code>.</p>\n\
            <pre><code class=\"language-sh\">ls &lt;file\n</code></pre>\n"
        );
        assert_eq!(article("[Up](Up.md)"), "<p><a href=\"#Up\">Up</a></p>\n");
        assert_eq!(article("a\n<b>c</b>"), "<p>a\n&lt;b&gt;c&lt;/b&gt;</p>\n");
    }
}
