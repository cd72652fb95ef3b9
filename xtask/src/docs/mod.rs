//! `docs`: the rules, the controls and the pages of the guide as one static site.
//!
//! Every rule and every control has a page, those that are only planned too. The site asks no
//! network, also for its search, and can be read from a folder as well as from a server. A link
//! that leads nowhere fails the chore.

mod book;
mod links;
mod markdown;
mod site;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use crate::workspace;
use book::Book;
use markdown::Rendered;

/// Pages of the repository that belong to the guide, besides those in `docs/`.
const ROOT_PAGES: [&str; 6] = [
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "THIRD_PARTY.md",
];

/// What makes all pages look alike, the report's page too.
const STYLE: &str = "crates/assize_report/src/html/page.css";

/// A page of the site before it has head and foot.
pub(crate) struct Page {
    /// Where it goes, relative to the site.
    pub(crate) path: String,
    pub(crate) title: String,
    pub(crate) body: String,
    /// What the search looks through.
    pub(crate) text: String,
}

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let out = match arguments {
        [] => workspace::target().join("site"),
        [flag, folder] if flag == "--out" => PathBuf::from(folder),
        _ => bail!("usage: docs [--out FOLDER]"),
    };
    let files = made()?;
    let faults = links::faults(&files);
    for fault in &faults {
        println!("{fault}");
    }
    if !faults.is_empty() {
        bail!("docs: {} links lead nowhere", faults.len());
    }
    let pages = files.keys().filter(|path| path.ends_with(".html")).count();
    write(&out, &files)?;
    println!("{pages} pages in {}", out.display());
    Ok(())
}

/// All files of the site, by path.
fn made() -> Result<BTreeMap<String, String>> {
    let tree = workspace::files()?;
    let book = Book::load(&tree)?;
    let mut pages = site::rules(&book);
    pages.extend(site::controls(&book, &control_pages(&tree)?, &tree)?);
    pages.extend(guide(&tree)?);
    pages.push(site::index(&book));
    let style = fs::read_to_string(workspace::root().join(STYLE)).context("no style")?;
    let mut files: BTreeMap<String, String> =
        pages.iter().map(|page| (page.path.clone(), site::whole(page))).collect();
    files.insert("search.js".to_owned(), site::search(&pages)?);
    files.insert("page.css".to_owned(), style + site::STYLE_MORE);
    Ok(files)
}

/// The page of each control that has one: beside its code, in a folder of its name, or among those
/// of what Assize itself does.
fn control_pages(tree: &[String]) -> Result<BTreeMap<String, String>> {
    let mut pages = BTreeMap::new();
    for path in tree {
        let module = match path.strip_suffix("/doc.md") {
            Some(folder) if path.starts_with("crates/") => folder.rsplit('/').next(),
            _ => path
                .strip_prefix("crates/assize/src/pages/")
                .and_then(|one| one.strip_suffix(".md")),
        };
        if let Some(module) = module {
            let text = fs::read_to_string(workspace::root().join(path))?;
            pages.insert(module.replace('_', "-"), text);
        }
    }
    Ok(pages)
}

/// The pages for people: those of `docs/`, and what stands at the root.
fn guide(tree: &[String]) -> Result<Vec<Page>> {
    let is_page = |path: &&String| {
        ROOT_PAGES.contains(&path.as_str()) || path.starts_with("docs/") && path.ends_with(".md")
    };
    tree.iter()
        .filter(is_page)
        .map(|path| {
            let text = fs::read_to_string(workspace::root().join(path))?;
            let Rendered { title, html, text } =
                markdown::render(&text, &|link| guide_link(path, link, tree));
            Ok(Page { path: guide_path(path), title, body: html, text })
        })
        .collect()
}

/// Where a page of the repository lies in the site.
fn guide_path(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    format!("guide/{}.html", name.trim_end_matches(".md").to_ascii_lowercase())
}

/// A link of a page of the repository as a link of the site. A file that is no page stands as its
/// name alone; one that does not exist is left as it is, so that it is found to lead nowhere.
fn guide_link(from: &str, link: &str, tree: &[String]) -> Option<String> {
    if link.contains("://") || link.starts_with('#') || link.starts_with("mailto:") {
        return Some(link.to_owned());
    }
    let (target, anchor) = match link.split_once('#') {
        Some((target, anchor)) => (target, format!("#{anchor}")),
        None => (link, String::new()),
    };
    let path = links::joined(from, target);
    let is_page =
        ROOT_PAGES.contains(&path.as_str()) || path.starts_with("docs/") && path.ends_with(".md");
    let below = format!("{path}/");
    let exists = tree.iter().any(|one| *one == path || one.starts_with(&below));
    match (exists, is_page) {
        (true, true) => Some(format!("../{}{anchor}", guide_path(&path))),
        (true, false) => None,
        (false, _) => Some(link.to_owned()),
    }
}

fn write(out: &Path, files: &BTreeMap<String, String>) -> Result<()> {
    for (path, text) in files {
        let path = out.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{guide_link, links, made};

    #[test]
    fn every_rule_and_control_has_its_page_and_every_link_leads_somewhere() {
        let files = made().unwrap();
        assert_eq!(links::faults(&files), Vec::<String>::new());
        let count = |start: &str| files.keys().filter(|path| path.starts_with(start)).count();
        assert_eq!(count("rules/"), 20);
        assert!(count("controls/") > 250 && count("guide/") > 8);
        let search = files.get("search.js").unwrap();
        assert!(search.contains("controls/phantom-import.html"));
        let page = files.get("controls/phantom-import.html").unwrap();
        assert!(page.contains("What it does") && page.contains("../rules/r01.html#r01.1"));
        assert!(files.values().all(|text| !text.contains("src=\"http")));
    }

    #[test]
    fn links_of_the_guide_lead_to_its_pages() {
        let tree = ["README.md", "docs/ci.md", "xtask/src/main.rs"].map(str::to_owned);
        let link = |from, link| guide_link(from, link, &tree);
        assert_eq!(link("README.md", "docs/ci.md#a").as_deref(), Some("../guide/ci.html#a"));
        assert_eq!(link("docs/ci.md", "../README.md").as_deref(), Some("../guide/readme.html"));
        assert_eq!(link("README.md", "xtask/src"), None);
        assert_eq!(link("README.md", "gone.md").as_deref(), Some("gone.md"));
    }
}
