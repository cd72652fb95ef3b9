//! The pages of rules and controls, and what stands around every page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Result;
use serde_json::json;

use super::book::{Book, Control, Rule};
use super::{Page, markdown};

const SEARCH: &str = include_str!("search.js");

/// What the site needs beyond the style of the report.
pub(super) const STYLE_MORE: &str = "\
#search { margin: .8rem 0; }\n#search input { font: inherit; color: inherit; \
background: var(--back); border: 1px solid var(--faint); border-radius: 4px; \
padding: .2rem .5rem; width: min(30rem, 100%); }\n\
#found { padding-left: 1.2rem; }\ntd > code, th > code { overflow-wrap: anywhere; }\n";

/// So much of a page does the search look through.
const SEARCHED_CHARS_MAX: usize = 4_000;

/// Text between tags and in attributes.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;")
}

fn rule_path(id: &str) -> String {
    format!("rules/{}.html", id.to_ascii_lowercase())
}

fn control_link(name: &str, root: &str) -> String {
    let name = escaped(name);
    format!("<a href=\"{root}controls/{name}.html\"><code>{name}</code></a>")
}

/// A link to a clause of a rule.
fn clause_link(id: &str, root: &str) -> String {
    let rule = id.split('.').next().unwrap_or(id);
    format!("<a href=\"{root}{}#{}\">{id}</a>", rule_path(rule), id.to_ascii_lowercase())
}

pub(super) fn rules(book: &Book) -> Vec<Page> {
    book.rules.iter().map(rule).collect()
}

fn rule(rule: &Rule) -> Page {
    let title = format!("{} {}", rule.id, rule.title);
    let mut body = format!("<h1>{}</h1>\n<p>{}</p>\n", escaped(&title), escaped(&rule.why));
    let mut text = format!("{} ", rule.why);
    body.push_str(
        "<table>\n<thead><tr><th scope=\"col\">Clause</th><th scope=\"col\">Says</th>\
         <th scope=\"col\">Controls</th></tr></thead>\n<tbody>\n",
    );
    for clause in &rule.clauses {
        let controls: Vec<String> =
            clause.controls.iter().map(|name| control_link(name, "../")).collect();
        let (id, says) = (clause.id.to_ascii_lowercase(), escaped(&clause.text));
        // Writing to a string cannot fail.
        let _ = writeln!(
            body,
            "<tr id=\"{id}\"><th scope=\"row\">{}</th><td>{says}</td><td>{}</td></tr>",
            clause.id,
            controls.join(", ")
        );
        text.push_str(&clause.text);
        text.push(' ');
    }
    body.push_str("</tbody>\n</table>\n");
    Page { path: rule_path(&rule.id), title, body, text }
}

/// A page for every control of the rule book or of the code, and the list of them.
pub(super) fn controls(
    book: &Book,
    docs: &BTreeMap<String, String>,
    tree: &[String],
) -> Result<Vec<Page>> {
    let clauses = book.clauses_of();
    let mut pages = Vec::new();
    let mut rows = String::new();
    let named: BTreeMap<&str, Option<&Control>> = docs
        .keys()
        .map(|name| (name.as_str(), None))
        .chain(book.controls.iter().map(|control| (control.name.as_str(), Some(control))))
        .collect();
    for (name, control) in named {
        let doc = docs.get(name);
        let serves = clauses.get(name).map_or(&[][..], Vec::as_slice);
        let mut facts = String::from("<ul>\n");
        if let Some(Control { kinds, group, severity, note, .. }) = control {
            let kinds = kinds.join(", ");
            let severity = severity.as_deref().unwrap_or("set by the control");
            let note = note.as_ref().map_or_else(String::new, |note| format!(": {note}"));
            let by_letter = escaped(&format!("{severity}{note}"));
            let _ = writeln!(facts, "<li>Kind: {}</li>", escaped(&kinds));
            let _ = writeln!(facts, "<li>Group: {}</li>", escaped(group));
            let _ = writeln!(facts, "<li>Severity by the letter of the rules: {by_letter}</li>");
        }
        for clause in serves {
            let link = clause_link(&clause.id, "../");
            let _ = writeln!(facts, "<li>{link}: {}</li>", escaped(&clause.text));
        }
        facts.push_str("</ul>\n");
        pages.push(control_page(name, doc.map(String::as_str), &facts, tree));
        let state = if doc.is_some() { "there" } else { "planned" };
        let rules: Vec<String> = serves.iter().map(|one| clause_link(&one.id, "../")).collect();
        let (link, rules) = (control_link(name, "../"), rules.join(", "));
        let _ = writeln!(
            rows,
            "<tr><th scope=\"row\">{link}</th><td>{state}</td><td>{rules}</td></tr>"
        );
    }
    pages.push(list(&rows));
    Ok(pages)
}

fn control_page(name: &str, doc: Option<&str>, facts: &str, tree: &[String]) -> Page {
    let planned = format!("# {name}\n\nThis control is planned: nothing runs it yet.\n");
    let link = |link: &str| {
        let is_away = link.contains("://") || link.starts_with('#');
        let exists = tree.iter().any(|path| path.ends_with(link.trim_start_matches("../")));
        (is_away || !exists).then(|| link.to_owned())
    };
    let made = markdown::render(doc.unwrap_or(&planned), &link);
    let body = format!("{}{facts}", made.html);
    Page { path: format!("controls/{name}.html"), title: name.to_owned(), body, text: made.text }
}

fn list(rows: &str) -> Page {
    let body = format!(
        "<h1>Controls</h1>\n<table>\n<thead><tr><th scope=\"col\">Control</th>\
         <th scope=\"col\">State</th><th scope=\"col\">Clauses</th></tr></thead>\n<tbody>\n\
         {rows}</tbody>\n</table>\n"
    );
    let (path, title) = ("controls/index.html".to_owned(), "Controls".to_owned());
    Page { path, title, body, text: String::new() }
}

pub(super) fn index(book: &Book) -> Page {
    let mut body = String::from("<h1>The rule book</h1>\n<ol>\n");
    for rule in &book.rules {
        let (path, title, why) = (rule_path(&rule.id), escaped(&rule.title), escaped(&rule.why));
        let _ = writeln!(body, "<li><a href=\"{path}\">{title}</a>: {why}</li>");
    }
    body.push_str("</ol>\n");
    let (path, title) = ("index.html".to_owned(), "The rule book".to_owned());
    Page { path, title, body, text: String::new() }
}

/// The page with its head, its ways to other pages, and the search.
pub(super) fn whole(page: &Page) -> String {
    let root = "../".repeat(page.path.matches('/').count());
    let (title, body) = (escaped(&page.title), &page.body);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title} · Assize</title>\n\
         <link rel=\"stylesheet\" href=\"{root}page.css\">\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the page</a>\n<header>\n\
         <nav aria-label=\"Site\"><ul><li><a href=\"{root}index.html\">Rules</a></li>\
         <li><a href=\"{root}controls/index.html\">Controls</a></li>\
         <li><a href=\"{root}guide/readme.html\">Guide</a></li>\
         <li><a href=\"{root}guide/configuration.html\">Configuration</a></li></ul></nav>\n\
         <div id=\"search\" data-root=\"{root}\"></div>\n</header>\n\
         <main id=\"main\" tabindex=\"-1\">\n{body}</main>\n\
         <script src=\"{root}search.js\"></script>\n</body>\n</html>\n"
    )
}

/// The script with what it looks through: no request is ever made.
pub(super) fn search(pages: &[Page]) -> Result<String> {
    let entries: Vec<_> = pages
        .iter()
        .map(|page| {
            let text: String = page.text.chars().take(SEARCHED_CHARS_MAX).collect();
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            json!({ "path": page.path, "title": page.title, "text": words })
        })
        .collect();
    let pages = serde_json::to_string(&entries)?;
    Ok(format!("const PAGES = {pages};\n{SEARCH}"))
}
