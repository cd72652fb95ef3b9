//! Packages that commands install.

use assize_model::Span;

use super::walk::{Arg, Walk};
use crate::lang::names::normalise_python_name;
use crate::{FactKind, Flags, Role};

/// The section under which they are written down.
const ITEM: &str = "install";

impl Walk<'_, '_> {
    /// `pip install ..`, with what stands after `pip`.
    pub(super) fn pip(&mut self, rest: &[Arg], span: Span) {
        let verb = rest.iter().position(|arg| !arg.is_option());
        if let Some(at) = verb.filter(|at| rest.get(*at).is_some_and(|arg| arg.is("install"))) {
            self.install_python(rest.get(at + 1..).unwrap_or(&[]), span);
        }
    }

    pub(super) fn install_python(&mut self, rest: &[Arg], span: Span) {
        let dev = rest.iter().any(|arg| matches!(arg.raw.as_str(), "--dev" | "-D" | "-d"));
        let mut position = 0;
        while let Some(arg) = rest.get(position) {
            position += 1;
            let raw = arg.raw.as_str();
            if matches!(raw, "-r" | "--requirement" | "-c" | "--constraint") {
                if let Some(file) = rest.get(position) {
                    self.path_as(file, "requirements", Flags::NONE);
                }
                position += 1;
            } else if let Some(file) = raw.strip_prefix("-r").filter(|file| !file.is_empty()) {
                let meaning = self.scope.meaning(file);
                let arg = Arg { raw: file.to_owned(), meaning, span: arg.span };
                self.path_as(&arg, "requirements", Flags::NONE);
            } else if INSTALL_OPTIONS_WITH_VALUE.contains(&raw) {
                position += 1;
            } else if !arg.is_option()
                && let Some(text) = arg.text()
                && let Some((name, constraint)) = requirement(text)
            {
                let key = format!("py:{}", normalise_python_name(name));
                let at = if self.site.exact { arg.span } else { span };
                self.package(&key, constraint, dev, at);
            }
        }
    }

    /// `npm install x`, `yarn add x`, `pnpm add x`, `bun add x`.
    pub(super) fn install_node(&mut self, name: &str, rest: &[Arg], verb: &Arg) {
        let has = |wanted: &[&str]| rest.iter().any(|arg| wanted.contains(&arg.raw.as_str()));
        if name == "yarn" && verb.is("install") {
            return;
        }
        // A program for the machine is not importable.
        let sort = match has(&["-g", "--global", "--location=global"]) {
            true => "tool",
            false => "npm",
        };
        let dev = has(&["-D", "--save-dev", "--dev", "-d"]);
        for arg in rest.iter().filter(|arg| !arg.is_option()) {
            let Some(text) = arg.text() else { continue };
            if std::ptr::eq(arg, verb) || text == verb.raw {
                continue;
            }
            let scope = usize::from(text.starts_with('@'));
            let (name, constraint) = match text.get(scope..).and_then(|rest| rest.find('@')) {
                Some(at) => text.split_at(scope + at),
                None => (text, ""),
            };
            if is_node_name(name) {
                let constraint = constraint.trim_start_matches('@');
                self.package(&format!("{sort}:{name}"), constraint, dev, arg.span);
            }
        }
    }

    fn package(&mut self, key: &str, constraint: &str, dev: bool, span: Span) {
        let flags = if dev { Flags::DEV } else { Flags::NONE };
        self.sheet
            .fact(FactKind::Package, Role::Definition, key, span)
            .value(constraint)
            .item(ITEM)
            .flags(flags.with(self.site.surface))
            .done();
    }
}

const INSTALL_OPTIONS_WITH_VALUE: [&str; 28] = [
    "-e",
    "--editable",
    "-i",
    "--index-url",
    "--extra-index-url",
    "-f",
    "--find-links",
    "-t",
    "--target",
    "--prefix",
    "--root",
    "--src",
    "--platform",
    "--python-version",
    "--trusted-host",
    "--cache-dir",
    "--progress-bar",
    "--timeout",
    "--retries",
    "--proxy",
    "--upgrade-strategy",
    "--only-binary",
    "--no-binary",
    "--global-option",
    "--log",
    "--python",
    "--group",
    "-G",
];

/// A requirement as name and constraint; paths, addresses and archives are none.
fn requirement(text: &str) -> Option<(&str, &str)> {
    if text.contains('/') || text.starts_with('.') || text.ends_with(".whl") {
        return None;
    }
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = match rest.strip_prefix('[') {
        Some(extras) => extras.split_once(']')?.1,
        None => rest,
    };
    let rest = rest.split(';').next().unwrap_or("").trim();
    let plausible = rest.is_empty() || rest.starts_with(['=', '<', '>', '!', '~', '@', ' ']);
    let starts = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    (starts && plausible).then_some((name, rest))
}

fn is_node_name(name: &str) -> bool {
    let plain = |part: &str| {
        part.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric())
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    match name.strip_prefix('@').map(|rest| rest.split_once('/')) {
        Some(Some((scope, name))) => plain(scope) && plain(name),
        Some(None) => false,
        None => plain(name) && !name.ends_with(".tgz"),
    }
}
