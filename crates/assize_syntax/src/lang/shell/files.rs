//! Files that commands read by their options, and files that they make.

use assize_model::Span;

use super::call::after_options;
use super::resolve::{Located, Meaning, is_outside};
use super::walk::{Arg, Walk};
use crate::{FactKind, Flags, Role};

impl Walk<'_, '_> {
    /// A literal path that a command relies on.
    pub(super) fn path_as(&mut self, arg: &Arg, item: &str, flags: Flags) {
        let written = arg.raw.trim_matches(['"', '\'']);
        // A name that ends in a dot lost something: which file was meant cannot be told.
        if written == "-" || written.is_empty() || written.ends_with('.') {
            return;
        }
        let tolerated =
            if self.tolerated { Flags::OPTIONAL.with(Flags::UNRESOLVED) } else { Flags::NONE };
        let flags = flags.with(tolerated);
        match self.scope.locate(&arg.meaning) {
            Located::Path { key, certain, .. } => {
                if key.is_empty() {
                    return;
                }
                let unsure = if certain { Flags::NONE } else { Flags::DYNAMIC };
                let flags = flags.with(self.standing(&key)).with(unsure);
                self.path_fact(&key, written, item, flags, arg.span);
            }
            Located::Outside => {}
            Located::Unknown => {
                let flags = flags.with(Flags::UNRESOLVED);
                self.path_fact(written, written, item, flags, arg.span);
            }
        }
    }

    fn path_fact(&mut self, key: &str, written: &str, item: &str, flags: Flags, span: Span) {
        if self.site.surface.has(Flags::IN_DOCKERFILE) {
            return;
        }
        self.sheet
            .fact(FactKind::Path, Role::Reference, key, span)
            .value(written)
            .item(item)
            .flags(flags.with(self.site.surface))
            .done();
    }

    /// Options by which well-known programs read a file of the repository.
    pub(super) fn reads_paths(&mut self, name: &str, rest: &[Arg]) {
        match name {
            "docker" | "podman" => self.docker(rest),
            "docker-compose" | "podman-compose" => self.compose(rest),
            "kubectl" | "oc" if rest.iter().any(|arg| arg.is("apply") || arg.is("create")) => {
                self.option_paths(rest, &["-f", "--filename"], "manifest");
                self.option_paths(rest, &["-k", "--kustomize"], "manifest");
            }
            "psql" => self.option_paths(rest, &["-f", "--file"], "sql"),
            "alembic" => self.option_paths(rest, &["-c", "--config"], "config"),
            "helm" => self.helm(rest),
            "tsc" => self.settings_of(rest, &["-p", "--project"]),
            "eslint" | "jest" | "vite" | "vitest" | "webpack" | "rollup" | "prettier"
            | "nodemon" | "stylelint" | "mocha" | "playwright" => {
                self.settings_of(rest, &["-c", "--config"]);
            }
            _ => {}
        }
    }

    fn option_paths(&mut self, rest: &[Arg], options: &[&str], item: &str) {
        for (position, arg) in rest.iter().enumerate() {
            if options.contains(&arg.raw.as_str())
                && let Some(value) = rest.get(position + 1)
            {
                self.path_as(value, item, Flags::NONE);
            } else if let Some((option, value)) = arg.raw.split_once('=')
                && options.contains(&option)
            {
                let meaning = self.scope.meaning(value);
                let arg = Arg { raw: value.to_owned(), meaning, span: arg.span };
                self.path_as(&arg, item, Flags::NONE);
            }
        }
    }

    /// Settings that a tool reads. A bare name may be that of a package.
    fn settings_of(&mut self, rest: &[Arg], options: &[&str]) {
        let mut owned = Vec::new();
        for (position, arg) in rest.iter().enumerate() {
            let file = arg.text().is_some_and(|text| text.contains('/') && text.contains('.'));
            let named = position.checked_sub(1).and_then(|before| rest.get(before));
            if file && named.is_some_and(|option| options.contains(&option.raw.as_str())) {
                owned.push(arg.clone());
            }
        }
        for arg in owned {
            self.path_as(&arg, "config", Flags::NONE);
        }
    }

    fn docker(&mut self, rest: &[Arg]) {
        let words: Vec<&str> = rest.iter().filter_map(Arg::text).collect();
        match words.as_slice() {
            ["compose", ..] => self.compose(rest.get(1..).unwrap_or(&[])),
            ["build", ..] | ["buildx", "build", ..] | ["image", "build", ..] => {
                self.option_paths(rest, &["-f", "--file"], "dockerfile");
                self.build_context(rest);
            }
            _ => {}
        }
    }

    /// The options before the verb: what follows it is the verb's, or belongs to a container.
    fn compose(&mut self, rest: &[Arg]) {
        const WITH_VALUE: [&str; 9] = [
            "-f",
            "--file",
            "--env-file",
            "-p",
            "--project-name",
            "--profile",
            "--project-directory",
            "--ansi",
            "--parallel",
        ];
        let front = rest.get(..after_options(rest, &WITH_VALUE)).unwrap_or(&[]);
        self.option_paths(front, &["-f", "--file"], "compose-file");
        // Mostly the root itself, which is no path to look for.
        if let Some(at) = front.iter().position(|arg| arg.raw.starts_with("--project-directory")) {
            let at = front.get(at).map_or(self.here, |arg| arg.span);
            self.path_fact("", "", "project-directory", Flags::OPTIONAL, at);
        }
        self.option_paths(front, &["--env-file"], "env-file");
    }

    /// The last word of `docker build` is the folder that is sent, unless an option owns it.
    fn build_context(&mut self, rest: &[Arg]) {
        // What is left of a line that goes on with nothing.
        let goes_on = |arg: &&Arg| arg.raw.trim_matches('\\').is_empty();
        let rest = rest.get(..rest.len() - rest.iter().rev().take_while(goes_on).count());
        let rest = rest.unwrap_or(&[]);
        let Some((last, before)) = rest.split_last() else { return };
        let owned = before.last().is_some_and(|option| {
            option.is_option()
                && !option.raw.contains('=')
                && !BUILD_SWITCHES.contains(&&*option.raw)
        });
        let verb = last.is("build");
        let stream = last.text().is_some_and(|text| text.contains([':', '#']));
        if !owned && !verb && !stream && !last.is_option() {
            self.path_as(last, "build-context", Flags::FOLDER);
        }
    }

    fn helm(&mut self, rest: &[Arg]) {
        let verb = rest.first().and_then(Arg::text).unwrap_or("");
        if !matches!(verb, "install" | "upgrade" | "lint" | "template" | "package") {
            return;
        }
        self.option_paths(rest, &["-f", "--values"], "config");
        let mut owned = true;
        for arg in rest {
            // The first word is the verb; what follows an option may be its value.
            let skip = std::mem::replace(&mut owned, is_open_option(arg));
            if skip || arg.is_option() {
                continue;
            }
            if arg.text().is_some_and(|text| text.starts_with("./") || text.starts_with("../")) {
                let valued =
                    arg.text().is_some_and(|t| t.ends_with(".yaml") || t.ends_with(".yml"));
                if !valued {
                    self.path_as(arg, "chart", Flags::FOLDER);
                }
            }
        }
    }

    /// Notes the files that a command makes, so that their later use is no breach.
    pub(super) fn makes_files(&mut self, name: &str, rest: &[Arg]) {
        let plain: Vec<&Arg> = rest.iter().filter(|arg| !arg.is_option()).collect();
        match name {
            "touch" | "tee" | "mkdir" | "truncate" | "mkfifo" => {
                for arg in plain {
                    self.created(&arg.meaning.clone(), arg.span);
                }
            }
            "cp" | "mv" | "ln" | "install" | "rsync" | "scp" => self.copied(&plain),
            "wget" => self.downloaded(rest, &["-O", "--output-document"], true),
            "curl" => {
                let remote = |arg: &Arg| {
                    arg.raw.starts_with('-') && !arg.raw.starts_with("--") && arg.raw.contains('O')
                };
                let remote = rest.iter().any(|arg| remote(arg) || arg.is("--remote-name"));
                self.downloaded(rest, &["-o", "--output"], remote);
            }
            "git" => self.git(rest),
            "virtualenv" => {
                for arg in plain {
                    self.filled(&arg.meaning.clone(), arg.span);
                }
            }
            "tar" | "unzip" => self.extracted(name, rest),
            "docker" | "podman" | "kubectl" | "aws" | "gsutil" | "gcloud" | "az"
                if rest.iter().any(|arg| arg.is("cp") || arg.is("sync")) =>
            {
                self.fetched(&plain);
            }
            _ if generates(name, rest) => self.unpacked(),
            _ => {
                if builds(name) {
                    self.built();
                }
                self.outputs(name, rest);
            }
        }
    }

    fn git(&mut self, rest: &[Arg]) {
        let at = after_options(rest, &["-C", "-c"]);
        let rest = rest.get(at..).unwrap_or(&[]);
        match rest.first().and_then(Arg::text) {
            Some("clone") => {
                let at = 1 + after_options(
                    rest.get(1..).unwrap_or(&[]),
                    &["-b", "--branch", "--depth", "-o", "--origin", "-c", "--reference"],
                );
                let folder = rest.get(at + 1).filter(|arg| !arg.is_option());
                if let Some(folder) = folder {
                    return self.filled(&folder.meaning.clone(), folder.span);
                }
                let Some(source) = rest.get(at) else { return };
                match source.text().map(|text| last_part(text).trim_end_matches(".git")) {
                    Some(name) => self.filled(&Meaning::Text(name.to_owned()), source.span),
                    None => self.unpacked(),
                }
            }
            Some("worktree") => {
                if let Some(folder) = rest.iter().skip(2).find(|arg| !arg.is_option()) {
                    self.filled(&folder.meaning.clone(), folder.span);
                }
            }
            Some("checkout" | "switch") => {
                // A new branch begins with the same tree, and paths come from the same history.
                let same = ["--", "-b", "-B", "-c", "-C"];
                if !rest.iter().any(|arg| same.contains(&arg.raw.as_str())) {
                    self.unpacked();
                }
            }
            Some("apply" | "am") => self.unpacked(),
            _ => {}
        }
    }

    /// `tar x [-C folder]`, `unzip [-d folder]`.
    fn extracted(&mut self, name: &str, rest: &[Arg]) {
        let first = rest.first().map_or("", |arg| arg.raw.as_str());
        let short = !first.starts_with("--") && first.contains('x');
        let extracts = short || rest.iter().any(|arg| matches!(&*arg.raw, "--extract" | "-x"));
        if name == "tar" && !extracts {
            return;
        }
        let option = if name == "tar" { "-C" } else { "-d" };
        let at = rest.iter().position(|arg| arg.raw == option);
        match at.and_then(|at| rest.get(at + 1)) {
            Some(folder) => self.filled_or_all(folder),
            None => self.unpacked(),
        }
    }

    /// `docker cp container:path folder` and its like: the last word is local or not.
    fn fetched(&mut self, plain: &[&Arg]) {
        if let Some(target) = plain.last().filter(|target| !is_remote(target)) {
            self.filled_or_all(target);
        }
    }

    fn filled_or_all(&mut self, folder: &Arg) {
        match self.scope.locate(&folder.meaning) {
            Located::Path { key, .. } if !key.is_empty() => {
                self.filled(&folder.meaning.clone(), folder.span);
            }
            Located::Outside => {}
            Located::Path { .. } | Located::Unknown => self.unpacked(),
        }
    }

    fn downloaded(&mut self, rest: &[Arg], options: &[&str], by_name: bool) {
        for (position, arg) in rest.iter().enumerate() {
            if options.contains(&arg.raw.as_str())
                && let Some(target) = rest.get(position + 1)
            {
                self.created(&target.meaning.clone(), target.span);
            } else if by_name && let Some(text) = arg.text().filter(|text| text.contains("://")) {
                let name = last_part(text).split('?').next().unwrap_or("").to_owned();
                self.created(&Meaning::Text(name), arg.span);
            }
        }
    }

    fn copied(&mut self, plain: &[&Arg]) {
        let Some((target, sources)) = plain.split_last() else { return };
        self.created(&target.meaning.clone(), target.span);
        for source in sources {
            let name = last_part(source.raw.trim_matches(['"', '\''])).to_owned();
            if let (Some(folder), false) = (target.text(), name.contains(['$', '*'])) {
                let inside = format!("{}/{name}", folder.trim_end_matches('/'));
                self.created(&Meaning::Text(inside), target.span);
            }
        }
    }

    /// `-o file`, by which compilers and others name what they write.
    fn outputs(&mut self, name: &str, rest: &[Arg]) {
        for (position, arg) in rest.iter().enumerate() {
            let short = arg.raw == "-o" && (builds(name) || matches!(name, "sort" | "pandoc"));
            if (short || OUTPUTS.contains(&arg.raw.as_str()))
                && let Some(target) = rest.get(position + 1)
            {
                self.created(&target.meaning.clone(), target.span);
            }
        }
    }

    /// Notes that a file or folder is made here.
    pub(super) fn created(&mut self, meaning: &Meaning, span: Span) {
        if let Some(key) = self.made(meaning, span, Flags::CREATED) {
            self.done.created.insert(key);
        }
    }

    /// Notes that a folder is filled from elsewhere.
    pub(super) fn filled(&mut self, meaning: &Meaning, span: Span) {
        if let Some(key) = self.made(meaning, span, Flags::CREATED.with(Flags::FOLDER)) {
            self.done.filled.insert(key);
        }
    }

    fn made(&mut self, meaning: &Meaning, span: Span, flags: Flags) -> Option<String> {
        if matches!(meaning, Meaning::Text(text) if text.is_empty() || is_outside(text)) {
            return None;
        }
        let Located::Path { key, .. } = self.scope.locate(meaning) else {
            // Somewhere: other files may meet it.
            if let (Meaning::Text(name), true) = (meaning, flags.has(Flags::FOLDER)) {
                self.path_fact(name, name, "created", flags.with(Flags::UNRESOLVED), span);
            }
            return None;
        };
        if key.is_empty() {
            return None;
        }
        let written = match meaning {
            Meaning::Text(text) => text.clone(),
            _ => key.clone(),
        };
        self.path_fact(&key, &written, "created", flags, span);
        Some(key)
    }

    /// Notes that anything may have come into being.
    fn unpacked(&mut self) {
        if !self.done.unpacked {
            self.done.unpacked = true;
            self.path_fact("", "", "unpacked", ANYTHING, self.here);
        }
    }

    /// Notes that programs may have come into being.
    fn built(&mut self) {
        if !self.done.built {
            self.done.built = true;
            self.path_fact("*", "", "built", ANYTHING, self.here);
        }
    }
}

/// Marks of a path that stands for whatever a command made.
const ANYTHING: Flags = Flags::CREATED.with(Flags::GLOB).with(Flags::UNRESOLVED);

/// Whether a command makes programs.
fn builds(name: &str) -> bool {
    matches!(
        name,
        "make"
            | "cmake"
            | "ninja"
            | "meson"
            | "cargo"
            | "go"
            | "gcc"
            | "g++"
            | "cc"
            | "clang"
            | "clang++"
            | "rustc"
            | "mvn"
            | "gradle"
            | "dotnet"
            | "bazel"
            | "pyinstaller"
    )
}

/// Switches of `docker build` that take no value.
const BUILD_SWITCHES: [&str; 8] =
    ["--no-cache", "--pull", "--push", "--load", "--rm", "--force-rm", "-q", "--quiet"];

/// Options that name what a command writes.
const OUTPUTS: [&str; 9] = [
    "--output",
    "--out",
    "--outfile",
    "--destination",
    "--dest",
    "--output-dir",
    "--out-dir",
    "--outdir",
    "--output-directory",
];

/// Whether an option may take the word behind it: one of these does not.
fn is_open_option(arg: &Arg) -> bool {
    const SWITCHES: [&str; 12] = [
        "-i",
        "--install",
        "--wait",
        "--atomic",
        "--debug",
        "--dry-run",
        "--strict",
        "--create-namespace",
        "--dependency-update",
        "-u",
        "--force",
        "--reuse-values",
    ];
    arg.is_option() && !arg.raw.contains('=') && !SWITCHES.contains(&arg.raw.as_str())
}

/// Commands that generate trees of files.
fn generates(name: &str, rest: &[Arg]) -> bool {
    match name {
        "7z" | "cookiecutter" | "django-admin" | "patch" => true,
        "gh" => {
            ["download", "clone", "checkout"].iter().any(|verb| rest.iter().any(|arg| arg.is(verb)))
        }
        _ => false,
    }
}

/// Whether an argument names a place on another machine or in a container.
fn is_remote(arg: &Arg) -> bool {
    arg.raw.contains(':')
}

fn last_part(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or(path)
}
