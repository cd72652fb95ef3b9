//! Other scripts that a script runs: `\ir other.sql`, `source other.sql`, `@@other`.

use assize_model::normalise;

use super::lexer::Script;
use crate::{Extraction, FactKind, Flags, Role};

/// Commands whose path counts from the folder of the script that holds them.
const BESIDE: [&str; 3] = ["\\ir", "\\include_relative", "@@"];
/// Commands whose path counts from where the client was started.
const STARTED: [&str; 6] = ["\\i", "\\include", "\\.", "source", ":r", ".read"];

pub(super) fn extract(sheet: &mut Extraction<'_>, script: &Script) {
    for line in &script.lines {
        let Some((beside, written)) = included(line.text(sheet.text)) else { continue };
        let folder = sheet.path.folder().to_owned();
        let base = if beside { folder.as_str() } else { "" };
        let unsure = if beside { Flags::NONE } else { Flags::DYNAMIC };
        let known = normalise(base, &written).ok().filter(|_| !is_filled_in(&written));
        let (key, flags) = match known {
            Some(key) => (key, unsure),
            None if written.starts_with(['/', '~']) => continue,
            None => (written.clone(), Flags::UNRESOLVED),
        };
        sheet
            .fact(FactKind::Path, Role::Reference, key, line.span)
            .value(written)
            .item("sql")
            .flags(flags.with(Flags::IN_SCRIPT))
            .done();
    }
}

/// The script that a line runs, and whether its path counts from the folder of this one.
fn included(line: &str) -> Option<(bool, String)> {
    let line = line.trim_end_matches(';').trim_end();
    let (command, rest) = match line.strip_prefix("@@") {
        Some(rest) => ("@@", rest),
        None => line.split_once(char::is_whitespace)?,
    };
    let is = |known: &&str| known.eq_ignore_ascii_case(command);
    let beside = BESIDE.iter().any(is);
    if !beside && !STARTED.iter().any(is) {
        return None;
    }
    let mut words = rest.split_whitespace();
    let word = words.next()?.trim_matches(['\'', '"']).trim_start_matches("./");
    let name = word.rsplit('/').next().unwrap_or(word);
    let written = match (name.contains('.'), command) {
        (false, "@@") => format!("{word}.sql"),
        (false, _) => return None,
        (true, _) => word.to_owned(),
    };
    Some((beside, written))
}

fn is_filled_in(written: &str) -> bool {
    written.contains([':', '$', '&', '%', '*', '`', '\\', '{', '<'])
}
