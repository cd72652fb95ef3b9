//! TOML: whether it parses, and what Python projects, lock files and platform files say in it.
//!
//! The parser accepts TOML 1.1, which is wider than what some readers accept: a miss, never a
//! false alarm. A text that another template language fills in is no TOML yet, so that it is
//! marked and not judged. A manifest that does not parse is read once more without its bad lines:
//! the packages that it names are still declared.

mod authority;
mod cargo;
mod env;
mod lock;
mod pipfile;
mod poetry;
mod pyproject;
mod reading;
mod roots;

use assize_model::Span;
use toml_edit::{Document, Table, TomlError};

use crate::{Dialect, Extraction, Parsed};

pub(in crate::lang) use roots::moved_package;

pub(crate) fn extract(sheet: &mut Extraction<'_>) {
    let text = sheet.text;
    match Document::parse(text) {
        Ok(document) => {
            sheet.set_parsed(Parsed::Valid);
            read(sheet, document.as_table());
        }
        Err(error) => refuse(sheet, text, &error),
    }
}

fn refuse(sheet: &mut Extraction<'_>, text: &str, error: &TomlError) {
    if is_limit(error) {
        sheet.set_parsed(Parsed::Refused);
        return;
    }
    if super::mark_template(sheet) {
        sheet.set_parsed(Parsed::NotParsed);
    } else {
        let span = error.span().unwrap_or(text.len()..text.len());
        sheet.set_parsed(Parsed::Invalid);
        sheet.error(Span::new(span.start, span.end), words(error));
    }
    let manifest = matches!(sheet.dialect, Dialect::Pyproject | Dialect::Pipfile);
    if manifest && text.len() <= RECOVERY_BYTES_MAX {
        recover(sheet, text, error);
    }
}

/// Larger manifests are not read a second time.
const RECOVERY_BYTES_MAX: usize = 256 * 1024;

/// How many lines may be blanked before a manifest is given up.
const RECOVERY_LINES_MAX: usize = 16;

/// Reads what remains when the lines that the parser complains about are blanked; offsets stay.
fn recover(sheet: &mut Extraction<'_>, text: &str, error: &TomlError) {
    let mut kept = without_statements(text);
    let mut at = error.span().map_or(0, |span| span.start);
    if kept != text {
        at = match Document::parse(kept.as_str()) {
            Ok(document) => return read(sheet, document.as_table()),
            Err(next) => next.span().map_or(0, |span| span.start),
        };
    }
    for _ in 0..RECOVERY_LINES_MAX {
        let Some(next) = blank_line(&kept, at) else { return };
        kept = next;
        match Document::parse(kept.as_str()) {
            Ok(document) => return read(sheet, document.as_table()),
            Err(next) => at = next.span().map_or(0, |span| span.start),
        }
    }
}

/// The text with template statements and comments blanked.
fn without_statements(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let close = match from.as_bytes().get(1) {
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => "",
        };
        let end = if close.is_empty() { None } else { from.find(close) };
        let Some(end) = end else {
            // Without an end, what follows is no template either: nothing is searched twice.
            if close.is_empty() {
                out.push('{');
                rest = from.get(1..).unwrap_or("");
                continue;
            }
            rest = from;
            break;
        };
        let (inside, after) = from.split_at(end + close.len());
        out.push_str(&blanked(inside));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The text with the line at this byte blanked; `None` where nothing stands there.
fn blank_line(text: &str, at: usize) -> Option<String> {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let (before, after) = text.split_at(at);
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let end = after.find('\n').map_or(text.len(), |end| at + end);
    let line = text.get(start..end)?;
    (!line.trim().is_empty()).then(|| {
        let mut out = String::with_capacity(text.len());
        out.push_str(text.get(..start).unwrap_or(""));
        out.push_str(&blanked(line));
        out.push_str(text.get(end..).unwrap_or(""));
        out
    })
}

/// Spaces for every byte but the line endings.
fn blanked(text: &str) -> String {
    text.bytes()
        .map(|byte| if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' })
        .collect()
}

/// Whether the parser gave up at a limit of its own, which says nothing about the text.
fn is_limit(error: &TomlError) -> bool {
    error.message().contains("recurs")
}

/// The parser's message, on one line.
fn words(error: &TomlError) -> String {
    error.message().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn read(sheet: &mut Extraction<'_>, table: &Table) {
    let name = sheet.path.name();
    match sheet.dialect {
        Dialect::Pyproject => pyproject::read(sheet, table),
        Dialect::Pipfile => pipfile::read(sheet, table),
        Dialect::PythonLock => lock::read(sheet, table),
        Dialect::CargoManifest => cargo::read(sheet, table),
        _ if name == "Cargo.lock" => cargo::lock(sheet, table),
        _ if name.starts_with("pylock.") => lock::read(sheet, table),
        _ if sheet.path.as_str() == assize_mcp::LOCK => super::mcp::lock(sheet),
        _ if sheet.path.as_str() == "assize.toml" => authority::read(sheet, table),
        _ => {
            super::mcp::servers(sheet);
            env::read(sheet, table);
        }
    }
}

#[cfg(test)]
mod tests {
    use assize_model::{FileClass, LineIndex, RepoPath};

    use crate::{FactKind, FileFacts, FileFlags, Flags, Parsed, extract};

    fn read(path: &str, text: &str) -> FileFacts {
        let path = RepoPath::new(path).unwrap();
        extract(&path, FileClass::Production, text, &LineIndex::new(text))
    }

    fn of(facts: &FileFacts, kind: FactKind) -> Vec<(&str, &str, &str, u32)> {
        let plain = |fact: &&crate::Fact| {
            !fact.key.starts_with("said:") && !fact.flags.has(Flags::MENTIONED)
        };
        let chosen = facts.facts.iter().filter(|fact| fact.kind == kind).filter(plain);
        chosen.map(|f| (f.key.as_str(), f.value.as_str(), f.item.as_str(), f.flags.0)).collect()
    }

    fn roots(facts: &FileFacts) -> Vec<(&str, &str)> {
        of(facts, FactKind::SourceRoot).into_iter().map(|root| (root.0, root.1)).collect()
    }

    const OPTIONAL: u32 = Flags::OPTIONAL.0;
    const DEV: u32 = Flags::DEV.0;
    const LOCKED: u32 = Flags::LOCKED.0;

    #[test]
    fn servers_and_their_lock() {
        let text = "model = 'm'\n[mcp_servers.fs]\ncommand = 'node'\nenv = { K = 'v' }\n";
        let found = read(".codex/config.toml", text);
        let server = r#"{"type":"stdio","command":"node","env":["K"]}"#;
        assert_eq!(of(&found, FactKind::McpLock), [("fs", server, "", 0)]);
        let lock = "version = 1\n[[server]]\nfile = '.mcp.json'\nname = 'fs'\ncommand = 'node'\n\
                    environment = ['K']\nscripts = { 'a.js' = '00' }\n";
        let pin = format!("{{\"server\":{server},\"scripts\":{{\"a.js\":\"00\"}}}}");
        let found = read(".assize/mcp.lock", lock);
        let pinned = [("", "", "", 0), ("fs", pin.as_str(), ".mcp.json", 0)];
        assert_eq!(of(&found, FactKind::McpLock), pinned);
        assert_eq!(of(&found, FactKind::Env), []);
        assert_eq!(of(&read(".assize/mcp.lock", "version = 2\n"), FactKind::McpLock), []);
        assert_eq!(of(&read("other/mcp.lock", lock), FactKind::McpLock), []);
    }

    #[test]
    fn errors_have_exact_places() {
        let cases = [
            ("a = 1\nb = \n", (2, 5)),
            ("a = 1\na = 2\n", (2, 1)),
            ("[t]\nx = 'open\n", (2, 10)),
            ("[t\nx = 1\n", (1, 3)),
            ("\"é\" = \"\u{e9}\" x\n", (1, 11)),
            ("x = [1, 2\n", (1, 10)),
        ];
        let mut places = Vec::new();
        for (text, _) in cases {
            let facts = read("conf/x.toml", text);
            assert_eq!(facts.parsed, Parsed::Invalid, "{text}");
            let [error] = facts.errors.as_slice() else { panic!("{text}: {:?}", facts.errors) };
            assert!(!error.message.contains('\n') && !error.message.ends_with('.'));
            places.push((text, (error.place.line, error.place.column)));
        }
        assert_eq!(places, cases);
    }

    #[test]
    fn templates_and_limits_are_no_errors() {
        let template = read("archetypes/x.toml", "{% if a %}\nb = {{ c }}\n{% endif %}\n");
        assert!(template.errors.is_empty() && template.flags.has(FileFlags::TEMPLATE));
        assert_eq!(template.parsed, Parsed::NotParsed);
        let inside = read("x.toml", "a = \"{{ b }} {% c %}\"\n");
        assert!(inside.parsed == Parsed::Valid && !inside.flags.has(FileFlags::TEMPLATE));
        for deep in [format!("a = {}", "[".repeat(500)), format!("{}a = 1", "a.".repeat(500))] {
            let facts = read("x.toml", &deep);
            assert_eq!((facts.parsed, facts.errors.len()), (Parsed::Refused, 0));
        }
    }

    #[test]
    fn the_standard_tables_declare_packages() {
        let text = "[project]\nname = \"My.App\"\n\
            dependencies = [\"FastAPI[all]>=0.1\", \"x @ https://u:p@h/x.zip\", \"bad line here\"]\n\
            [project.optional-dependencies]\ncli = [\"rich ; extra == 'a'\"]\nall = [\"my-app[cli]\"]\n\
            [dependency-groups]\ntest = [\"pytest>8\", {include-group = \"lint\"}]\n\
            [build-system]\nrequires = [\"hatchling\"]\nbuild-backend = \"hatchling.build\"\n";
        let facts = read("svc/pyproject.toml", text);
        assert_eq!(
            of(&facts, FactKind::Package),
            [
                ("py:fastapi", ">=0.1", "dependencies", 0),
                ("py:x", "@ https://h/x.zip", "dependencies", 0),
                ("py:rich", "", "cli", OPTIONAL),
                ("py:pytest", ">8", "test", DEV),
                ("py:hatchling", "", "build-system", DEV),
            ]
        );
        assert_eq!(of(&facts, FactKind::Project), [("py:my-app", "svc", "", 0)]);
        assert_eq!(roots(&facts), [("svc", "project"), ("svc/src", "build-backend")]);
        let fact = facts.facts.iter().find(|fact| fact.key == "py:fastapi").unwrap();
        assert_eq!((fact.place.line, fact.place.column, fact.place.end_column), (3, 17, 36));
    }

    #[test]
    fn tools_keep_dependencies_of_their_own() {
        let text = "[tool.poetry]\nname = \"p\"\npackages = [{include = \"p\", from = \"lib\"}]\n\
            [tool.poetry.dependencies]\npython = \"^3.11\"\na = \"^1\"\n\
            b = {version = \"~2\", optional = true}\nc = {path = \"../c\", develop = true}\n\
            d = [{version = \"1\", python = \"<3.9\"}, {version = \"2\"}]\n\
            [tool.poetry.group.lint.dependencies]\nruff = \"*\"\n\
            [tool.poetry.group.docs]\noptional = true\ndependencies = {mkdocs = \"*\"}\n\
            [tool.pdm.dev-dependencies]\ntest = [\"-e file:///${PROJECT_ROOT}/e#egg=egg\"]\n\
            [tool.uv]\ndev-dependencies = [\"tox\"]\nconstraint-dependencies = [\"k<2\"]\n\
            [tool.uv.sources]\ns = {workspace = true}\n\
            [tool.hatch.envs.lab]\ndependencies = [\"httpie\"]\n";
        let facts = read("pyproject.toml", text);
        assert_eq!(
            of(&facts, FactKind::Package),
            [
                ("py:a", "^1", "dependencies", 0),
                ("py:b", "~2", "dependencies", OPTIONAL),
                ("py:c", "path = ../c", "dependencies", 0),
                ("py:d", "1", "dependencies", 0),
                ("py:d", "2", "dependencies", 0),
                ("py:ruff", "*", "lint", DEV),
                ("py:mkdocs", "*", "docs", DEV | OPTIONAL),
                ("py:egg", "file:///${PROJECT_ROOT}/e", "test", DEV),
                ("py:tox", "", "dev-dependencies", DEV),
                ("py:k", "<2", "constraint-dependencies", LOCKED),
                ("py:s", "workspace", "sources", 0),
                ("py:httpie", "", "lab", DEV),
            ]
        );
        let unresolved = Flags::UNRESOLVED.0;
        let path = ("../c", "../c", "requirements", unresolved);
        assert_eq!(of(&facts, FactKind::Path), [path]);
    }

    #[test]
    fn source_roots_come_from_every_tool() {
        let text = "[tool.pytest.ini_options]\npythonpath = \". tests\"\nenv = [\"D:K=v\"]\n\
            [tool.setuptools]\npackage-dir = {\"\" = \"lib\", \"a.b\" = \"x/a/b\", c = \"y\"}\n\
            [tool.setuptools.packages.find]\nwhere = [\"code\"]\n\
            [tool.hatch.build.targets.wheel]\npackages = [\"src/foo\"]\nsources = [\"py\"]\n\
            [tool.mypy]\nmypy_path = \"$MYPY_CONFIG_FILE_DIR/stubs:m2\"\n\
            [tool.ruff]\nsrc = [\"packages/*/src\"]\n[tool.pyright]\nextraPaths = [\"../up\", \"$X\"]\n\
            executionEnvironments = [{root = \"exe\"}]\n";
        let facts = read("a/pyproject.toml", text);
        assert_eq!(
            roots(&facts),
            [
                ("a", "project"),
                ("a", "pytest"),
                ("a/tests", "pytest"),
                ("a/lib", "setuptools"),
                ("a/x", "setuptools"),
                ("a/code", "setuptools"),
                ("a/src", "hatch"),
                ("a/py", "hatch"),
                ("a/m2", "mypy"),
                ("a/stubs", "mypy"),
                ("a/packages/*/src", "ruff"),
                ("up", "pyright"),
                ("a/exe", "pyright"),
            ]
        );
        assert_eq!(of(&facts, FactKind::Env), [("K", "v", "", 0)]);
    }

    #[test]
    fn locks_name_what_is_installed_but_not_the_workspace() {
        let text = "[[package]]\nname = \"Anyio\"\nversion = \"4.0\"\n\
            [[package]]\nname = \"app\"\nsource = { editable = \".\" }\n";
        for name in ["uv.lock", "poetry.lock", "pdm.lock"] {
            let facts = read(name, text);
            assert_eq!(of(&facts, FactKind::Package), [("py:anyio", "4.0", "", LOCKED)]);
        }
        let pylock = read("pylock.dev.toml", "packages = [{name = \"a\", version = \"1\"}]\n");
        assert_eq!(of(&pylock, FactKind::Package), [("py:a", "1", "", LOCKED)]);
        let other = read("Cargo.lock", "[[package]]\nname = \"anyhow\"\nversion = \"1.0\"\n");
        assert_eq!(of(&other, FactKind::Package), [("cargo:anyhow", "1.0", "lock", LOCKED)]);
    }

    #[test]
    fn pipfiles_and_platform_files() {
        let text = "[[source]]\nurl = \"https://h\"\n[packages]\nflask = \"*\"\n\
            [dev-packages]\npytest = {version = \">8\"}\n[scripts]\nrun = \"x\"\n";
        let facts = read("Pipfile", text);
        assert_eq!(
            of(&facts, FactKind::Package),
            [("py:flask", "*", "packages", 0), ("py:pytest", ">8", "dev-packages", DEV)]
        );
        let env = |path: &str, text: &str| -> Vec<String> {
            of(&read(path, text), FactKind::Env).iter().map(|fact| fact.0.to_owned()).collect()
        };
        assert_eq!(env("fly.toml", "[env]\nPORT = \"1\"\n"), ["PORT"]);
        assert_eq!(env("wrangler.toml", "[env.prod.vars]\nA = 1\n[vars]\nB = 1\n"), ["A", "B"]);
        assert_eq!(env(".cargo/config.toml", "[env]\nC = {value = \"1\"}\n"), ["C"]);
        assert_eq!(env("other.toml", "[env]\nC = 1\n"), Vec::<String>::new());
    }

    #[test]
    fn a_broken_manifest_still_declares_its_packages() {
        let text = "[project]\nname = \"a\"\noops\ndependencies = [\"flask\", \"rich\"]\n";
        let facts = read("pyproject.toml", text);
        assert_eq!((facts.parsed, facts.errors.len()), (Parsed::Invalid, 1));
        assert_eq!(of(&facts, FactKind::Package).len(), 2);
        let text = "[project]\nname = \"{{ x.y }}\"\ndependencies = [\n  \"flask\",\n\
            {%- if a == \"b\" %}\n  \"rich\",\n{% endif %}\n]\nversion = {{ x[\"v\"] }}\n";
        let facts = read("pyproject.toml", text);
        assert!(facts.errors.is_empty() && facts.flags.has(FileFlags::TEMPLATE));
        assert_eq!(of(&facts, FactKind::Package).len(), 2);
        assert!(of(&facts, FactKind::Project).is_empty());
    }

    #[test]
    fn hostile_texts_end_soon() {
        let texts = [
            "{%".repeat(60_000),
            "{#".repeat(60_000),
            "=\n".repeat(60_000),
            "[a]\n".repeat(20_000),
            "a.b.c.d = 1\n".repeat(20_000),
            "\"\"\"".repeat(40_000),
            "\u{0}\u{feff}\r\n".repeat(10_000),
        ];
        for text in texts {
            read("pyproject.toml", &text);
        }
    }
}
