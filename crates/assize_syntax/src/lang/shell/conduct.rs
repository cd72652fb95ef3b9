//! How a script behaves: whether it stops at errors, what it leaves behind, what it deletes by a
//! variable, what it downloads and runs, which images it builds, and whether it deploys.

use std::collections::{BTreeMap, BTreeSet};

use assize_model::Span;
use rable::{Node, NodeKind};

use super::duty::{Duties, Outcome};
use super::survey::raw;
use super::walk::{Arg, Walk};
use crate::lang::image;
use crate::{FactKind, Role};

/// Commands that change something: a script that goes on after one of them failed does harm. What
/// only deletes, or makes a folder, does none by failing.
const CHANGING: [&str; 31] = [
    "ansible-playbook",
    "apt",
    "apt-get",
    "aws",
    "cargo",
    "chmod",
    "chown",
    "cp",
    "dnf",
    "docker",
    "docker-compose",
    "gcloud",
    "git",
    "helm",
    "install",
    "kubectl",
    "ln",
    "make",
    "mv",
    "mysql",
    "npm",
    "pip",
    "pip3",
    "pnpm",
    "psql",
    "rsync",
    "scp",
    "systemctl",
    "tar",
    "terraform",
    "yarn",
];

/// Programs that go on as another user.
const DROPPERS: [&str; 8] =
    ["gosu", "su-exec", "setpriv", "s6-setuidgid", "runuser", "chpst", "setuidgid", "su"];

/// What may stand in front of the program that a command runs.
const PREFIXES: [&str; 5] = ["exec", "sudo", "env", "time", "command"];

/// How many deletions of one script are looked at.
const DELETES_MAX: usize = 64;

/// How much of an address is kept.
const TEXT_MAX: usize = 200;

/// What was seen up to the point that the walk has reached.
#[derive(Debug, Default)]
pub(super) struct Conduct {
    options: BTreeSet<&'static str>,
    /// Changing commands whose failure nothing looks at.
    unchecked: u32,
    /// The command stands in a list or a condition that looks at its outcome.
    pub(super) watched: bool,
    trap: bool,
    /// Something is deleted or moved away.
    removes: bool,
    temporary: Option<Span>,
    drops: Option<Span>,
    deploys: BTreeMap<&'static str, Span>,
    /// `rm -r` of a word that begins with a variable: its name, and the word.
    deletes: Vec<(String, String, Span)>,
    pub(super) duties: Duties,
}

impl Walk<'_, '_> {
    /// Takes notice of one simple command.
    pub(super) fn observe(&mut self, args: &[Arg], fallback: Option<&Node>) {
        let handled = fallback.is_some();
        let words: Vec<&str> = args.iter().map(Arg::plain).collect();
        let skipped = words.iter().take_while(|word| PREFIXES.contains(word)).count();
        let Some((name, rest)) = words.get(skipped..).and_then(<[&str]>::split_first) else {
            return;
        };
        let name = name.rsplit('/').next().unwrap_or(name);
        let conduct = &mut self.conduct;
        if CHANGING.contains(&name) && !handled && !conduct.watched && self.depth == 0 {
            conduct.unchecked = conduct.unchecked.saturating_add(1);
        }
        match name {
            "set" => conduct.set(rest),
            "trap" => conduct.trap = true,
            "mktemp" => conduct.temporary = conduct.temporary.or(Some(self.here)),
            "mv" => conduct.removes = true,
            "rm" => self.removal(args.get(skipped + 1..).unwrap_or(&[])),
            "chmod" => self.mode(rest),
            "docker" | "podman" | "buildah" | "nerdctl" => self.images(rest),
            _ if DROPPERS.contains(&name) => self.conduct.drops = Some(self.here),
            "sh" | "bash" | "zsh" => self.downloaded_text(name, rest),
            _ => {}
        }
        let deploys = deployment(name, rest);
        if let Some(verb) = deploys {
            self.conduct.deploys.entry(verb).or_insert(self.here);
        }
        if self.depth == 0 {
            let outcome = self.outcome(fallback);
            let words = words.get(skipped..).unwrap_or(&[]);
            self.conduct.duties.note(words, deploys, self.here, outcome);
        }
    }

    fn outcome(&self, fallback: Option<&Node>) -> Outcome {
        match fallback {
            Some(node) if shrugs(node) => Outcome::Dropped,
            None if !self.conduct.watched => Outcome::Unseen,
            _ => Outcome::Counts,
        }
    }

    fn removal(&mut self, rest: &[Arg]) {
        self.conduct.removes = true;
        let recursive =
            rest.iter().any(|arg| arg.raw.starts_with('-') && arg.raw.contains(['r', 'R']));
        for arg in rest.iter().filter(|arg| recursive && !arg.is_option()) {
            let room = self.conduct.deletes.len() < DELETES_MAX;
            if let Some(name) = dangerous(&arg.raw).filter(|_| room) {
                self.conduct.deletes.push((name.to_owned(), arg.raw.clone(), arg.span));
            }
        }
    }

    /// Rights for everybody, in an image or on a machine.
    fn mode(&mut self, rest: &[&str]) {
        let open = |word: &&str| matches!(*word, "777" | "0777" | "a+rwx" | "ugo+rwx" | "a=rwx");
        if let (true, Some(target)) = (rest.iter().any(open), rest.last()) {
            let target = (*target).to_owned();
            self.say("world-writable", &target, 0, self.here);
        }
    }

    /// `docker build -t name`, `docker tag old new`.
    fn images(&mut self, rest: &[&str]) {
        let builds = rest.iter().take(2).any(|word| matches!(*word, "build" | "bud" | "buildx"));
        if builds {
            let mut words = rest.iter().peekable();
            while let Some(word) = words.next() {
                let joined = word.strip_prefix("--tag=").or_else(|| word.strip_prefix("-t="));
                let next = words.peek().filter(|_| matches!(*word, "-t" | "--tag")).copied();
                if let Some(name) = joined.or(next.copied()) {
                    image::built(self.sheet, name, self.here, self.site.surface);
                }
            }
        } else if let ["tag", _, name] | ["image", "tag", _, name] = rest {
            image::built(self.sheet, name, self.here, self.site.surface);
        }
    }

    /// `sh -c "$(curl ..)"`, `bash <(curl ..)`.
    fn downloaded_text(&mut self, shell: &str, rest: &[&str]) {
        let fetched = rest.iter().find(|word| {
            ["$(curl", "$(wget", "<(curl", "<(wget", "`curl", "`wget"]
                .iter()
                .any(|start| word.trim_start_matches('"').starts_with(start))
        });
        if let Some(word) = fetched {
            let value = address(word.split_whitespace()).unwrap_or(shell).to_owned();
            self.say("download-run", &value, 0, self.here);
        }
    }

    /// `curl .. | sh`.
    pub(super) fn pipeline(&mut self, commands: &[Node], at: Span) {
        let words = |node: &Node| -> Vec<String> {
            match &node.kind {
                NodeKind::Command { words, .. } => {
                    words.iter().map(|word| raw(word).to_owned()).collect()
                }
                _ => Vec::new(),
            }
        };
        let all: Vec<Vec<String>> = commands.iter().map(words).collect();
        for pair in all.windows(2) {
            let [from, to] = pair else { continue };
            let fetches = from.iter().find(|word| !PREFIXES.contains(&word.as_str()));
            if !fetches.is_some_and(|name| matches!(name.as_str(), "curl" | "wget")) {
                continue;
            }
            let url = address(from.iter().map(String::as_str));
            let own =
                url.is_some_and(|url| url.contains("://localhost") || url.contains("://127.0.0.1"));
            if let (Some(url), true, false) = (url, runs_input(to), own) {
                self.say("download-run", url, 0, at);
            }
        }
    }

    /// Says what the script as a whole is like.
    pub(super) fn finish_conduct(&mut self) {
        let conduct = std::mem::take(&mut self.conduct);
        let whole = Span::new(0, self.sheet.text.lines().next().map_or(0, str::len));
        let first = self.sheet.text.lines().next().unwrap_or("");
        let shebang = first.starts_with("#!");
        let mut options: Vec<&str> = conduct.options.iter().copied().collect();
        if first.split_whitespace().skip(1).any(|word| is_cluster(word, 'e')) {
            options.push("errexit");
        }
        let nounset = options.contains(&"nounset");
        let errexit = options.contains(&"errexit");
        self.conduct.duties = conduct.duties;
        self.finish_duty(errexit);
        if shebang && !errexit && !self.survey.sources {
            self.say("unchecked", &options.join(" "), conduct.unchecked, whole);
        }
        if let Some(at) = conduct.temporary.filter(|_| !conduct.trap && !conduct.removes) {
            self.say("temporary", "", 0, at);
        }
        if let Some(at) = conduct.drops {
            self.say("drops", "", 0, at);
        }
        for (verb, at) in conduct.deploys {
            self.say("deploy", verb, 0, at);
        }
        for (name, word, at) in conduct.deletes {
            if !nounset && !self.is_given(&name) {
                self.say("delete", &word, 0, at);
            }
        }
    }

    /// Whether a variable surely holds something: the script assigns a text to it, or asks first.
    fn is_given(&self, name: &str) -> bool {
        let braced = format!("${{{name}");
        let plain = format!("${name}");
        let own = format!("{name}=");
        self.sheet.text.lines().map(str::trim).any(|line| {
            let asks = ["[ ", "[[ ", "test "].iter().any(|word| line.contains(word))
                && (line.contains(&plain) || line.contains(&braced));
            let demands =
                line.contains(&format!("{braced}:?")) || line.contains(&format!("{braced}?"));
            let assigned = line.find(&own).is_some_and(|at| {
                let before = line.get(..at).and_then(|text| text.chars().next_back());
                let value = line.get(at + own.len()..).unwrap_or("");
                before.is_none_or(|c| c.is_whitespace() || c == ';') && gives(value)
            });
            asks || demands || assigned
        })
    }

    /// Who calls which script to deploy is a question to all scripts at once.
    pub(super) fn note_call(&mut self, key: &str, at: Span) {
        let Some(path) = key.strip_prefix("file:") else { return };
        if path.rsplit('/').next().is_some_and(|name| name.contains("deploy")) {
            self.sheet
                .fact(FactKind::Setting, Role::Reference, "script", at)
                .value(path)
                .item("calls")
                .flags(self.site.surface)
                .done();
        }
    }

    fn say(&mut self, item: &str, value: &str, number: u32, at: Span) {
        let value: String = value.chars().take(TEXT_MAX).collect();
        self.sheet
            .fact(FactKind::Setting, Role::Definition, "script", at)
            .value(value)
            .item(item)
            .number(number)
            .flags(self.site.surface)
            .done();
    }
}

impl Arg {
    /// The text, or the word as it is written, without quotes around it.
    fn plain(&self) -> &str {
        self.text().unwrap_or_else(|| self.raw.trim_matches(['"', '\'']))
    }
}

impl Conduct {
    /// `set -euo pipefail`.
    fn set(&mut self, words: &[&str]) {
        for word in words {
            let known = [('e', "errexit"), ('u', "nounset")];
            for (letter, option) in known {
                if is_cluster(word, letter) || *word == option {
                    self.options.insert(option);
                }
            }
            if *word == "pipefail" {
                self.options.insert("pipefail");
            }
        }
    }
}

/// Whether what stands behind `||` takes a failure as if it were none.
fn shrugs(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Command { words, .. } => {
            words.first().is_some_and(|word| matches!(raw(word), "true" | ":" | "echo" | "printf"))
        }
        _ => false,
    }
}

/// Whether a word is a cluster of options with this letter.
fn is_cluster(word: &str, letter: char) -> bool {
    word.strip_prefix('-')
        .is_some_and(|letters| !letters.starts_with('-') && letters.contains(letter))
}

/// The variable with which a word begins that would be the root, or a folder of the system,
/// without it.
fn dangerous(word: &str) -> Option<&str> {
    let bare = word.strip_prefix('"').unwrap_or(word);
    let inner = bare.strip_prefix('$')?;
    let braced = inner.strip_prefix('{');
    let inner = braced.unwrap_or(inner);
    let length = inner.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    let (name, rest) = inner.split_at_checked(length)?;
    let rest = if braced.is_some() { rest.strip_prefix('}')? } else { rest };
    let rest = rest.replace(['"', '\''], "");
    let folders =
        ["bin", "boot", "dev", "etc", "home", "lib", "opt", "root", "sbin", "srv", "usr", "var"];
    let tail = rest.strip_prefix('/')?;
    let whole = matches!(tail, "" | "*" | ".*" | "**" | "{*,.*}" | "*/");
    (!name.is_empty() && (whole || folders.contains(&tail.trim_end_matches(['/', '*']))))
        .then_some(name)
}

/// Whether an assigned value is never empty.
fn gives(value: &str) -> bool {
    let value = value.trim_start_matches(['"', '\'']);
    let first = value.chars().next();
    first.is_some_and(|c| !c.is_whitespace() && !matches!(c, '$' | '`' | '"' | '\'' | ';'))
        || value.starts_with("$(mktemp")
        || value.starts_with("$(pwd")
        || value.starts_with("$(cd ")
        || value.starts_with("$(dirname")
        || value.starts_with("$(git rev-parse")
        || value.starts_with("`mktemp")
        || value.starts_with("$PWD")
        || value.starts_with("${PWD")
        || value.starts_with("$HOME")
        || value.starts_with("${HOME")
        || value.starts_with("${") && value.contains(":-")
}

/// Whether a command runs what it is given on its standard input.
fn runs_input(words: &[String]) -> bool {
    let mut words = words
        .iter()
        .map(String::as_str)
        .skip_while(|word| PREFIXES.contains(word) || word.starts_with('-') || word.contains('='));
    let Some(name) = words.next() else { return false };
    let name = name.rsplit('/').next().unwrap_or(name);
    let first = words.next();
    match name {
        "sh" | "bash" | "zsh" | "dash" | "ash" => {
            first.is_none_or(|word| word.starts_with('-') && !is_cluster(word, 'c'))
        }
        "python" | "python3" | "perl" | "ruby" | "node" => first.is_none_or(|word| word == "-"),
        _ => false,
    }
}

/// The address in the words of a download.
fn address<'w>(words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    words.map(|word| word.trim_matches(['"', '\'', ')'])).find(|word| word.contains("://"))
}

/// Which deployment a command is.
fn deployment(name: &str, rest: &[&str]) -> Option<&'static str> {
    let has = |word: &str| rest.contains(&word);
    match name {
        "docker-compose" if has("up") => Some("docker compose up"),
        "docker" if rest.first() == Some(&"compose") && has("up") => Some("docker compose up"),
        "docker" if rest.starts_with(&["stack", "deploy"]) => Some("docker stack deploy"),
        "kubectl" if has("apply") || has("rollout") => Some("kubectl apply"),
        "helm" if has("upgrade") || has("install") => Some("helm upgrade"),
        "terraform" if has("apply") => Some("terraform apply"),
        "ansible-playbook" => Some("ansible-playbook"),
        "rsync" if rest.iter().any(|word| word.contains('@') && word.contains(':')) => {
            Some("rsync to a host")
        }
        "gcloud" | "flyctl" | "fly" | "serverless" | "cdk" | "sam" if has("deploy") => {
            Some("deploy to a cloud")
        }
        _ => None,
    }
}
