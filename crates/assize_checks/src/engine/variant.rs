//! What a path says of a file: that it is a copy, a variant or an old state of another.
//!
//! Names alone prove nothing: the control asks for the other file and, where the word is weak, for
//! what both define.

use assize_model::{Place, RepoPath};
use assize_syntax::{Fact, FactKind, FileFlags, Flags, Role};

/// What editors and hurried people append to the whole name.
const ENDINGS: [&str; 7] = ["backup", "bak", "bkp", "copy", "old", "orig", "save"];
/// What stands before the extension of a copy.
const COPIES: [&str; 5] = ["backup", "bak", "copy", "old", "orig"];
/// What stands before the extension of a second attempt.
#[rustfmt::skip]
const ATTEMPTS: [&str; 17] = [
    "advanced", "clean", "enhanced", "fast", "final", "fixed", "improved", "new", "optimised",
    "optimized", "refactored", "simple", "simplified", "ultra", "ultrafix", "unified", "updated",
];
/// Folders of what was put aside.
const FOLDERS: [&str; 5] = ["archive", "archives", "backups", "old", "legacy"];

/// The fact of a path that says so.
pub(super) fn fact(path: &RepoPath, flags: u32) -> Option<Fact> {
    if flags & (FileFlags::LINK | FileFlags::GIT_LINK) != 0 {
        return None;
    }
    let (key, value, item) = of_folder(path.as_str()).or_else(|| of_name(path))?;
    Some(Fact {
        kind: FactKind::Variant,
        role: Role::Definition,
        key,
        value,
        item: item.to_owned(),
        flags: Flags::NONE,
        number: 0,
        place: Place::START,
    })
}

type Said = (String, String, &'static str);

/// The outermost folder of old files that holds the path. What data and tests are about may be an
/// archive, and a folder that is kept empty holds nothing.
fn of_folder(path: &str) -> Option<Said> {
    let topic = ["data", "docs", "test", "tests"];
    if path.ends_with("/.gitkeep") || path.split('/').any(|part| topic.contains(&part)) {
        return None;
    }
    let mut end = 0;
    for part in path.split('/') {
        end += part.len();
        if end == path.len() {
            return None;
        }
        if FOLDERS.contains(&part) || part.ends_with("_backup") {
            return Some((format!("{}/", path.get(..end)?), part.to_owned(), "folder"));
        }
        end += 1;
    }
    None
}

fn of_name(path: &RepoPath) -> Option<Said> {
    let name = path.name();
    let said = |base: String, word: &str, item| {
        let folder = path.folder();
        let key = if folder.is_empty() { base } else { format!("{folder}/{base}") };
        Some((key, word.to_owned(), item))
    };
    if let Some((base, word)) = ended(name) {
        return said(base.to_owned(), word, "copy");
    }
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let whole = |base: &str| {
        if ending.is_empty() { base.to_owned() } else { format!("{base}.{ending}") }
    };
    if let Some(base) = numbered(stem) {
        return said(whole(base), "copy", "copy");
    }
    if let Some((base, date)) = dated(stem) {
        return said(whole(base), date, "dated");
    }
    let (base, word) = stem.rsplit_once(['_', '-', '.'])?;
    let lower = word.to_ascii_lowercase();
    if base.is_empty() {
        return None;
    }
    if COPIES.contains(&lower.as_str()) {
        return said(whole(base), word, "copy");
    }
    let version = lower.strip_prefix('v').is_some_and(|number| {
        (1..=2).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    if version || ATTEMPTS.contains(&lower.as_str()) {
        return said(whole(base), word, "variant");
    }
    None
}

/// `a.py.bak`, `a.json.backup-20250815`, `a.py.old.1`, `a.po~`: the name before, and the word.
fn ended(name: &str) -> Option<(&str, &str)> {
    if let Some(base) = name.strip_suffix('~').filter(|base| !base.is_empty()) {
        return Some((base, "~"));
    }
    let digits = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'_'))
    };
    let cut = match name.rsplit_once('.') {
        Some((before, last)) if digits(last) => before,
        _ => name,
    };
    let (base, last) = cut.rsplit_once('.').filter(|(base, _)| !base.is_empty())?;
    let word = last.split(['-', '_']).next().unwrap_or(last);
    let rest = last.get(word.len()..).unwrap_or("");
    // `app.backup-service` is a name of its own.
    let plain = rest.is_empty() || digits(rest);
    (plain && ENDINGS.contains(&word)).then_some((base, word))
}

/// `a copy`, `a copy 2`, `a - Copy`, `a (1)`.
fn numbered(stem: &str) -> Option<&str> {
    let counted = stem.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    if let Some((base, number)) = counted
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Some(base);
    }
    let plain = stem.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
    [" - Copy", " copy"].iter().find_map(|end| plain.strip_suffix(end))
}

/// `a_20250819`, `a-2025-08-19`, `a_20250819_204738`: the name before, and the date.
fn dated(stem: &str) -> Option<(&str, &str)> {
    let tail = stem.len()
        - stem.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_' | 'T')).len();
    let date = stem.get(stem.len() - tail..)?;
    let date = date.trim_start_matches(['-', '_', 'T']);
    let base = stem.get(..stem.len() - date.len())?.strip_suffix(['-', '_', '.'])?;
    let digits: String = date.chars().filter(char::is_ascii_digit).collect();
    let plausible = (digits.starts_with("19") || digits.starts_with("20"))
        && matches!(digits.len(), 8 | 12 | 14);
    (plausible && !base.is_empty()).then_some((base, date))
}

#[cfg(test)]
mod tests {
    use assize_model::RepoPath;

    use super::fact;

    fn said(path: &str) -> String {
        fact(&RepoPath::new(path).unwrap(), 0)
            .map(|fact| format!("{} {} {}", fact.item, fact.key, fact.value))
            .unwrap_or_default()
    }

    #[test]
    fn paths_and_what_they_say() {
        let cases = [
            ("app/main.py", ""),
            ("app/main.py.bak", "copy app/main.py bak"),
            (".mcp.json.backup-20250815-115401", "copy .mcp.json backup"),
            ("a/prometheus.yml.bak.1754941533", "copy a/prometheus.yml bak"),
            ("a/settings.json.backup.20250819_204738", "copy a/settings.json backup"),
            ("i18n/messages.pot~", "copy i18n/messages.pot ~"),
            ("src/index.backup.ts", "copy src/index.ts backup"),
            ("src/input-backup.tsx", "copy src/input.tsx backup"),
            ("x/settings copy.json", "copy x/settings.json copy"),
            ("x/settings (2).json", "copy x/settings.json copy"),
            ("x/settings - Copy.json", "copy x/settings.json copy"),
            ("app/pool_ultra.py", "variant app/pool.py ultra"),
            ("app/features-v2.ts", "variant app/features.ts v2"),
            ("app/api_20250819.py", "dated app/api.py 20250819"),
            ("app/api-2025-08-19.py", "dated app/api.py 2025-08-19"),
            ("backups/historical/a.yml", "folder backups/ backups"),
            ("app/old/a/b.py", "folder app/old/ old"),
            ("app/data_backup/a.py", "folder app/data_backup/ data_backup"),
            ("backup", ""),
            ("scripts/backup/dump.sh", ""),
            ("tests/data/backups/a.zip", ""),
            ("backups/.gitkeep", ""),
            ("app/performance_monitor.py", ""),
            ("app/0001.py", ""),
            ("app/v2/api.py", ""),
            ("_old.py", ""),
            ("old.py", ""),
            ("app/utf_8.py", ""),
            ("app.backup-service", ""),
        ];
        for (path, expected) in cases {
            assert_eq!(said(path), expected, "{path}");
        }
    }
}
