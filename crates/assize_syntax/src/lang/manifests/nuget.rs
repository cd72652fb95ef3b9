//! .NET projects and lock files: the packages that they name.

use std::collections::BTreeSet;

use assize_model::Span;

use super::Package;
use super::xml::{Event, Reader, attribute};
use crate::{Extraction, Flags};

pub(super) fn manifest(sheet: &mut Extraction<'_>) {
    for event in Reader::new(sheet.text) {
        let Event::Open { name, attributes, span, .. } = event else { continue };
        let key = match name {
            "PackageReference" | "PackageVersion" | "GlobalPackageReference" => "Include",
            "package" => "id",
            _ => continue,
        };
        let Some(package) = attribute(attributes, key) else { continue };
        let version = attribute(attributes, "Version").or_else(|| attribute(attributes, "version"));
        Package {
            key: format!("nuget:{}", package.to_ascii_lowercase()),
            constraint: version.unwrap_or(""),
            section: name,
            flags: Flags::NONE,
            span,
        }
        .declare(sheet);
    }
}

/// Only names are taken: the keys in front of an object that has a `type`.
pub(super) fn lock(sheet: &mut Extraction<'_>) {
    let text = sheet.text;
    let mut seen = BTreeSet::new();
    for (at, _) in text.match_indices("\"type\"") {
        let Some(before) = text.get(..at).map(str::trim_end) else { continue };
        let Some(key) = before.strip_suffix('{').map(str::trim_end) else { continue };
        let Some(key) = key.strip_suffix(':').map(str::trim_end) else { continue };
        let Some(name) = key.strip_suffix('"').and_then(|key| key.rsplit('"').next()) else {
            continue;
        };
        if seen.insert(name) {
            let start = key.len().saturating_sub(name.len() + 1);
            Package {
                key: format!("nuget:{}", name.to_ascii_lowercase()),
                constraint: "",
                section: "lock",
                flags: Flags::LOCKED,
                span: Span::new(start, start + name.len()),
            }
            .declare(sheet);
        }
    }
}
