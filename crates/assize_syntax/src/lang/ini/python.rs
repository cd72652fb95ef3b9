//! What Python tools say in INI files: setuptools, pytest, tox, mypy, and servers that set
//! variables.

use assize_model::Span;

use crate::lang::requirements::manifest::{Section, declare, needed_path, project, source_root};
use crate::lang::requirements::read_line;
use crate::lang::toml::moved_package;
use crate::{Dialect, Extraction, Flags};

use super::reader::{Entry, Reading};
use super::{pytest_variable, variable};

pub(super) fn read(sheet: &mut Extraction<'_>, reading: &Reading<'_>) {
    let setup = sheet.dialect == Dialect::SetupCfg;
    for entry in &reading.entries {
        if setup {
            setup_cfg(sheet, entry);
        }
        tools(sheet, entry);
    }
    let is_project = reading
        .entries
        .iter()
        .find(|entry| matches!(entry.section, "metadata" | "options" | "tool:pytest" | "pytest"));
    if let Some(entry) = is_project {
        source_root(sheet, ".", entry.span, "project");
    }
}

fn setup_cfg(sheet: &mut Extraction<'_>, entry: &Entry<'_>) {
    match entry.section {
        "metadata" if entry.key_is("name") => {
            if let Some((name, span)) = entry.code().next() {
                project(sheet, name, span);
            }
        }
        "options" => options(sheet, entry),
        "options.extras_require" => {
            requirements(sheet, entry, Section::new(entry.key, Flags::OPTIONAL));
        }
        "options.packages.find" if entry.key_is("where") => roots(sheet, entry, "setuptools"),
        _ => {}
    }
}

fn options(sheet: &mut Extraction<'_>, entry: &Entry<'_>) {
    let section = if entry.key_is("install_requires") {
        Section::new("dependencies", Flags::NONE)
    } else if entry.key_is("setup_requires") {
        Section::new("build-system", Flags::DEV)
    } else if entry.key_is("tests_require") {
        Section::new("tests_require", Flags::DEV)
    } else {
        if entry.key_is("package_dir") {
            for (line, span) in entry.code() {
                for pair in line.split(',') {
                    let (package, folder) = pair.split_once('=').unwrap_or(("", pair));
                    moved_package(sheet, package.trim(), folder.trim(), span, "setuptools");
                }
            }
        }
        return;
    };
    requirements(sheet, entry, section);
}

/// A list of requirements, or the files that hold it.
fn requirements(sheet: &mut Extraction<'_>, entry: &Entry<'_>, section: Section<'_>) {
    for (line, span) in entry.code() {
        if let Some(files) = line.strip_prefix("file:") {
            for file in files.split(',').map(str::trim) {
                needed_path(sheet, file, span, "requirements");
            }
            continue;
        }
        // Lists on one line are separated by semicolons, which markers use too.
        if !declare(sheet, line, span, section) {
            for part in line.split(';') {
                declare(sheet, part, span, section);
            }
        }
    }
}

fn roots(sheet: &mut Extraction<'_>, entry: &Entry<'_>, says: &str) {
    for (line, span) in entry.code() {
        let separators = [',', ' ', '\t'];
        for folder in line.split(separators).filter(|folder| !folder.is_empty()) {
            source_root(sheet, folder, span, says);
        }
    }
}

fn tools(sheet: &mut Extraction<'_>, entry: &Entry<'_>) {
    match entry.section {
        "pytest" | "tool:pytest" if entry.key_is("pythonpath") => roots(sheet, entry, "pytest"),
        "pytest" | "tool:pytest" if entry.key_is("env") => {
            for (line, span) in &entry.lines {
                pytest_variable(sheet, line, *span);
            }
        }
        "mypy" if entry.key_is("mypy_path") => {
            for (line, span) in entry.code() {
                for folder in line.split([',', ':']).map(str::trim).filter(|f| !f.is_empty()) {
                    source_root(sheet, folder, span, "mypy");
                }
            }
        }
        "isort" | "settings" if entry.key_is("src_paths") => roots(sheet, entry, "isort"),
        "uwsgi" if entry.key_is("env") => assignments(sheet, entry),
        section if section.starts_with("testenv") => tox(sheet, entry),
        section if section.starts_with("program:") && entry.key_is("environment") => {
            supervisor(sheet, entry);
        }
        _ => {}
    }
}

fn assignments(sheet: &mut Extraction<'_>, entry: &Entry<'_>) {
    for (line, span) in &entry.lines {
        if let Some((name, value)) = line.split_once('=') {
            variable(sheet, name, value, *span);
        }
    }
}

/// `environment = A="1",B="2"`: commas may stand inside quotes, names never hold one.
fn supervisor(sheet: &mut Extraction<'_>, entry: &Entry<'_>) {
    for (line, span) in &entry.lines {
        for pair in line.split(',') {
            if let Some((name, value)) = pair.split_once('=') {
                variable(sheet, name, value, *span);
            }
        }
    }
}

fn tox(sheet: &mut Extraction<'_>, entry: &Entry<'_>) {
    if entry.key_is("deps") {
        for (line, span) in entry.code() {
            let line = without_factor(line);
            read_line(sheet, line, span, Section::new(entry.section, Flags::DEV));
        }
    } else if entry.key_is("setenv") || entry.key_is("set_env") {
        for (line, span) in &entry.lines {
            tox_variable(sheet, without_factor(line), *span);
        }
    }
}

fn tox_variable(sheet: &mut Extraction<'_>, line: &str, span: Span) {
    if let Some((name, value)) = line.split_once('=') {
        variable(sheet, name, value, span);
    }
}

/// `py312: pytest` holds only in some environments; no requirement has a colon before a space.
fn without_factor(line: &str) -> &str {
    match line.split_once(": ") {
        Some((factor, rest)) if !factor.contains(['=', '<', '>', '[', '"']) => rest.trim(),
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use assize_model::{FileClass, LineIndex, RepoPath};

    use crate::{FactKind, FileFacts, Flags, Parsed, extract};

    fn read(path: &str, text: &str) -> FileFacts {
        let path = RepoPath::new(path).unwrap();
        extract(&path, FileClass::Production, text, &LineIndex::new(text))
    }

    fn of(facts: &FileFacts, kind: FactKind) -> Vec<(&str, &str, &str, u32)> {
        let chosen =
            facts.facts.iter().filter(|fact| fact.kind == kind && !fact.key.starts_with("said:"));
        chosen.map(|f| (f.key.as_str(), f.value.as_str(), f.item.as_str(), f.flags.0)).collect()
    }

    #[test]
    fn setup_cfg_declares_what_setuptools_installs() {
        let text = "[metadata]\nname = My_App\n[options]\npackage_dir =\n    = src\n\
            install_requires =\n    requests[socks]>=2 ; python_version < '4'\n    rich # why\n\
            [options.extras_require]\ntest = pytest; hypothesis\ndocs = file: docs/req.txt\n\
            [tool:pytest]\npythonpath = . tools\nenv =\n    D:MODE=test\n";
        let facts = read("app/setup.cfg", text);
        assert_eq!(facts.parsed, Parsed::Valid);
        let optional = Flags::OPTIONAL.0;
        assert_eq!(
            of(&facts, FactKind::Package),
            [
                ("py:requests", ">=2", "dependencies", 0),
                ("py:rich", "", "dependencies", 0),
                ("py:pytest", "", "test", optional),
            ]
        );
        assert_eq!(of(&facts, FactKind::Project), [("py:my-app", "app", "", 0)]);
        let roots: Vec<&str> =
            of(&facts, FactKind::SourceRoot).into_iter().map(|root| root.0).collect();
        assert_eq!(roots, ["app", "app/src", "app", "app/tools"]);
        assert_eq!(
            of(&facts, FactKind::Path),
            [("app/docs/req.txt", "docs/req.txt", "requirements", 0)]
        );
        assert_eq!(of(&facts, FactKind::Env), [("MODE", "test", "", 0)]);
    }

    #[test]
    fn tox_reads_its_environments() {
        let text = "[testenv]\ndeps =\n    -r{toxinidir}/requirements.txt\n    py312: foo>=1\n\
            \x20   {[base]deps}\nsetenv =\n    A_B = 1\n    {env:X}\n";
        let facts = read("tox.ini", text);
        assert_eq!(of(&facts, FactKind::Package), [("py:foo", ">=1", "testenv", Flags::DEV.0)]);
        let path = ("requirements.txt", "{toxinidir}/requirements.txt", "requirements", 0);
        assert_eq!(of(&facts, FactKind::Path), [path]);
        assert_eq!(of(&facts, FactKind::Env), [("A_B", "1", "", 0)]);
    }

    #[test]
    fn only_files_with_known_readers_have_errors() {
        let bad = read("setup.cfg", "[options]\ninstall_requires =\nrequests\n");
        assert_eq!((bad.parsed, bad.errors.len()), (Parsed::Invalid, 1));
        assert_eq!((bad.errors[0].place.line, bad.errors[0].place.column), (3, 1));
        let other = read("haproxy.cfg", "global\n  daemon\n");
        assert_eq!((other.parsed, other.errors.len()), (Parsed::NotParsed, 0));
        let template = read("setup.cfg", "{% if x %}\n[a]\nb = {{ c }}\n");
        assert!(template.errors.is_empty());
    }
}
