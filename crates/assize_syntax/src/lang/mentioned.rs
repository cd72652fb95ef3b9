//! The words of a text by which something else may name a package: a plug-in in settings, a
//! program in a script, a driver in an address, a module in a string.
//!
//! Which packages there are another file says, so that any word may be one. Kept are hashes, one
//! fact for each file: enough to say that a package is named nowhere. Two words that share a hash
//! only make a package look named.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use assize_model::{FileClass, Span};
use memchr::memmem;

use crate::{Dialect, Extraction, FactKind, Language, Role};

/// How many bytes of a text are looked at, and how many of one whose kind is not known.
const TEXT_BYTES_MAX: usize = 1024 * 1024;
const PLAIN_BYTES_MAX: usize = 64 * 1024;
/// How many words one text can have.
const WORDS_MAX: usize = 8_192;
/// Shorter and longer words name no package.
const WORD_BYTES: RangeInclusive<usize> = 2..=80;
/// How many characters a hash takes, of six bits each.
const HASH_CHARS: usize = 4;
const DIGITS: &[u8; 64] = b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/// What of a text counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Nothing,
    /// What stands in quotes, and what directives say.
    Quoted,
    /// All but commands that install.
    All,
    /// All but what a manifest declares.
    Settings,
}

pub(crate) fn extract(sheet: &mut Extraction<'_>) {
    let part = part(sheet);
    if part == Part::Nothing || sheet.text.len() > TEXT_BYTES_MAX {
        return;
    }
    let mut words = Words::default();
    match part {
        Part::Nothing => {}
        Part::Quoted => quoted(sheet, &mut words),
        Part::All => all(sheet.text, &mut words),
        Part::Settings if sheet.dialect == Dialect::PackageJson => package(sheet.text, &mut words),
        Part::Settings => settings(sheet, &mut words),
    }
    let value = words.written();
    let role = if makes_types(sheet) { Role::Definition } else { Role::Reference };
    if !value.is_empty() {
        sheet.fact(FactKind::Words, role, "", Span::new(0, 0)).value(value).done();
    }
}

/// Whether types of code are made from the file, or it says of which package they become.
fn makes_types(sheet: &Extraction<'_>) -> bool {
    const ENDINGS: [&str; 15] = [
        "avdl", "avsc", "g4", "gradle", "graphqls", "jj", "kts", "proto", "sbt", "smithy",
        "thrift", "wsdl", "xjb", "xsd", "edmx",
    ];
    sheet.path.extension().is_some_and(|ending| ENDINGS.contains(&ending))
        || sheet.path.name() == "pom.xml"
}

fn part(sheet: &Extraction<'_>) -> Part {
    let name = sheet.path.name();
    if makes_types(sheet) {
        return Part::All;
    }
    if sheet.class == FileClass::Vendored
        || matches!(name, ".gitignore" | "go.sum" | "Cargo.lock" | "setup.py")
    {
        return Part::Nothing;
    }
    if super::node_locks::is_lock(name) {
        return Part::Nothing;
    }
    match sheet.dialect {
        Dialect::PythonLock | Dialect::JsonLock | Dialect::Requirements | Dialect::TextDoc => {
            Part::Nothing
        }
        Dialect::CondaEnv | Dialect::PnpmWorkspace | Dialect::Pipfile => Part::Nothing,
        Dialect::PackageJson | Dialect::Pyproject | Dialect::CargoManifest | Dialect::SetupCfg => {
            Part::Settings
        }
        Dialect::Other => of_unknown(sheet),
        dialect => match dialect.language() {
            Language::Markdown => Part::Nothing,
            Language::Other
            | Language::Python
            | Language::JavaScript
            | Language::TypeScript
            | Language::Go
            | Language::Java
            | Language::Rust
            | Language::CSharp => Part::Quoted,
            _ => Part::All,
        },
    }
}

fn of_unknown(sheet: &Extraction<'_>) -> Part {
    const TEXTS: [&str; 8] = ["csv", "html", "htm", "log", "svg", "txt", "tsv", "xml"];
    let text = sheet.path.extension().is_some_and(|ending| TEXTS.contains(&ending));
    match sheet.path.name() {
        "go.mod" => Part::Settings,
        _ if text || sheet.text.len() > PLAIN_BYTES_MAX => Part::Quoted,
        _ => Part::All,
    }
}

/// What stands in quotes, on one line or on several; in Rust also what paths begin with, which
/// need no import.
fn quoted(sheet: &Extraction<'_>, words: &mut Words) {
    let marks: &[&str] = match sheet.dialect.language() {
        Language::Python => &["\"\"\"", "'''"],
        Language::JavaScript | Language::TypeScript => &["`"],
        Language::Rust => {
            paths(sheet.text, words);
            &[]
        }
        _ => &[],
    };
    let mut inside = false;
    for line in sheet.text.lines() {
        let turns = marks.iter().map(|mark| line.matches(mark).count()).sum::<usize>();
        if inside || turns > 1 {
            words.line(line);
        } else {
            words.quoted(line);
        }
        inside ^= turns % 2 == 1;
    }
}

/// What a path of Rust begins with: a crate, if it is none of the modules around.
fn paths(text: &str, words: &mut Words) {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
    for at in memmem::find_iter(text.as_bytes(), "::") {
        let before = text.get(..at).unwrap_or("");
        words.run(before.rsplit(|c: char| !inside(c)).next().unwrap_or(""));
    }
    for keyword in ["use ", "extern crate "] {
        for at in memmem::find_iter(text.as_bytes(), keyword) {
            let rest = text.get(at + keyword.len()..).unwrap_or("");
            words.run(rest.split(|c: char| !inside(c)).next().unwrap_or(""));
        }
    }
}

/// Every word, but for what stands behind a command that installs: it names what it brings, not
/// what is used.
fn all(text: &str, words: &mut Words) {
    let mut installs = false;
    for line in text.lines() {
        let mut rest = line;
        loop {
            if installs {
                let Some(end) = rest.find([';', '&', '|']) else { break };
                rest = rest.get(end..).unwrap_or("").trim_start_matches([';', '&', '|']);
                installs = false;
            }
            let Some((before, after)) = rest.split_once("install ") else {
                words.line(rest);
                break;
            };
            words.line(before);
            rest = after;
            installs = true;
        }
        installs &= line.ends_with('\\');
    }
}

/// What `package.json` says beyond the packages that it declares, however its lines are broken.
fn package(text: &str, words: &mut Words) {
    let mut depth = 0_usize;
    // How deep the value stands that declares packages.
    let mut skipped = None;
    let mut parts = text.split('"');
    while let Some(between) = parts.next() {
        for byte in between.bytes() {
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                b',' => {}
                _ => continue,
            }
            skipped = skipped.filter(|from| depth > *from);
        }
        // Between escaped quotes stands a part of a text as well.
        if skipped.is_none() {
            words.line(between);
        }
        let Some(said) = parts.next() else { break };
        if skipped.is_none() && declares_in_package(said) {
            skipped = Some(depth);
        } else if skipped.is_none() {
            words.line(said);
        }
    }
}

/// Whether packages stand under a key of `package.json`, or what the package itself is called.
fn declares_in_package(key: &str) -> bool {
    key.ends_with("ependencies")
        || matches!(
            key,
            "catalog" | "keywords" | "name" | "overrides" | "peerDependenciesMeta" | "resolutions"
        )
}

/// What a manifest says beyond the packages that it declares.
fn settings(sheet: &Extraction<'_>, words: &mut Words) {
    let mut section = String::new();
    // How deep the value is in which packages stand, by its brackets.
    let mut depth = 0_i64;
    let mut indented = false;
    for line in sheet.text.lines() {
        let said = line.trim();
        if depth > 0 {
            depth += balance(said);
            continue;
        }
        let fresh = !line.starts_with([' ', '\t']);
        if indented && !fresh && !said.is_empty() {
            continue;
        }
        indented = false;
        if sheet.path.name() == "go.mod" && said.ends_with(['(', ')']) {
            section = said.trim_end_matches(['(', ')', ' ']).to_owned();
        } else if said.starts_with('[') {
            section = said.trim_matches(['[', ']', ' ']).to_owned();
        } else if declares(sheet, &section, said) {
            depth = balance(said).max(0);
            indented = sheet.dialect == Dialect::SetupCfg;
        } else {
            words.line(said);
        }
    }
}

/// Whether packages are declared on a line, or from it on.
fn declares(sheet: &Extraction<'_>, section: &str, line: &str) -> bool {
    if sheet.path.name() == "go.mod" {
        return section != "tool" && !line.starts_with("tool ");
    }
    let names = ["ependencies", "dependency-groups", "requires", "require", "overrides"];
    let in_section = || section.split('.').any(|part| names.iter().any(|one| part.ends_with(one)));
    let key = line.split('=').next().unwrap_or("").trim().trim_matches('"');
    let wanted = ["ependencies", "requires", "_require"];
    wanted.iter().any(|end| key.ends_with(end))
        || matches!(key, "keywords" | "name")
        || in_section()
        || section == "options.extras_require"
        || section.ends_with("optional-dependencies")
        || section.ends_with(".sources")
}

fn balance(line: &str) -> i64 {
    line.bytes().fold(0, |depth, byte| match byte {
        b'{' | b'[' => depth + 1,
        b'}' | b']' => depth - 1,
        _ => depth,
    })
}

/// The words that were met, as hashes.
#[derive(Debug, Default)]
struct Words(BTreeSet<u32>);

impl Words {
    /// The words in quotes on a line; all of them where a comment gives directions to a tool.
    fn quoted(&mut self, line: &str) {
        if line.contains("@jsx") || line.trim_start().starts_with("//go:") {
            self.line(line);
            return;
        }
        let mut open: Option<(char, usize)> = None;
        for (at, c) in line.char_indices() {
            match open {
                None if matches!(c, '"' | '\'' | '`') => open = Some((c, at + 1)),
                Some((quote, from)) if c == quote => {
                    self.line(line.get(from..at).unwrap_or(""));
                    open = None;
                }
                _ => {}
            }
        }
        // A text over several lines, or an apostrophe.
        if let Some((_, from)) = open {
            self.line(line.get(from..).unwrap_or(""));
        }
    }

    fn line(&mut self, line: &str) {
        if self.0.len() >= WORDS_MAX {
            return;
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "_@./-".contains(c);
        for run in line.split(|c: char| !plain(c)) {
            self.run(run.trim_matches(['.', '/', '-', '_']));
        }
    }

    /// A word with what separates its parts: each of them, and the whole.
    fn run(&mut self, run: &str) {
        if !WORD_BYTES.contains(&run.len()) {
            return;
        }
        self.add(run);
        let mut scope = None;
        for (at, part) in run.split('/').enumerate() {
            if part.len() < run.len() {
                self.add(part);
            }
            if let Some(scope) = scope.take() {
                self.add(&format!("{scope}/{part}"));
            }
            scope = part.starts_with('@').then_some(part);
            let first = part.split(['.', '@']).next().unwrap_or(part);
            if first.len() < part.len() {
                self.add(first);
            }
            // `host.org/owner/name/command`
            if at == 2 && run.split('/').next().is_some_and(|host| host.contains('.')) {
                let end = run.match_indices('/').nth(2).map_or(run.len(), |(end, _)| end);
                self.add(run.get(..end).unwrap_or(run));
            }
        }
    }

    fn add(&mut self, word: &str) {
        let named = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '@');
        if named && WORD_BYTES.contains(&word.len()) {
            self.0.insert(hash(word));
        }
    }

    fn written(&self) -> String {
        self.0.iter().flat_map(|hash| digits(*hash)).map(char::from).collect()
    }
}

/// A word as it is compared: 24 bits, whatever its case and its separators.
pub fn hash(word: &str) -> u32 {
    let folded = word.bytes().map(|byte| match byte {
        b'_' => b'-',
        byte => byte.to_ascii_lowercase(),
    });
    // FNV-1a
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let hash = folded.fold(0xcbf2_9ce4_8422_2325, step);
    ((hash ^ (hash >> 24) ^ (hash >> 48)) & 0xff_ffff) as u32
}

/// The hash in digits whose order is that of the numbers.
fn digits(hash: u32) -> [u8; HASH_CHARS] {
    [18, 12, 6, 0].map(|shift| {
        let digit = (hash >> shift) & 63;
        DIGITS.get(digit as usize).copied().unwrap_or(b'-')
    })
}

/// The hashes of the words that were kept of a text.
pub fn kept_words(kept: &str) -> impl Iterator<Item = u32> {
    kept.as_bytes().chunks_exact(HASH_CHARS).map(|digits| {
        digits.iter().fold(0, |hash, digit| {
            let value = DIGITS.binary_search(digit).unwrap_or(0);
            hash << 6 | u32::try_from(value).unwrap_or(0)
        })
    })
}

/// Whether the words of a text, as they are kept, hold one with this hash.
pub fn has_word(kept: &str, hash: u32) -> bool {
    let wanted = digits(hash);
    let bytes = kept.as_bytes();
    let (mut low, mut high) = (0, bytes.len() / HASH_CHARS);
    while low < high {
        let middle = low + (high - low) / 2;
        let start = middle * HASH_CHARS;
        let Some(one) = bytes.get(start..start + HASH_CHARS) else { return false };
        match one.cmp(&wanted[..]) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use assize_model::{FileClass, LineIndex, RepoPath};

    use super::{DIGITS, has_word, hash};
    use crate::{FactKind, extract};

    fn names(path: &str, text: &str, word: &str) -> bool {
        let lines = LineIndex::new(text);
        let path = RepoPath::new(path).unwrap();
        let found = extract(&path, FileClass::Production, text, &lines);
        let mut kept = found.facts.iter().filter(|fact| fact.kind == FactKind::Words);
        kept.any(|fact| has_word(&fact.value, hash(word)))
    }

    #[test]
    fn the_digits_are_in_order() {
        assert!(DIGITS.is_sorted());
    }

    #[test]
    fn what_names_a_package() {
        for (path, text, word) in [
            ("a.yml", "run: gunicorn -k uvicorn.workers.X app:app\n", "uvicorn"),
            ("settings.py", "APPS = ['corsheaders.x', \"rest_framework\"]\n", "rest-framework"),
            ("db.py", "url = f'postgresql+asyncpg://{host}'\n", "asyncpg"),
            ("a.json", "{\"extends\": \"@acme/eslint-config/strict\"}", "@acme/eslint-config"),
            ("a.css", "@import \"~bootstrap/scss\";\n", "bootstrap"),
            ("Makefile", "x:\n\tgo run github.com/a/b/cmd/c@v1\n", "github.com/a/b"),
            ("package.json", "{\n\"scripts\": {\"a\": \"nodemon x\"}\n}", "nodemon"),
            ("package.json", "{\"name\": \"x\", \"jest\": {\"preset\": \"y-z\"}}", "y-z"),
            ("pyproject.toml", "[tool.mypy]\nplugins = ['pydantic.mypy']\n", "pydantic"),
            ("go.mod", "module x\ntool example.org/a/b/cmd\n", "example.org/a/b"),
            ("go.mod", "tool (\n\texample.org/a/b/cmd\n)\n", "example.org/a/b"),
            ("Procfile", "web: daphne app\n", "daphne"),
            ("Dockerfile", "RUN pip install a && flask run\n", "flask"),
            ("a.py", "X = \"\"\"\nuse plotly\n\"\"\"\n", "plotly"),
            ("a.rs", "#[tokio::main]\nfn main() { my_log::init(); }\n", "my-log"),
            ("a.rs", "use {a, b};\nuse left as right;\n", "left"),
        ] {
            assert!(names(path, text, word), "{path} {word}");
        }
    }

    #[test]
    fn what_only_declares_or_brings_it() {
        for (path, text, word) in [
            ("Dockerfile", "FROM a\nRUN pip install \\\n  flask \\\n  redis\n", "redis"),
            ("package.json", "{\n\"dependencies\": {\n\"left\": \"1\"\n},\n\"x\": 1}", "left"),
            ("package.json", "{\"dependencies\": {\"left\": \"1\"}, \"x\": 1}", "left"),
            ("pyproject.toml", "[project]\ndependencies = [\n  'left',\n]\nx = 1\n", "left"),
            ("pyproject.toml", "[tool.poetry.dependencies]\nleft = '1'\n", "left"),
            ("Cargo.toml", "[dependencies]\nleft = '1'\n", "left"),
            ("setup.cfg", "[options]\ninstall_requires =\n  left\nx = y\n", "left"),
            ("requirements.txt", "left==1\n", "left"),
            ("README.md", "uses left\n", "left"),
            ("go.mod", "module x\nrequire example.org/a/b v1.0.0\n", "example.org/a/b"),
            ("a.py", "left = right\n", "left"),
        ] {
            assert!(!names(path, text, word), "{path} {word}");
        }
        let after = "[options]\ninstall_requires =\n  left\nzip_safe = right\n";
        assert!(names("setup.cfg", after, "right"));
    }
}
