//! What the steps of a pipeline make or bring in: paths that need not be in the repository.
//!
//! They are written down as paths that are created, so that whoever judges the other paths of the
//! file knows them. The words of a script are split at blanks, which sees too many outputs rather
//! than too few.

use assize_model::{Span, normalise};

use super::scalar::Passage;
use super::tree::{Fields, Tree};
use crate::{Extraction, FactKind, Flags, Role};

/// How many outputs of one script are written down.
const OUTPUTS_MAX: usize = 256;

/// The folder that an action fills, if it is told one.
pub(super) fn of_action(
    sheet: &mut Extraction<'_>,
    tree: &Tree<'_>,
    action: &str,
    with: &Fields<'_>,
) -> Option<String> {
    let name = action.split('@').next().unwrap_or(action);
    let input = match name {
        "actions/checkout" | "actions/download-artifact" | "actions/cache" => "path",
        _ if name.contains("download") => "path",
        _ => return None,
    };
    let id = with.get(input)?;
    let span = tree.span(id);
    let mut last = None;
    for line in tree.text(id)?.lines() {
        last = create(sheet, line.trim(), span, "").or(last);
    }
    last.filter(|folder| name != "actions/cache" && !folder.is_empty())
}

/// What the commands of a script write, made relative to the folder in which it runs.
pub(super) fn of_script(sheet: &mut Extraction<'_>, script: &Passage<'_>, folder: Option<&str>) {
    let Some(folder) = folder else { return };
    let mut left = OUTPUTS_MAX;
    for line in script.text.lines() {
        exported(sheet, script.span, line);
        for written in written_by(line).into_iter().take(left) {
            create(sheet, written, script.span, folder);
            left = left.saturating_sub(1);
        }
    }
}

/// A line that appends `NAME=value` to the file of variables for later steps defines `NAME`.
fn exported(sheet: &mut Extraction<'_>, span: Span, line: &str) {
    if !line.contains("GITHUB_ENV") {
        return;
    }
    let assigned = line.split_whitespace().find_map(|word| {
        let (name, _) = word.trim_start_matches(['"', '\'']).split_once('=')?;
        super::is_env_name(name).then_some(name)
    });
    if let Some(name) = assigned {
        sheet.fact(FactKind::Env, Role::Definition, name, span).flags(Flags::IN_CI).done();
    }
}

/// The words of a line that name something which the line makes.
fn written_by(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut words = line.split_whitespace().map(bare).peekable();
    // What all words after a command name are: made, or only the last one is.
    let (mut all, mut last) = (false, None);
    while let Some(word) = words.next() {
        match word {
            "mkdir" | "touch" | "tee" => all = true,
            "cp" | "mv" | "ln" | "rsync" | "clone" | "venv" | "worktree" => last = Some(""),
            "&&" | "||" | ";" | "|" => {
                found.extend(last.take());
                all = false;
            }
            ">" | ">>" | "-o" | "--output" | "--out" | "--outfile" | "-d" | "-C" | "--target" => {
                found.extend(words.peek().copied());
            }
            _ if word.starts_with('>') => found.push(word.trim_start_matches(['>', '&'])),
            _ if word.starts_with("--") && word.contains('=') => {
                let (name, value) = word.split_once('=').unwrap_or((word, ""));
                found.extend(name.contains("out").then_some(value));
            }
            _ if word.starts_with('-') => {}
            _ if all => found.push(word),
            _ if last.is_some() => last = Some(clone_folder(word)),
            _ => {}
        }
        if word.ends_with(';') {
            all = false;
        }
    }
    found.extend(last);
    found
}

fn bare(word: &str) -> &str {
    match word {
        "&&" | "||" | ";" | "|" => word,
        _ => word.trim_matches(['"', '\'', ';', '(', ')']),
    }
}

/// The folder into which git clones an address; any other word as it is.
fn clone_folder(word: &str) -> &str {
    if word.contains("://") || word.starts_with("git@") {
        let name = word.trim_end_matches('/').rsplit('/').next().unwrap_or(word);
        return name.trim_end_matches(".git");
    }
    word
}

/// Writes down a created path, and returns its key.
fn create(sheet: &mut Extraction<'_>, written: &str, span: Span, folder: &str) -> Option<String> {
    let written = written.trim_end_matches('/');
    if written.is_empty() || written.contains(['$', '*', '{', '&']) || written.starts_with('~') {
        return None;
    }
    let key = normalise(folder, written).ok().filter(|key| !key.is_empty())?;
    sheet
        .fact(FactKind::Path, Role::Reference, key.as_str(), span)
        .value(written)
        .item("output")
        .flags(Flags::IN_CI.with(Flags::CREATED))
        .done();
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::written_by;

    #[test]
    fn outputs_of_common_commands() {
        let cases: [(&str, &[&str]); 8] = [
            ("mkdir -p out/a logs && ls src", &["out/a", "logs"]),
            ("cp config.example.json config.json", &["config.json"]),
            ("git clone --depth 1 https://example.com/x/tool.git", &["tool"]),
            ("curl -L https://example.com/x -o tool.bin", &["tool.bin"]),
            ("echo hi > notes.txt", &["notes.txt"]),
            ("python -m venv .venv && pip install x", &[".venv"]),
            ("build --output=site", &["site"]),
            ("pytest tests", &[]),
        ];
        for (line, expected) in cases {
            assert_eq!(written_by(line), expected, "{line}");
        }
    }
}
