//! `assize index`.

use std::io::Write;

use assize_index::FactRef;
use assize_report::inline;
use assize_syntax::{FactKind, Role};

use crate::cli::{Index, Plain};
use crate::failure::Failure;
use crate::project::{Keep, Project};

pub(super) fn run(options: &Index, out: &mut dyn Write) -> Result<u8, Failure> {
    let (kind, key, root, format) = match options {
        Index::Show { kind, key, root, format } => (kind, key, root, format),
        Index::Warm { root } => return crate::warm::run(root),
    };
    let known = FactKind::ALL.map(FactKind::word);
    let kind = FactKind::from_word(kind).ok_or_else(|| {
        Failure::said(format!("there is no kind `{kind}`"))
            .hint(format!("the kinds are {}", known.join(", ")))
    })?;
    let project = Project::open(root, Keep::Yes)?;
    project.say_problems();
    let view = project.view();
    let of_role = |role| match key {
        Some(key) => view.lookup(kind, role, key),
        None => view.facts(kind, role),
    };
    let definitions = of_role(Role::Definition);
    let references = of_role(Role::Reference);
    match format {
        Plain::Text => {
            text(out, "defined", &definitions)?;
            text(out, "referred to", &references)?;
            if definitions.is_empty() && references.is_empty() {
                let what = key.as_deref().unwrap_or("anything");
                writeln!(out, "nothing defines or refers to {} {}", kind.word(), inline(what))?;
            }
        }
        Plain::Json => {
            let facts: Vec<serde_json::Value> =
                definitions.iter().chain(&references).map(json).collect();
            let value = serde_json::json!({ "schema": 1, "kind": kind.word(), "facts": facts });
            writeln!(out, "{value}")?;
        }
    }
    Ok(u8::from(definitions.is_empty() && references.is_empty()))
}

fn text(out: &mut dyn Write, title: &str, facts: &[FactRef<'_>]) -> std::io::Result<()> {
    let mut last = None;
    for fact in facts {
        if last != Some(fact.key) {
            writeln!(out, "{} {title}", inline(fact.key))?;
            last = Some(fact.key);
        }
        let place = format!("{}:{}", fact.file.path(), fact.place.line);
        write!(out, "  {}", inline(&place))?;
        for detail in [fact.value, fact.item].into_iter().filter(|text| !text.is_empty()) {
            write!(out, "  {}", inline(detail))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn json(fact: &FactRef<'_>) -> serde_json::Value {
    serde_json::json!({
        "role": match fact.role {
            Role::Definition => "definition",
            Role::Reference => "reference",
        },
        "key": fact.key,
        "value": fact.value,
        "item": fact.item,
        "path": fact.file.path(),
        "line": fact.place.line,
        "column": fact.place.column,
    })
}
