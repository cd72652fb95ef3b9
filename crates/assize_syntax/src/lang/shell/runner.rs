//! Task runners: `make`, and the scripts of `package.json` through npm, pnpm, yarn and bun.

use super::call::after_options;
use super::resolve::Base;
use super::walk::{Arg, Walk};
use super::word::Quoting;
use crate::Flags;

impl Walk<'_, '_> {
    /// `make [-C folder] [-f file] [NAME=value] target ..`.
    pub(super) fn make(&mut self, rest: &[Arg]) {
        let mut folder = self.scope.folder.clone();
        let mut flags = Flags::NONE;
        let mut targets = Vec::new();
        let mut position = 0;
        while let Some(arg) = rest.get(position) {
            let raw = arg.raw.as_str();
            position += 1;
            if matches!(raw, "-C" | "--directory" | "-f" | "--file" | "--makefile") {
                let Some(value) = rest.get(position) else { break };
                position += 1;
                if matches!(raw, "-C" | "--directory") {
                    self.path_as(value, "working-directory", Flags::FOLDER);
                    folder = self.scope.after(&value.meaning);
                } else {
                    self.path_as(value, "makefile", Flags::NONE);
                    flags = flags.with(Flags::UNRESOLVED);
                }
            } else if matches!(raw, "-I" | "-o" | "-W") {
                position += 1;
            } else if raw.starts_with("-C") || raw.starts_with("-f") || raw.starts_with("--") {
                // Values that are joined to their option.
                flags = flags.with(Flags::UNRESOLVED);
            } else if matches!(raw, "-j" | "-l") {
                let number = |next: &&Arg| next.raw.bytes().all(|byte| byte.is_ascii_digit());
                position += usize::from(rest.get(position).filter(number).is_some());
            } else if !arg.is_option() && super::survey::assignment(raw).is_none() {
                targets.push(arg);
            }
        }
        for target in targets {
            self.runs("make", target, &folder, flags);
        }
    }

    /// A named task that a file in a folder defines.
    fn runs(&mut self, prefix: &str, task: &Arg, folder: &Base, flags: Flags) {
        let optional =
            if self.optional { Flags::OPTIONAL.with(Flags::UNRESOLVED) } else { Flags::NONE };
        let flags = flags.with(optional);
        let unresolved = flags.with(Flags::UNRESOLVED);
        // `pnpm run '/^build:.*/'` names all scripts that fit.
        let pattern = |name: &str| prefix == "npm" && name.contains(['*', '^', '(']);
        let name = task.text().filter(|name| !name.is_empty() && !pattern(name));
        let key = format!("{prefix}:{}", name.unwrap_or(&task.raw));
        match (name, folder) {
            (Some(_), Base::Folder(folder)) => {
                let flags = if self.done.unpacked { unresolved } else { flags };
                self.command(&key, folder, "", flags, task.span);
            }
            (Some(_), Base::Start(offset)) => {
                let folder = offset.clone();
                self.command(&key, &folder, "", flags.with(Flags::DYNAMIC), task.span);
            }
            (_, Base::Outside) => {}
            _ => self.command(&key, "", "", unresolved, task.span),
        }
    }

    pub(super) fn package_run(&mut self, script: &Arg, folder: &Base, flags: Flags) {
        self.runs("npm", script, folder, flags);
    }

    /// `npm run x`, `yarn x`, `pnpm --filter p x`, `bun run x`.
    pub(super) fn package_manager(&mut self, name: &str, rest: &[Arg], depth: u32) {
        let mut folder = self.scope.folder.clone();
        let mut flags = Flags::NONE;
        let mut plain: Vec<&Arg> = Vec::new();
        let mut position = 0;
        while let Some(arg) = rest.get(position) {
            let raw = arg.raw.as_str();
            position += 1;
            if raw == "--" {
                break;
            }
            let (option, value) = raw.split_once('=').map_or((raw, None), |(o, v)| (o, Some(v)));
            match option {
                "--prefix" | "--cwd" | "--dir" | "-C" => {
                    folder = match (value, rest.get(position)) {
                        (Some(value), _) => self.scope.after(&self.scope.meaning(value)),
                        (None, Some(next)) => {
                            position += 1;
                            self.path_as(next, "working-directory", Flags::FOLDER);
                            self.scope.after(&next.meaning)
                        }
                        (None, None) => Base::Unknown,
                    };
                }
                "--workspace" | "-w" | "--filter" | "-F" | "--workspaces" | "-ws" | "-r"
                | "--recursive" | "--workspace-root" => {
                    flags = flags.with(Flags::UNRESOLVED);
                    let takes = matches!(option, "--workspace" | "-w" | "--filter" | "-F");
                    // pnpm's `-w` stands alone.
                    position += usize::from(
                        takes && value.is_none() && name != "pnpm"
                            || matches!(option, "--filter" | "-F") && value.is_none(),
                    );
                }
                "--if-present" => flags = flags.with(Flags::OPTIONAL).with(Flags::UNRESOLVED),
                _ if arg.is_option() && plain.len() < 2 => {
                    if value.is_none() && matches!(option, "--registry" | "--cache" | "--loglevel")
                    {
                        position += 1;
                    }
                }
                _ => plain.push(arg),
            }
        }
        self.package_verb(name, &plain, &folder, flags, rest, depth);
    }

    fn package_verb(
        &mut self,
        name: &str,
        plain: &[&Arg],
        folder: &Base,
        flags: Flags,
        rest: &[Arg],
        depth: u32,
    ) {
        let Some((verb, after)) = plain.split_first() else { return };
        let Some(text) = verb.text() else { return };
        match text {
            "run" | "run-script" | "rum" | "urn" => {
                if let Some(script) = after.first() {
                    self.run_script(name, script, folder, flags);
                }
            }
            "exec" | "dlx" | "x" => {
                let at = rest.iter().position(|arg| std::ptr::eq(arg, *verb)).unwrap_or(0);
                let inner = rest.get(at + 1..).unwrap_or(&[]);
                let skip = after_options(inner, &["-p", "--package"]);
                if let Some(inner) = inner.get(skip..).filter(|inner| !inner.is_empty()) {
                    // It runs where the package is.
                    let folder = if flags.has(Flags::UNRESOLVED) { &Base::Unknown } else { folder };
                    let before = std::mem::replace(&mut self.scope.folder, folder.clone());
                    self.call(inner, depth + 1);
                    self.scope.folder = before;
                }
            }
            "test" | "t" | "tst" | "start" | "stop" | "restart" if name == "npm" => {
                self.lifecycle(text, verb, folder, flags);
            }
            "test" | "start" if matches!(name, "pnpm" | "yarn") => {
                self.lifecycle(text, verb, folder, flags);
            }
            "install" | "i" | "add" => self.install_node(name, rest, verb),
            // The name may be a program of an installed package; of these names none is.
            _ if matches!(name, "yarn" | "pnpm") && is_script_name(text) => {
                self.package_run(verb, folder, flags);
            }
            _ => {}
        }
    }

    fn run_script(&mut self, name: &str, script: &Arg, folder: &Base, flags: Flags) {
        let text = script.text().unwrap_or("");
        if name == "bun" && super::call::has_script_extension(text) {
            return self.script(script, flags);
        }
        // `yarn run` and `bun run` also start programs of installed packages.
        let open = matches!(name, "yarn" | "bun") && !is_script_name(text);
        let flags = if open { flags.with(Flags::UNRESOLVED) } else { flags };
        self.package_run(script, folder, flags);
    }

    fn lifecycle(&mut self, text: &str, verb: &Arg, folder: &Base, flags: Flags) {
        let name = if matches!(text, "t" | "tst") { "test" } else { text };
        let meaning = super::resolve::Meaning::Text(name.to_owned());
        let arg = Arg { raw: name.to_owned(), meaning, span: verb.span };
        // `restart` falls back to stop and start, `start` to a server file.
        let flags =
            if matches!(name, "restart" | "stop") { flags.with(Flags::UNRESOLVED) } else { flags };
        self.package_run(&arg, folder, flags);
    }

    /// `npm-run-all a b`, `run-s a b`.
    pub(super) fn run_all(&mut self, rest: &[Arg]) {
        let folder = self.scope.folder.clone();
        for arg in rest.iter().filter(|arg| !arg.is_option()) {
            let plain = arg.text().is_some_and(|text| {
                text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":-_.".contains(&byte))
            });
            if plain {
                self.package_run(arg, &folder, Flags::NONE);
            }
        }
    }

    /// `concurrently "npm run a" "npm:b"`.
    pub(super) fn concurrently(&mut self, rest: &[Arg]) {
        let folder = self.scope.folder.clone();
        let at = after_options(rest, &["-n", "--names", "-c", "--prefix-colors", "-p", "--prefix"]);
        for arg in rest.get(at..).unwrap_or(&[]).iter().filter(|arg| !arg.is_option()) {
            match arg.text().and_then(|text| text.strip_prefix("npm:")) {
                Some(script) if !script.contains(['*', ' ']) => {
                    let meaning = super::resolve::Meaning::Text(script.to_owned());
                    let arg = Arg { raw: script.to_owned(), meaning, span: arg.span };
                    self.package_run(&arg, &folder, Flags::NONE);
                }
                Some(_) => {}
                None if arg.raw.contains(' ') => {
                    let (text, quoting) = (arg.text().unwrap_or("").to_owned(), Quoting::Word);
                    self.here = arg.span;
                    self.nested(&text, quoting);
                }
                None => {}
            }
        }
    }
}

/// Names that people give to scripts and that no package gives to a program.
fn is_script_name(text: &str) -> bool {
    text.contains(':')
        || matches!(
            text,
            "build"
                | "test"
                | "start"
                | "dev"
                | "lint"
                | "format"
                | "typecheck"
                | "type-check"
                | "deploy"
                | "coverage"
                | "clean"
                | "e2e"
        )
}
