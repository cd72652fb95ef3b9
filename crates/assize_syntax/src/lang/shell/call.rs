//! What one simple command calls: through wrappers to interpreters, scripts and shells.

use assize_model::Span;

use super::resolve::{Base, Located, Meaning};
use super::walk::{Arg, Walk};
use super::word::Quoting;
use crate::{FactKind, Flags, Role};

/// How many wrappers may stand around a command.
const WRAPPERS_MAX: u32 = 8;

impl Walk<'_, '_> {
    /// Looks at one command.
    pub(super) fn call(&mut self, args: &[Arg], depth: u32) {
        let Some((first, rest)) = args.split_first() else { return };
        // `!(..)` is a subshell whose outcome is turned round, and no word.
        if depth > WRAPPERS_MAX || first.raw.starts_with("!(") {
            return;
        }
        let Some(name) = program(first) else {
            self.script(first, Flags::NONE);
            return;
        };
        let name = name.rsplit('/').next().unwrap_or(name).to_owned();
        // `@scope/tool` is a program of a package.
        if first.text().is_some_and(|text| text.contains('/') && !text.starts_with('@'))
            || matches!(first.meaning, Meaning::Below(..))
        {
            self.script(first, self.if_function(first));
        }
        if let Some(wrapped) = unwrapped(&name, rest) {
            return self.call(wrapped, depth + 1);
        }
        match name.as_str() {
            "cd" | "pushd" => self.change_folder(&name, rest),
            "popd" => self.scope.folder = self.stack.pop().unwrap_or(Base::Unknown),
            "source" | "." => {
                if let Some(script) = rest.first() {
                    self.script_as(script, "source", Flags::NONE);
                }
            }
            "bash" | "sh" | "dash" | "ash" | "zsh" | "ksh" => self.shell(rest),
            "env" => self.with_environment(rest, depth),
            "export" | "declare" | "typeset" | "local" | "readonly" => self.declare(&name, rest),
            "read" | "mapfile" | "readarray" | "getopts" => self.read_names(rest),
            "[" | "test" => self.tests(rest),
            "poetry" | "pipenv" | "pdm" | "rye" | "uv" => self.python_tool(&name, rest, depth),
            "node" | "nodejs" => self.node_program(rest),
            "npx" | "bunx" => self.npx(rest, depth),
            "ts-node" | "tsx" | "ts-node-esm" | "babel-node" | "nodemon" => self.typescript(rest),
            "coverage" if rest.first().is_some_and(|arg| arg.is("run")) => {
                self.python(rest.get(1..).unwrap_or(&[]));
            }
            "make" | "gmake" => self.make(rest),
            "npm" | "pnpm" | "yarn" | "bun" => self.package_manager(&name, rest, depth),
            "npm-run-all" | "run-s" | "run-p" => self.run_all(rest),
            "concurrently" => self.concurrently(rest),
            "pip" | "pip3" => self.pip(rest, first.span),
            _ if is_python(&name) => self.python(rest),
            _ => {}
        }
        self.reads_paths(&name, rest);
        self.makes_files(&name, rest);
    }

    /// A script that is run by its path.
    pub(super) fn script(&mut self, arg: &Arg, flags: Flags) {
        self.script_as(arg, "", flags);
    }

    pub(super) fn script_as(&mut self, arg: &Arg, item: &str, flags: Flags) {
        let written = arg.raw.trim_matches(['"', '\'']);
        // Standard input, a process substitution, a value that was never a path.
        let stream = matches!(written, "" | "-" | "/dev/stdin") || written.starts_with('<');
        if stream || written.starts_with('$') && !written.contains('/') {
            return;
        }
        match self.scope.locate(&arg.meaning) {
            Located::Path { key, folder, certain } => {
                if key.is_empty() {
                    return;
                }
                let started = if certain { Flags::NONE } else { Flags::DYNAMIC };
                let flags = flags.with(self.standing(&key)).with(started);
                self.command(&format!("file:{key}"), &folder, item, flags, arg.span);
            }
            Located::Outside => {}
            Located::Unknown => {
                let key = format!("file:{}", written.trim_start_matches("./"));
                self.command(&key, "", item, flags.with(Flags::UNRESOLVED), arg.span);
            }
        }
    }

    /// What the text itself says about the presence of a path.
    pub(super) fn standing(&self, key: &str) -> Flags {
        let mut flags = Flags::NONE;
        let mut above = Some(key);
        while let Some(path) = above {
            if self.done.asked.contains(path) {
                flags = flags.with(Flags::OPTIONAL).with(Flags::UNRESOLVED);
            }
            if self.done.filled.contains(path) {
                flags = flags.with(Flags::CREATED).with(Flags::UNRESOLVED);
            }
            above = path.rsplit_once('/').map(|(folder, _)| folder);
        }
        if self.done.created.contains(key) {
            flags = flags.with(Flags::CREATED);
        }
        if self.optional {
            flags = flags.with(Flags::OPTIONAL).with(Flags::UNRESOLVED);
        }
        if self.done.unpacked {
            flags = flags.with(Flags::UNRESOLVED);
        }
        flags
    }

    pub(super) fn command(&mut self, key: &str, folder: &str, item: &str, flags: Flags, at: Span) {
        // In an image the working tree is another one.
        if self.site.surface.has(Flags::IN_DOCKERFILE) {
            return;
        }
        let item = match (item, self.function.as_str()) {
            ("", "") => self.site.item,
            ("", function) => function,
            (item, _) => item,
        };
        let item = item.to_owned();
        self.note_call(key, at);
        self.sheet
            .fact(FactKind::Command, Role::Reference, key, at)
            .value(folder)
            .item(item)
            .flags(flags.with(self.site.surface))
            .done();
    }

    fn change_folder(&mut self, name: &str, rest: &[Arg]) {
        let target = rest.iter().find(|arg| !arg.is_option() || arg.is("-"));
        let before = self.scope.folder.clone();
        if name == "pushd" {
            self.stack.push(before.clone());
        }
        let after = match target {
            None => Base::Unknown,
            Some(arg) if arg.is("-") => self.before.clone(),
            Some(arg) => {
                self.path_as(arg, "working-directory", Flags::FOLDER);
                self.scope.after(&arg.meaning)
            }
        };
        self.before = before;
        self.scope.folder = after;
    }

    /// `bash [options] script`, `bash -c text`.
    fn shell(&mut self, rest: &[Arg]) {
        let mut position = 0;
        while let Some(arg) = rest.get(position) {
            let raw = arg.raw.as_str();
            if raw.starts_with('-') && !raw.starts_with("--") && raw.contains('c') {
                if let Some(text) = rest.get(position + 1) {
                    self.inner_text(text);
                }
                return;
            }
            match raw {
                "-" | "-s" => return,
                "--rcfile" | "--init-file" => position += 2,
                // `-o name`, and the same at the end of a cluster.
                _ if !raw.starts_with("--")
                    && raw.len() > 1
                    && raw.ends_with(['o', 'O'])
                    && raw.starts_with(['-', '+']) =>
                {
                    position += 2;
                }
                _ if arg.is_option() || raw.starts_with('+') => position += 1,
                _ => return self.script(arg, Flags::NONE),
            }
        }
    }

    /// A text that another shell runs.
    pub(super) fn inner_text(&mut self, arg: &Arg) {
        let raw = arg.raw.as_str();
        let inside = |quote: char| raw.strip_prefix(quote).and_then(|r| r.strip_suffix(quote));
        self.here = arg.span;
        if let Some(text) = inside('\'') {
            self.nested(text, Quoting::Word);
        } else if let Some(text) = inside('"') {
            self.nested(text, Quoting::Double);
        } else if let Some(text) = arg.text() {
            let text = text.to_owned();
            self.nested(&text, Quoting::Word);
        }
    }

    /// `env [options] [A=b ..] command`.
    fn with_environment(&mut self, rest: &[Arg], depth: u32) {
        let mut position = 0;
        while let Some(arg) = rest.get(position) {
            if matches!(arg.raw.as_str(), "-u" | "-C" | "--chdir") {
                position += 2;
            } else if arg.is_option() {
                position += 1;
            } else if super::survey::assignment(&arg.raw).is_some() {
                self.assign(&arg.raw.clone(), arg.span, false);
                position += 1;
            } else {
                return self.call(rest.get(position..).unwrap_or(&[]), depth + 1);
            }
        }
    }

    fn declare(&mut self, name: &str, rest: &[Arg]) {
        for arg in rest.iter().filter(|arg| !arg.is_option()) {
            if arg.raw.contains('=') {
                self.assign(&arg.raw.clone(), arg.span, true);
            } else if name != "export" {
                self.env.assign(&arg.raw);
            }
        }
    }

    fn read_names(&mut self, rest: &[Arg]) {
        for arg in rest.iter().filter(|arg| !arg.is_option()) {
            self.define(&arg.raw.clone(), &Meaning::Unknown, arg.span);
        }
    }

    fn tests(&mut self, rest: &[Arg]) {
        for pair in rest.windows(2) {
            if let [operator, operand] = pair {
                self.test(&operator.raw, &operand.raw);
            }
        }
    }

    /// `python [options] script`.
    pub(super) fn python(&mut self, rest: &[Arg]) {
        let mut position = 0;
        while let Some(arg) = rest.get(position) {
            match arg.raw.as_str() {
                "-m" => return self.python_module(rest.get(position + 1..).unwrap_or(&[])),
                "-c" | "-" | "-V" | "--version" => return,
                // `-msphinx`: the module, and what follows is its own.
                glued if glued.len() > 2 && glued.starts_with("-m") => return,
                "-W" | "-X" | "--rcfile" | "--source" | "--omit" | "--include" => position += 2,
                _ if arg.is_option() => position += 1,
                _ => return self.script(arg, Flags::NONE),
            }
        }
    }

    fn python_module(&mut self, rest: &[Arg]) {
        let Some((module, rest)) = rest.split_first() else { return };
        match module.text() {
            Some("pip") => self.pip(rest, module.span),
            Some("coverage") if rest.first().is_some_and(|arg| arg.is("run")) => {
                self.python(rest.get(1..).unwrap_or(&[]));
            }
            Some("venv" | "virtualenv") => {
                for arg in rest.iter().filter(|arg| !arg.is_option()) {
                    self.filled(&arg.meaning.clone(), arg.span);
                }
            }
            Some(name) => self.own_module(name, module.span),
            None => {}
        }
    }

    /// `python -m package.module`: Python looks in the working folder first.
    fn own_module(&mut self, name: &str, at: Span) {
        let plain =
            name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'));
        if let (Base::Folder(folder), true, true) = (&self.scope.folder, plain, name.contains('.'))
        {
            let folder = folder.clone();
            let unsure =
                if self.done.unpacked || self.optional { Flags::UNRESOLVED } else { Flags::NONE };
            self.command(&format!("module:{name}"), &folder, "", unsure, at);
        }
    }

    /// `poetry run ..`, `uv run ..`, `uv pip ..`, `poetry add ..`.
    fn python_tool(&mut self, name: &str, rest: &[Arg], depth: u32) {
        let position = rest.iter().position(|arg| !arg.is_option()).unwrap_or(rest.len());
        let Some((verb, rest)) = rest.get(position..).and_then(<[Arg]>::split_first) else {
            return;
        };
        match verb.text() {
            Some("run") => {
                let at = after_options(rest, &RUN_OPTIONS_WITH_VALUE);
                let rest = rest.get(at..).unwrap_or(&[]);
                // `uv run x.py` runs the file itself.
                match rest.first() {
                    Some(arg) if arg.text().is_some_and(|text| text.ends_with(".py")) => {
                        self.script(arg, Flags::NONE);
                    }
                    _ => self.call(rest, depth + 1),
                }
            }
            Some("pip") if name == "uv" => self.pip(rest, verb.span),
            Some("add") => self.install_python(rest, verb.span),
            Some("install") if name == "pipenv" => self.install_python(rest, verb.span),
            Some("venv") => {
                for arg in rest.iter().filter(|arg| !arg.is_option()) {
                    self.filled(&arg.meaning.clone(), arg.span);
                }
            }
            _ => {}
        }
    }

    /// `node [options] script`.
    fn node_program(&mut self, rest: &[Arg]) {
        let mut position = 0;
        while let Some(arg) = rest.get(position) {
            match arg.raw.as_str() {
                "-e" | "--eval" | "-p" | "--print" | "-" | "--test" | "-v" | "--version" | "-i" => {
                    return;
                }
                "--run" => {
                    if let Some(script) = rest.get(position + 1) {
                        self.package_run(script, &self.scope.folder.clone(), Flags::NONE);
                    }
                    return;
                }
                "-r"
                | "--require"
                | "--import"
                | "--loader"
                | "--experimental-loader"
                | "-C"
                | "--conditions"
                | "--env-file" => position += 2,
                _ if arg.is_option() => position += 1,
                _ => return self.script(arg, Flags::NONE),
            }
        }
    }

    fn typescript(&mut self, rest: &[Arg]) {
        let at = after_options(rest, &TYPESCRIPT_OPTIONS_WITH_VALUE);
        match rest.get(at) {
            Some(arg) if arg.is("watch") => {
                self.typescript(rest.get(at + 1..).unwrap_or(&[]));
            }
            Some(arg) if arg.text().is_some_and(has_script_extension) => {
                self.script(arg, Flags::NONE);
            }
            _ => {}
        }
    }

    /// `npx [options] tool ..`.
    fn npx(&mut self, rest: &[Arg], depth: u32) {
        let at = after_options(rest, &["-p", "--package", "-c", "--call"]);
        let rest = rest.get(at..).unwrap_or(&[]);
        if rest.first().and_then(Arg::text).is_some_and(|tool| LOOKED_THROUGH.contains(&tool)) {
            self.call(rest, depth + 1);
        }
    }
}

/// Programs of packages that run scripts or other programs.
const LOOKED_THROUGH: [&str; 12] = [
    "babel-node",
    "concurrently",
    "cross-env",
    "dotenv",
    "dotenvx",
    "nodemon",
    "npm-run-all",
    "run-p",
    "run-s",
    "ts-node",
    "ts-node-esm",
    "tsx",
];

const RUN_OPTIONS_WITH_VALUE: [&str; 10] = [
    "--with",
    "--python",
    "-p",
    "--extra",
    "--group",
    "--env-file",
    "--project",
    "--directory",
    "--package",
    "--with-requirements",
];

const TYPESCRIPT_OPTIONS_WITH_VALUE: [&str; 14] = [
    "-P",
    "--project",
    "--tsconfig",
    "-r",
    "--require",
    "-O",
    "--compiler-options",
    "--import",
    "--loader",
    "--env-file",
    "--watch",
    "-w",
    "--exec",
    "--ext",
];

/// Where the options at the front end.
pub(super) fn after_options(args: &[Arg], with_value: &[&str]) -> usize {
    let mut position = 0;
    while let Some(arg) = args.get(position) {
        if with_value.contains(&arg.raw.as_str()) {
            position += 2;
        } else if arg.raw == "--" {
            return position + 1;
        } else if arg.is_option() {
            position += 1;
        } else {
            break;
        }
    }
    position.min(args.len())
}

pub(super) fn has_script_extension(path: &str) -> bool {
    [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".jsx"]
        .iter()
        .any(|extension| path.ends_with(extension))
}

/// The program that a first word names. A variable that is called after Python holds Python.
fn program(first: &Arg) -> Option<&str> {
    match &first.meaning {
        Meaning::Text(text) if !text.is_empty() => Some(text),
        Meaning::Below(_, tail) if !tail.is_empty() => Some(tail),
        Meaning::Unknown => {
            let raw = first.raw.trim_matches('"');
            let inner = raw.strip_prefix('$')?.trim_start_matches('{');
            let name: &str = inner.split([':', '-', '}']).next()?;
            match name {
                "PYTHON" | "PYTHON_BIN" | "PYTHON_CMD" | "PYTHON3" | "PY" => Some("python"),
                "PIP" => Some("pip"),
                "MAKE" => Some("make"),
                _ => None,
            }
        }
        _ => None,
    }
}

fn is_python(name: &str) -> bool {
    name.strip_prefix("python")
        .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'))
        || matches!(name, "py" | "pypy" | "pypy3")
}

/// The command inside a wrapper, if the name is one.
fn unwrapped<'a>(name: &str, rest: &'a [Arg]) -> Option<&'a [Arg]> {
    let with_value: &[&str] = match name {
        "sudo" => &["-u", "-g", "-C", "-h", "-p", "-U", "--user", "--group", "--chdir", "-D"],
        "doas" => &["-u", "-C"],
        "time" | "nohup" | "setsid" | "builtin" | "caffeinate" | "chronic" | "unbuffer"
        | "then" | "!" => &[],
        "nice" => &["-n"],
        "ionice" => &["-c", "-n", "-p"],
        "stdbuf" => &["-i", "-o", "-e"],
        "exec" => &["-a"],
        "xvfb-run" => &["-s", "-n", "-e", "-f", "--server-args", "--server-num"],
        "cross-env" | "cross-env-shell" => &[],
        "dotenv" | "dotenvx" => &["-e", "-f", "-c", "--env-file"],
        "command" if rest.first().is_some_and(|arg| arg.raw.starts_with("-")) => return None,
        "command" => &[],
        "timeout" => {
            let at = after_options(rest, &["-k", "-s", "--signal", "--kill-after"]);
            return rest.get(at + 1..);
        }
        _ => return None,
    };
    let mut rest = rest.get(after_options(rest, with_value)..)?;
    while let [first, tail @ ..] = rest {
        let variable = super::survey::assignment(&first.raw).is_some();
        let verb = name.starts_with("dotenv") && (first.is("run") || first.raw == "--");
        if !variable && !verb {
            break;
        }
        rest = tail;
    }
    Some(rest)
}
