//! Whether every link of the site leads somewhere.

use std::collections::{BTreeMap, BTreeSet};

/// The links that lead nowhere, with the page on which they stand.
pub(super) fn faults(files: &BTreeMap<String, String>) -> Vec<String> {
    let ids: BTreeMap<&str, BTreeSet<&str>> = files
        .iter()
        .map(|(path, text)| (path.as_str(), values(text, " id=\"").collect()))
        .collect();
    let mut faults = Vec::new();
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".html")) {
        for link in values(text, " href=\"").chain(values(text, " src=\"")) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            let (target, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if target.is_empty() { path.clone() } else { joined(path, target) };
            match ids.get(target.as_str()) {
                None => faults.push(format!("{path}: there is no `{link}`")),
                Some(ids) if !anchor.is_empty() && !ids.contains(anchor) => {
                    faults.push(format!("{path}: `{target}` has no `#{anchor}`"));
                }
                Some(_) => {}
            }
        }
    }
    faults.sort();
    faults.dedup();
    faults
}

fn values<'a>(text: &'a str, start: &'static str) -> impl Iterator<Item = &'a str> {
    text.split(start).skip(1).filter_map(|rest| rest.split('"').next())
}

/// The path that a link means from a page.
pub(super) fn joined(from: &str, link: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::faults;

    #[test]
    fn links_that_lead_nowhere_are_named() {
        let page = "<h1 id=\"a\"></h1><a href=\"../b.html#c\"></a><a href=\"#a\"></a>\
                    <a href=\"gone.html\"></a><a href=\"../b.html#d\"></a><a href=\"#z\"></a>";
        let files = BTreeMap::from([
            ("x/a.html".to_owned(), page.to_owned()),
            ("b.html".to_owned(), "<h2 id=\"c\"></h2>".to_owned()),
        ]);
        assert_eq!(
            faults(&files),
            [
                "x/a.html: `b.html` has no `#d`",
                "x/a.html: `x/a.html` has no `#z`",
                "x/a.html: there is no `gone.html`",
            ]
        );
    }
}
