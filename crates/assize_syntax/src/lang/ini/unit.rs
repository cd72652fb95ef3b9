//! Units of systemd: the variables that they set.

use assize_model::Span;

use crate::lang::requirements::manifest::needed_path;
use crate::{Extraction, FactKind, Flags, Role};

use super::variable;

pub(super) fn read(sheet: &mut Extraction<'_>) {
    let text = sheet.text;
    let mut offset = 0;
    let mut continues = false;
    for raw in text.split_inclusive('\n') {
        let start = offset;
        offset += raw.len();
        let line = raw.trim();
        let indent = raw.len() - raw.trim_start().len();
        let span = Span::new(start + indent, start + indent + line.len());
        let list = if continues { Some(line) } else { line.strip_prefix("Environment=") };
        if let Some(list) = list {
            let more = list.strip_suffix('\\');
            continues = more.is_some();
            assignments(sheet, more.unwrap_or(list), span);
        } else if let Some(file) = line.strip_prefix("EnvironmentFile=") {
            environment_file(sheet, file, span);
        }
    }
}

/// `A=1 "B=two words" 'C=3'`.
fn assignments(sheet: &mut Extraction<'_>, list: &str, span: Span) {
    let mut rest = list.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, after) = match first {
            '"' | '\'' => {
                let inside = rest.get(1..).unwrap_or("");
                inside.split_once(first).unwrap_or((inside, ""))
            }
            _ => rest.split_once([' ', '\t']).unwrap_or((rest, "")),
        };
        if let Some((name, value)) = word.split_once('=') {
            variable(sheet, name, value, span);
        }
        rest = after.trim_start();
    }
}

/// A dash before the path means that the file may be absent. The machine's absolute paths lie
/// outside the repository.
fn environment_file(sheet: &mut Extraction<'_>, file: &str, span: Span) {
    if file.starts_with('-') || file.is_empty() {
        return;
    }
    if file.starts_with('/') {
        sheet
            .fact(FactKind::Path, Role::Reference, file, span)
            .value(file)
            .item("env-file")
            .flags(Flags::UNRESOLVED)
            .done();
    } else {
        needed_path(sheet, file, span, "env-file");
    }
}

#[cfg(test)]
mod tests {
    use assize_model::{FileClass, LineIndex, RepoPath};

    use crate::{FactKind, extract};

    #[test]
    fn units_set_variables() {
        let text = "[Service]\nEnvironment=A=1 \"B=two words\" 'C=3' \\\n    D=4\n\
            EnvironmentFile=-/etc/x\nEnvironment=E=%h/x\nExecStart=/bin/true F=1\n";
        let path = RepoPath::new("deploy/app.service").unwrap();
        let facts = extract(&path, FileClass::Production, text, &LineIndex::new(text));
        let keys: Vec<&str> = facts
            .facts
            .iter()
            .filter(|fact| fact.kind == FactKind::Env)
            .map(|fact| fact.key.as_str())
            .collect();
        assert_eq!(keys, ["A", "B", "C", "D", "E"]);
    }
}
