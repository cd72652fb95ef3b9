//! `build.gradle` and `build.gradle.kts`: artifacts that are written out, line by line. Such a file
//! is a program: what it computes is not read.

use assize_model::Span;

use super::Package;
use crate::{Extraction, Flags};

/// Words that declare a dependency, as they are or as the end of a longer one.
const CONFIGURATIONS: [&str; 9] = [
    "api",
    "Api",
    "implementation",
    "Implementation",
    "compileOnly",
    "CompileOnly",
    "runtimeOnly",
    "RuntimeOnly",
    "annotationProcessor",
];

pub(super) fn manifest(sheet: &mut Extraction<'_>) {
    let text = sheet.text;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(offset, offset + line.trim_end().len());
        offset += line.len();
        let said = line.trim();
        let Some((section, rest)) = said.split_once([' ', '(']) else { continue };
        if !CONFIGURATIONS.iter().any(|word| section.ends_with(word)) {
            continue;
        }
        let rest = rest.trim_start().trim_start_matches('(');
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let Some(written) = rest.get(1..).and_then(|rest| rest.split(quote).next()) else {
            continue;
        };
        let mut parts = written.split(':');
        let (Some(group), Some(artifact)) = (parts.next(), parts.next()) else { continue };
        if group.is_empty() || artifact.is_empty() || written.contains(['/', '$', ' ']) {
            continue;
        }
        Package {
            key: format!("maven:{group}:{artifact}"),
            constraint: parts.next().unwrap_or(""),
            section,
            flags: if section.starts_with("test") { Flags::DEV } else { Flags::NONE },
            span,
        }
        .declare(sheet);
    }
}
