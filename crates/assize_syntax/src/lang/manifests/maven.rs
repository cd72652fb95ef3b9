//! `pom.xml`: the artifacts that a project depends on.

use super::Package;
use super::xml::{Event, Reader};
use crate::{Extraction, Flags};
use assize_model::Span;

/// A dependency that is being read.
#[derive(Debug, Default)]
struct Dependency<'a> {
    group: &'a str,
    artifact: &'a str,
    version: &'a str,
    scope: &'a str,
    span: Span,
}

pub(super) fn manifest(sheet: &mut Extraction<'_>) {
    let mut open: Vec<&str> = Vec::new();
    let mut dependency: Option<Dependency<'_>> = None;
    for event in Reader::new(sheet.text) {
        match event {
            Event::Open { name, span, empty, .. } => {
                if name == "dependency" {
                    dependency = Some(Dependency { span, ..Dependency::default() });
                }
                if !empty {
                    open.push(name);
                }
            }
            Event::Text { text } => {
                // Exclusions have a group and an artifact as well.
                let inside = open.len().checked_sub(2).and_then(|at| open.get(at));
                if let (Some(one), Some(&"dependency")) = (&mut dependency, inside) {
                    match open.last().copied() {
                        Some("groupId") => one.group = text,
                        Some("artifactId") => one.artifact = text,
                        Some("version") => one.version = text,
                        Some("scope") => one.scope = text,
                        _ => {}
                    }
                }
            }
            Event::Close { name } => {
                if name == "dependency" {
                    dependency.take().into_iter().for_each(|one| one.declare(sheet));
                }
                if open.last() == Some(&name) {
                    open.pop();
                }
            }
        }
    }
}

impl Dependency<'_> {
    fn declare(self, sheet: &mut Extraction<'_>) {
        if self.group.is_empty() || self.artifact.is_empty() {
            return;
        }
        Package {
            key: format!("maven:{}:{}", self.group, self.artifact),
            constraint: self.version,
            section: if self.scope.is_empty() { "compile" } else { self.scope },
            flags: if self.scope == "test" { Flags::DEV } else { Flags::NONE },
            span: self.span,
        }
        .declare(sheet);
    }
}
