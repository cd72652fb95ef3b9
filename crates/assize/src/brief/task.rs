//! What is there already for a task that is given in words.

use std::collections::BTreeMap;

use assize_guard::controls::search_before_create::terms;
use assize_index::View;
use assize_model::FileClass;
use assize_syntax::{FactKind, Role};

use super::{Brief, Line, Subject, What};

/// How many files and things are named.
const NAMED_MAX: usize = 8;

/// A brief of a task: files and definitions whose names hold its words, the closest first.
pub(crate) fn of_task(words: &str, view: View<'_>) -> Option<Brief> {
    let wanted: Vec<String> = words.split_whitespace().flat_map(terms).collect();
    if wanted.is_empty() {
        return None;
    }
    let mut lines = files(&wanted, view);
    lines.extend(things(&wanted, view));
    let head = format!("for `{}` there is already:", wanted.join(" "));
    (!lines.is_empty()).then_some(Brief { head, lines })
}

/// How many of the words a name holds, in one of their forms.
fn held(wanted: &[String], name: &str) -> usize {
    let own = terms(name);
    let same = |one: &String, other: &String| {
        one == other || one.strip_suffix('s') == Some(other) || other.strip_suffix('s') == Some(one)
    };
    wanted.iter().filter(|word| own.iter().any(|own| same(own, word))).count()
}

fn files(wanted: &[String], view: View<'_>) -> Vec<Line> {
    let mut found: Vec<(usize, &str)> = view
        .files()
        .filter(|file| {
            matches!(file.class(), FileClass::Production | FileClass::Doc | FileClass::RuleSelf)
        })
        .map(|file| (held(wanted, file.path()), file.path()))
        .filter(|(held, _)| *held > 0)
        .collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    let best = found.first().map_or(0, |(held, _)| *held);
    let best = found.into_iter().take_while(|(held, _)| *held == best).take(NAMED_MAX);
    best.map(|(_, path)| {
        let subject = Subject::of(path, view.file(path));
        Line { what: What::Like, text: format!("`{path}` ({})", subject.word()) }
    })
    .collect()
}

/// Types, functions and routes that are called so.
fn things(wanted: &[String], view: View<'_>) -> Vec<Line> {
    let mut found: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    for kind in [FactKind::Symbol, FactKind::Route, FactKind::Table, FactKind::Service] {
        for fact in view.facts(kind, Role::Definition) {
            let held = held(wanted, fact.key);
            if held > 0 && fact.file.class() == FileClass::Production {
                let place = format!("{}:{}", fact.file.path(), fact.place.line);
                found.entry(fact.key).or_insert((held, format!("`{place}`")));
            }
        }
    }
    let mut found: Vec<(usize, String)> = found
        .into_iter()
        .map(|(name, (held, place))| (held, format!("`{name}` in {place}")))
        .collect();
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let best = found.first().map_or(0, |(held, _)| *held);
    let best = found.into_iter().take_while(|(held, _)| *held == best).take(NAMED_MAX);
    best.map(|(_, text)| Line { what: What::Like, text }).collect()
}
