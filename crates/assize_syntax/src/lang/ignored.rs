//! `.gitignore`: paths that git leaves out of the repository on purpose.
//!
//! One definition of a path for each pattern: key = the pattern relative to the root, value = the
//! folder of the file, item = `ignored`. A pattern without a slash before its end holds at any
//! depth, which `**/` says in the key. Flags: `FOLDER` for patterns that hold for folders alone,
//! `OPTIONAL` for those that take others back.

use assize_model::Span;

use crate::{Extraction, FactKind, Flags, Parsed, Role};

pub(super) fn extract(sheet: &mut Extraction<'_>) {
    let text = sheet.text;
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(offset, offset + line.trim_end().len());
        offset += line.len();
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            pattern(sheet, line, span);
        }
    }
    sheet.set_parsed(Parsed::Valid);
}

fn pattern(sheet: &mut Extraction<'_>, line: &str, span: Span) {
    let (line, mut flags) = match line.strip_prefix('!') {
        Some(rest) => (rest, Flags::OPTIONAL),
        None => (line, Flags::NONE),
    };
    let path = line.trim_end_matches('/');
    if path.len() < line.len() {
        flags = flags.with(Flags::FOLDER);
    }
    let anchored = path.contains('/');
    let path = path.trim_start_matches('/');
    if path.is_empty() {
        return;
    }
    let folder = sheet.path.folder().to_owned();
    let mut key = folder.clone();
    if !key.is_empty() {
        key.push('/');
    }
    if !anchored {
        key.push_str("**/");
    }
    key.push_str(path);
    sheet
        .fact(FactKind::Path, Role::Definition, key, span)
        .value(folder)
        .item("ignored")
        .flags(flags)
        .done();
}

#[cfg(test)]
mod tests {
    use assize_model::{FileClass, LineIndex, RepoPath};

    use crate::{Flags, extract};

    #[test]
    fn patterns_are_relative_to_the_root() {
        let text = "# made\n*.log\n/dist/\nsrc/api.ts\n!keep.log\n\n/\n";
        let path = RepoPath::new("web/.gitignore").unwrap();
        let found = extract(&path, FileClass::Production, text, &LineIndex::new(text));
        let shown: Vec<_> = found.facts.iter().map(|f| (f.key.as_str(), f.flags)).collect();
        assert_eq!(
            shown,
            [
                ("web/**/*.log", Flags::NONE),
                ("web/dist", Flags::FOLDER),
                ("web/src/api.ts", Flags::NONE),
                ("web/**/keep.log", Flags::OPTIONAL),
            ]
        );
    }
}
