//! Python: one parse with the latest grammar, one walk.
//!
//! The walk feeds three readers at once: what CPython's compiler refuses beyond the grammar
//! ([`scope`]), what the module imports and offers ([`modules`]), and which environment variables
//! it reads ([`environment`]). Function bodies are hashed from the tokens ([`bodies`]).

mod bodies;
mod calls;
mod cases;
mod depth;
mod environment;
mod handlers;
mod modules;
mod paths;
mod routes;
mod scope;
mod stand_ins;
mod swallowed;
mod walk;

use assize_model::Span;
use ruff_python_ast::{ModModule, PySourceType};
use ruff_python_parser::parse_unchecked_source;
use ruff_text_size::TextRange;

use crate::{Extraction, FileFlags, Parsed};

/// How deep statements and expressions may nest before the file is left alone: an indented block
/// costs no bracket, so the byte scan for brackets does not see it.
const INDENT_MAX: usize = 2_000;

pub(crate) fn extract(sheet: &mut Extraction<'_>) {
    if indented_too_deep(sheet.text) || operators_too_many(sheet.text) {
        sheet.set_parsed(Parsed::Refused);
        return;
    }
    let source_type = match sheet.path.extension() {
        Some("pyi") => PySourceType::Stub,
        _ => PySourceType::Python,
    };
    let parsed = parse_unchecked_source(sheet.text, source_type);
    let deep = depth::with_room(parsed, |parsed| take(sheet, &parsed));
    if deep {
        sheet.set_parsed(Parsed::Refused);
    }
}

fn take(sheet: &mut Extraction<'_>, parsed: &ruff_python_parser::Parsed<ModModule>) {
    if let Some(first) = parsed.errors().first()
        && (python_two(sheet.text)
            || speaks_python_two(sheet, parsed)
            || is_notebook_command(sheet, span(first.location))
            || is_template(sheet, span(first.location)))
    {
        return;
    }
    sheet.set_parsed(Parsed::Valid);
    for error in parsed.errors() {
        sheet.error(span(error.location), error.error.to_string());
    }
    if parsed.has_invalid_syntax() {
        sheet.set_parsed(Parsed::Invalid);
        return;
    }
    walk::walk(sheet, parsed.syntax(), parsed.tokens());
    swallowed::find(sheet, parsed.syntax());
}

fn span(range: TextRange) -> Span {
    Span::new(range.start().to_usize(), range.end().to_usize())
}

/// Whether the parser stumbled over a placeholder of a template. Doubled braces elsewhere are
/// usual in Python: format strings write a brace so.
fn is_template(sheet: &mut Extraction<'_>, at: Span) -> bool {
    let line = sheet.lines.line_span(sheet.lines.line(at.start), sheet.text);
    let line = sheet.text.get(line.start..line.end).unwrap_or("");
    let template = line.contains("{%") || (line.contains("{{") && !line.contains(['\'', '"']));
    if template {
        sheet.mark(FileFlags::TEMPLATE);
    }
    template
}

/// Whether the parser stumbled over a command of a notebook: `%matplotlib inline`, `!pip install`.
fn is_notebook_command(sheet: &Extraction<'_>, at: Span) -> bool {
    let line = sheet.lines.line_span(sheet.lines.line(at.start), sheet.text);
    let line = sheet.text.get(line.start..line.end).unwrap_or("").trim_start();
    let command = line.strip_prefix(['%', '!']).map(|rest| rest.trim_start_matches('%'));
    command.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// Whether a shebang line asks for Python 2, whose grammar is another.
fn python_two(text: &str) -> bool {
    text.lines().next().is_some_and(|line| line.starts_with("#!") && line.contains("python2"))
}

/// Whether all that the parser refuses is everyday Python 2, and nothing in the file is Python 3
/// only: a file that was never ported.
fn speaks_python_two(
    sheet: &Extraction<'_>,
    parsed: &ruff_python_parser::Parsed<ModModule>,
) -> bool {
    let modern = ["print(", "f\"", "f'", "async ", ") -> ", "nonlocal ", "print (\""];
    if modern.iter().any(|mark| sheet.text.contains(mark)) {
        return false;
    }
    parsed.errors().iter().all(|error| {
        let at = sheet.lines.line(span(error.location).start);
        let line = sheet.lines.line_span(at, sheet.text);
        is_line_of_two(sheet.text.get(line.start..line.end).unwrap_or("").trim())
    })
}

fn is_line_of_two(line: &str) -> bool {
    let mut words = line.split_whitespace();
    match (words.next(), words.next()) {
        (Some("print"), Some(next)) => !next.starts_with(['=', '.', ')']),
        (Some("except"), Some(next)) => next.ends_with(',') && line.ends_with(':'),
        (Some("raise"), Some(next)) => next.ends_with(','),
        (Some("exec"), Some(next)) => next.starts_with(['"', '\'']),
        _ => line.contains(" <> "),
    }
}

fn indented_too_deep(text: &str) -> bool {
    let mut run = 0;
    let mut at_start = true;
    for byte in text.bytes() {
        match byte {
            b'\n' => {
                run = 0;
                at_start = true;
            }
            b' ' | b'\t' if at_start => {
                run += 1;
                if run > INDENT_MAX {
                    return true;
                }
            }
            _ => at_start = false,
        }
    }
    false
}

/// Prefix and power operators nest without brackets: `----x`, `not not x`, `2**2**2`,
/// `lambda: lambda: x`, `a if b else c if d else e`. The parser finds room for each level, as long
/// as there is memory.
fn operators_too_many(text: &str) -> bool {
    text.len() > depth::DEPTH_MAX
        && (longest_sign_run(text) > depth::DEPTH_MAX
            || ["not", "lambda", "**", "else", "await"]
                .iter()
                .any(|word| text.matches(word).count() > depth::DEPTH_MAX))
}

fn longest_sign_run(text: &str) -> usize {
    let (mut longest, mut run) = (0, 0);
    for byte in text.bytes() {
        run = match byte {
            b'-' | b'+' | b'~' => run + 1,
            b' ' | b'\t' | b'\n' | b'\r' | b'\\' => run,
            _ => 0,
        };
        longest = longest.max(run);
    }
    longest
}

#[cfg(test)]
mod tests {
    use assize_model::{FileClass, LineIndex, RepoPath};

    use crate::{FactKind, FileFlags, Flags, Parsed, Role, extract};

    fn facts(text: &str) -> crate::FileFacts {
        let path = RepoPath::new("pkg/a.py").unwrap();
        extract(&path, FileClass::Production, text, &LineIndex::new(text))
    }

    fn listed(text: &str, kind: FactKind, role: Role) -> Vec<(String, String, Flags)> {
        facts(text)
            .facts
            .into_iter()
            .filter(|fact| fact.kind == kind && fact.role == role)
            .map(|fact| (fact.key, fact.value, fact.flags))
            .collect()
    }

    fn imports(text: &str) -> Vec<(String, String, Flags)> {
        listed(text, FactKind::Import, Role::Reference)
    }

    #[test]
    fn what_the_compiler_refuses_is_invalid() {
        let refused = [
            "return 1\n",
            "def f():\n    x = 1\n    global x\n",
            "for x in y:\n    pass\nbreak\n",
            "def f(a, a): pass\n",
            "class A:\n    return\n",
            "await x\n",
            "x = 1\nfrom __future__ import annotations\n",
            "def f():\n    from os import *\n",
            "f(**a, *b)\n",
            "class C:\n    yield 1\n",
            "nonlocal x\n",
            "while 1:\n    def f():\n        continue\n",
        ];
        for text in refused {
            assert_eq!(facts(text).parsed, Parsed::Invalid, "{text}");
        }
    }

    #[test]
    fn what_the_compiler_accepts_is_valid() {
        let accepted = [
            "async def f():\n    return [x async for x in y]\n",
            "def f():\n    global x\n    x = 1\n",
            "while 1:\n    if 2:\n        continue\n    else:\n        break\n",
            "def f():\n    x = lambda: (yield)\n",
            "type X[T] = list[T]\nmatch x:\n    case 1: pass\n",
            "def f():\n    def g():\n        return 1\n    for i in g():\n        break\n",
            "async def f():\n    async with a as b:\n        return await b\n",
            "class A:\n    def f(self):\n        return super().f()\n",
            "async def f():\n    return (await x for x in y)\n",
        ];
        for text in accepted {
            assert_eq!(facts(text).parsed, Parsed::Valid, "{text}");
        }
    }

    #[test]
    fn other_languages_are_not_judged() {
        for text in [
            "import os\nprint \"x\"\nprint 'y' % 1\n",
            "try:\n    print x\nexcept E, e:\n    raise E, 'z'\n",
            "%matplotlib inline\nx = 1\n",
            "!pip install y\nx = 1\n",
        ] {
            let facts = facts(text);
            assert!(facts.parsed != Parsed::Invalid && facts.errors.is_empty(), "{text}");
        }
        for text in ["print \"x\"\nprint(1)\n", "print \"x\"\ndef f(:\n", "x = %y\n", "! x\n"] {
            assert_eq!(facts(text).parsed, Parsed::Invalid, "{text}");
        }
    }

    #[test]
    fn imports_keep_how_they_are_guarded() {
        let found = imports(
            "import a.b as c\nfrom ..d import e, f\ntry:\n    import g\nexcept ImportError:\n    \
             g = None\nif TYPE_CHECKING:\n    from h import I\nfrom j import *\n\
             def k():\n    import importlib\n    importlib.import_module('l.m')\n",
        );
        let keys: Vec<_> = found.iter().map(|f| (f.0.as_str(), f.1.as_str())).collect();
        assert_eq!(
            keys,
            [
                ("a.b", ""),
                ("..d", "e"),
                ("..d", "f"),
                ("g", ""),
                ("h", "I"),
                ("j", "*"),
                ("importlib", ""),
                ("l.m", "")
            ]
        );
        assert!(found[3].2.has(Flags::OPTIONAL));
        assert!(found[4].2.has(Flags::TYPE_ONLY));
        assert!(found[5].2.has(Flags::REEXPORT));
        assert!(found[6].2.has(Flags::NESTED));
        assert!(found[7].2.has(Flags::DYNAMIC));
    }

    #[test]
    fn a_module_offers_what_it_binds() {
        let text = "A, (B, *C) = x\nif y:\n    def d(): global E; E = 1\nelse:\n    class F: g = 1\n\
                    try:\n    import h.i\nexcept X as j:\n    pass\nfor k in l: m: int = 1\n\
                    with n as o: pass\n(p := 1)\nprint([q for q in r])\n";
        let names: Vec<_> =
            listed(text, FactKind::Symbol, Role::Definition).into_iter().map(|f| f.0).collect();
        assert_eq!(names, ["A", "B", "C", "d", "E", "F", "h", "k", "m", "o", "p"]);
    }

    #[test]
    fn computed_names_open_a_module() {
        for text in [
            "def __getattr__(name): return 1\n",
            "globals()['x'] = 1\n",
            "from pkgutil import extend_path\n__path__ = extend_path(__path__, __name__)\n",
            "globals().update(a=1)\n",
            "import sys\nsys.modules[__name__] = X()\n",
        ] {
            assert!(facts(text).flags.has(FileFlags::OPEN_EXPORTS), "{text}");
        }
    }

    #[test]
    fn environment_reads_keep_how_they_are_used() {
        let text = "import os\nA = os.environ['A']\nB = os.getenv('B', 'x')\n\
                    C = os.environ.get('C') or 'x'\nif os.getenv('D'): pass\n\
                    e = os.getenv('E')\nif e is None: pass\nF = os.environ.get('F')\n\
                    if 'G' in os.environ: pass\nos.environ['H'] = '1'\nI = int(os.getenv('I'))\n";
        let reads = listed(text, FactKind::Env, Role::Reference);
        let shown: Vec<_> = reads
            .iter()
            .map(|(key, _, flags)| {
                let mark = if flags.has(Flags::DEFAULTED) {
                    "default"
                } else if flags.has(Flags::PROBE) {
                    "probe"
                } else if flags.has(Flags::OPTIONAL) {
                    "nullable"
                } else {
                    "required"
                };
                (key.as_str(), mark)
            })
            .collect();
        assert_eq!(
            shown,
            [
                ("A", "required"),
                ("B", "default"),
                ("C", "default"),
                ("D", "probe"),
                ("E", "probe"),
                ("F", "nullable"),
                ("G", "probe"),
                ("I", "required")
            ]
        );
        let defined = listed(text, FactKind::Env, Role::Definition);
        assert_eq!(defined[0].0, "H");
    }

    #[test]
    fn settings_classes_define_variables() {
        let text = "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='APP_')\n    \
                    url: str\n    port: int = 1\n    key: str = Field(validation_alias='THE_KEY')\n";
        let names: Vec<_> = listed(text, FactKind::Env, Role::Definition)
            .into_iter()
            .filter(|fact| !fact.2.has(Flags::MENTIONED))
            .map(|fact| fact.0)
            .collect();
        assert_eq!(names, ["APP_URL", "APP_PORT", "THE_KEY"]);
    }

    #[test]
    fn search_path_edits_become_source_roots() {
        let text = "import os, sys\nfrom pathlib import Path\n\
                    sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'lib'))\n\
                    sys.path.append(str(Path(__file__).resolve().parent.parent / 'src'))\n\
                    sys.path.append(where())\n";
        let roots = listed(text, FactKind::SourceRoot, Role::Definition);
        let keys: Vec<_> = roots.iter().map(|root| root.0.as_str()).collect();
        assert_eq!(keys, ["lib", "src", "*"]);
        assert!(roots[2].2.has(Flags::UNRESOLVED));
    }

    #[test]
    fn bodies_fold_names_but_not_structure() {
        let body = |name: &str, op: &str| {
            let line = format!("    {name} = {name} {op} compute({name}, 1, 'x')\n");
            format!("def f({name}):\n{}    return {name}\n", line.repeat(8))
        };
        let hash = |text: &str| {
            let found = facts(text).facts;
            let fact = found.iter().find(|f| f.kind == FactKind::Body).unwrap().clone();
            (fact.key, fact.value)
        };
        let (shape, exact) = hash(&body("a", "+"));
        let (renamed_shape, renamed_exact) = hash(&body("total", "+"));
        assert_eq!(shape, renamed_shape);
        assert_ne!(exact, renamed_exact);
        assert_ne!(shape, hash(&body("a", "-")).0);
    }
}
