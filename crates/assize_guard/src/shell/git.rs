//! git: what a step means for hooks, shared history and work that is not committed.

use crate::{Effect, GitStep, Place, Reach};

use super::call::Call;
use super::place::inside;
use super::transfer::host_of;
use super::walk::Walk;
use super::word::{Options, Stream, Word};

const GLOBAL_VALUED: [&str; 8] = [
    "-C",
    "-c",
    "--git-dir",
    "--work-tree",
    "--namespace",
    "--exec-path",
    "--super-prefix",
    "--config-env",
];

/// Variables that switch hook runners off, with the value that does; an empty one: any value.
const SWITCHES: [(&str, &str); 9] = [
    ("HUSKY", "0"),
    ("HUSKY_SKIP_HOOKS", ""),
    ("SKIP", ""),
    ("PRE_COMMIT_ALLOW_NO_CONFIG", ""),
    ("LEFTHOOK", "0"),
    ("LEFTHOOK_EXCLUDE", ""),
    ("OVERCOMMIT_DISABLE", ""),
    ("SKIP_SIMPLE_GIT_HOOKS", ""),
    ("SKIP_INSTALL_SIMPLE_GIT_HOOKS", ""),
];

/// Branches that others build on.
const SHARED: [&str; 7] =
    ["main", "master", "develop", "trunk", "release", "production", "staging"];

impl Walk<'_> {
    pub(super) fn git(&mut self, call: &Call<'_>) -> Option<Stream> {
        match call.name {
            "git" | "hub" => {}
            "java" if call.words.iter().any(|word| word.text.contains("bfg")) => {
                self.push(Effect::Git(GitStep::RewriteShared));
                return None;
            }
            "bfg" => {
                self.push(Effect::Git(GitStep::RewriteShared));
                return None;
            }
            "gh" | "glab" => {
                self.service(call.words);
                return None;
            }
            _ => return None,
        }
        let (options, at) = Options::leading(call.words, &GLOBAL_VALUED);
        let rest = call.words.get(at..).unwrap_or(&[]);
        let Some((verb, words)) = rest.split_first() else { return Some(Stream::Unknown) };
        let Some(verb) = verb.text() else {
            self.cannot_know("which step of git runs is not known");
            return Some(Stream::Unknown);
        };
        let before = self.scope.folder.clone();
        if let Some(folder) = options.value(&["-C"]) {
            self.scope.folder = match self.place(folder) {
                Place::Known(path) => Some(path),
                Place::Below(_) | Place::Unknown => None,
            };
        }
        self.switches(call, &options, verb);
        self.run_by_option(call);
        let alias = options.values(&["-c"]).find_map(|word| {
            let (name, value) = word.text.split_once('=')?;
            (name.strip_prefix("alias.")? == verb).then(|| value.to_owned())
        });
        let out = match alias.filter(|value| !value.starts_with('!')) {
            Some(value) => {
                let mut all: Vec<Word> = value.split_whitespace().map(Word::known).collect();
                all.extend(words.iter().cloned());
                let (verb, words) = all.split_first()?;
                self.git_step(&verb.text, words, &call.input)
            }
            None => self.git_step(verb, words, &call.input),
        };
        self.scope.folder = before;
        Some(out)
    }

    /// Settings that pass hooks over or run commands.
    fn switches(&mut self, call: &Call<'_>, options: &Options, verb: &str) {
        for word in options.values(&["-c", "--config-env"]) {
            self.setting(&word.text);
            self.perhaps_text(word);
        }
        let shadowed = self.variable_of(call, "PATH").is_some_and(|path| {
            let first = path.text.split(':').next().unwrap_or("");
            !first.is_empty() && self.made.paths().any(|made| made.starts_with(first))
        });
        let replaced =
            ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG"].iter().any(|name| {
                self.variable_of(call, name).is_some_and(|word| self.redirects_hooks(&word))
            });
        let runs_hooks = matches!(
            verb,
            "commit" | "push" | "merge" | "rebase" | "cherry-pick" | "revert" | "am" | "pull"
        );
        let off = SWITCHES.iter().any(|(name, value)| {
            self.variable_of(call, name)
                .is_some_and(|word| !word.is("") && (value.is_empty() || word.is(value)))
        });
        let path = self
            .variable_of(call, "GIT_CONFIG_KEY_0")
            .is_some_and(|word| word.text.eq_ignore_ascii_case("core.hookspath"));
        let parameters = self
            .variable_of(call, "GIT_CONFIG_PARAMETERS")
            .is_some_and(|word| word.text.to_ascii_lowercase().contains("core.hookspath"));
        if runs_hooks && (off || shadowed) || path || parameters || replaced {
            self.push(Effect::Git(GitStep::SkipHooks));
        }
    }

    /// Whether a file of settings that the command wrote sets another folder of hooks.
    fn redirects_hooks(&self, file: &Word) -> bool {
        let text = self.made.text(&self.place(file));
        text.is_some_and(|text| text.to_ascii_lowercase().contains("hookspath"))
    }

    pub(super) fn setting(&mut self, text: &str) {
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let name = name.to_ascii_lowercase();
        let included = name.starts_with("include") && self.redirects_hooks(&Word::known(value));
        if name == "core.hookspath" || included {
            self.push(Effect::Git(GitStep::SkipHooks));
        }
        if name.starts_with("remote.") && name.ends_with(".push") && value.starts_with('+') {
            self.push(Effect::Git(GitStep::RewriteShared));
        }
        let command = match name.as_str() {
            "core.pager" | "core.editor" | "core.sshcommand" | "core.fsmonitor"
            | "sequence.editor" | "diff.external" => Some(value),
            _ if name.starts_with("alias.") => value.strip_prefix('!'),
            _ => None,
        };
        if let Some(command) = command.filter(|command| !command.is_empty()) {
            self.nested_subshell(command);
        }
    }

    fn git_step(&mut self, verb: &str, words: &[Word], input: &Stream) -> Stream {
        let options = Options::of(words, valued_of(verb));
        let unknown =
            options.operand(0).is_some_and(|word| word.text.is_empty() && word.text().is_none());
        if matches!(verb, "commit" | "push") && unknown {
            self.cannot_know("which options git gets is not known");
        }
        let step = self.step_of(verb, words, &options);
        if skips_hooks(verb, &options) {
            self.push(Effect::Git(GitStep::SkipHooks));
        }
        if let Some(step) = step {
            self.push(Effect::Git(step));
        }
        self.git_network(verb, words, &options);
        self.git_reads(verb, words, &options);
        self.git_files(verb, words, &options);
        if matches!(verb, "apply" | "am") {
            if undoes(&options, input) {
                self.push(Effect::Git(GitStep::DropWork));
            }
            self.patched(input);
        }
        if let Some(carried) = self.carries_history(verb, words) {
            return carried;
        }
        match verb {
            "rev-parse" if options.has(&["--show-toplevel"]) => {
                Stream::Text(self.surroundings.root.clone())
            }
            "ls-files" | "ls-tree" => Stream::Listed(Box::new(Word::one_of_many(""))),
            "grep" if options.has(&["-l", "-L", "--files-with-matches", "--name-only"]) => {
                Stream::Listed(Box::new(Word::one_of_many("")))
            }
            _ => Stream::Unknown,
        }
    }

    fn step_of(&mut self, verb: &str, words: &[Word], options: &Options) -> Option<GitStep> {
        let first = options.verb(0);
        Some(match verb {
            "commit" if options.has(&["--amend"]) => GitStep::RewriteLocal,
            "commit" | "merge" | "cherry-pick" | "revert" | "am" | "pull" | "tag" | "fetch"
            | "add" | "notes" | "init" | "clone" | "submodule" | "remote"
                if !deletes(verb, options) =>
            {
                GitStep::Plain
            }
            // All tags at once: `git tag -d $(git tag -l)`.
            "tag" if options.operands.iter().any(|word| word.text().is_none()) => {
                GitStep::RewriteShared
            }
            "tag" | "remote" | "notes" => GitStep::RewriteLocal,
            "rebase" => {
                for word in options.values(&["-x", "--exec"]) {
                    self.shell_text(word, Stream::Absent);
                }
                GitStep::RewriteLocal
            }
            "push" if rewrites(words, options) => GitStep::RewriteShared,
            "push" => GitStep::Plain,
            "filter-branch" | "filter-repo" | "replace" => {
                for (_, text) in words.windows(2).filter_map(filter_text) {
                    self.nested_subshell(&text);
                }
                GitStep::RewriteShared
            }
            "commit-tree" | "update-ref" | "hash-object" | "fast-import" | "symbolic-ref"
            | "write-tree" | "mktree"
                if !words.is_empty() || verb != "symbolic-ref" =>
            {
                GitStep::SkipHooks
            }
            "reset" if options.has(&["--hard", "--merge", "--keep"]) => GitStep::DropWork,
            "reset" => GitStep::RewriteLocal,
            "clean" if !super::cleaning::cleans_work(options) => return None,
            "clean" => GitStep::DropWork,
            "checkout" if drops_by_checkout(words, options) => GitStep::DropWork,
            "switch" if options.has(&["-f", "--force", "--discard-changes"]) => GitStep::DropWork,
            "restore" if only_staged(options) => GitStep::Plain,
            "restore" | "checkout-index" | "read-tree" => GitStep::DropWork,
            "stash" if matches!(first, "drop" | "clear") => GitStep::DropWork,
            "stash" | "checkout" | "switch" => GitStep::Plain,
            "worktree" if first == "remove" && options.has(&["-f", "--force"]) => GitStep::DropWork,
            "branch" if options.has(&["-D", "-d", "--delete"]) && names_shared(options) => {
                GitStep::RewriteShared
            }
            "branch" if options.has(&["-D"]) => GitStep::RewriteLocal,
            "branch" if options.has(&["-f", "--force", "-M"]) => GitStep::RewriteLocal,
            // No way leads back to what no branch holds.
            "reflog" | "gc" if words.iter().any(|word| ends_now(&word.text)) => GitStep::DropWork,
            "reflog" if matches!(first, "expire" | "delete") => GitStep::RewriteLocal,
            "gc" if words.iter().any(|word| word.text.starts_with("--prune")) => {
                GitStep::RewriteLocal
            }
            "prune" => GitStep::RewriteLocal,
            _ => return None,
        })
    }

    fn git_network(&mut self, verb: &str, words: &[Word], options: &Options) {
        let upload = match verb {
            "push" | "send-email" | "send-pack" => true,
            "fetch" | "pull" | "clone" | "ls-remote" => false,
            "remote" if options.verb(0) == "update" => false,
            "submodule" if matches!(options.verb(0), "update" | "add") => false,
            _ => return,
        };
        let host = words.iter().filter_map(Word::text).find_map(host_of);
        self.push(Effect::Network { host, sends: Vec::new(), upload });
    }

    fn git_files(&mut self, verb: &str, words: &[Word], options: &Options) {
        match verb {
            "stash"
                if words.first().is_none_or(|word| {
                    word.is_option() || matches!(word.text.as_str(), "push" | "save")
                }) =>
            {
                let at = words.iter().position(|word| word.is("--")).unwrap_or(words.len());
                for word in words.get(at + 1..).unwrap_or(&[]) {
                    let from = self.place(word);
                    self.push(Effect::Move { from, to: Place::Unknown });
                }
            }
            "config" => self.git_config(words, options),
            "rm" if !options.has(&["--cached", "-n", "--dry-run"]) => {
                let deep = options.has(&["-r"]);
                for word in &options.operands {
                    let at = self.place(word);
                    let reach =
                        if deep || word.text().is_none() { Reach::Many } else { Reach::One };
                    self.push(Effect::Delete { at, reach });
                }
            }
            "mv" => {
                if let Some((target, sources)) = options.operands.split_last() {
                    let to = self.place(target);
                    for source in sources {
                        let from = self.place(source);
                        self.push(Effect::Move { from, to: to.clone() });
                    }
                }
            }
            "restore" if only_staged(options) => {}
            "checkout" | "restore" => self.git_paths(verb, words, options),
            "apply" | "am" if !options.has(&["--check", "--stat"]) => {
                let at = self.folder();
                self.write(at, None, Reach::Many);
            }
            "clean" if !options.has(&["-n", "--dry-run"]) => {
                self.cleaned(options);
            }
            "bisect" if options.verb(0) == "run" => {
                self.call(words.get(1..).unwrap_or(&[]), &[], Stream::Absent);
            }
            "submodule" if options.verb(0) == "foreach" => {
                let text = super::output::joined(options.operands.get(1..).unwrap_or(&[]));
                self.shell_text(&text, Stream::Absent);
            }
            _ => self.git_texts(verb, options),
        }
    }

    /// Commands in the words of a step.
    fn git_texts(&mut self, verb: &str, options: &Options) {
        match verb {
            "difftool" => {
                if let Some(text) = options.value(&["-x"]).cloned() {
                    self.shell_text(&text, Stream::Absent);
                }
            }
            "archive" => {
                if let Some(text) = options.value(&["--exec"]).cloned() {
                    self.shell_text(&text, Stream::Absent);
                }
            }
            "clone" | "fetch" | "pull" | "push" | "ls-remote" => {
                // `ext::sh -c x% y`: a blank is written `% `.
                let texts =
                    options.operands.iter().filter_map(|word| word.text.strip_prefix("ext::"));
                let texts: Vec<String> = texts.map(|text| text.replace("% ", "\0")).collect();
                for text in texts {
                    let words = text.split_whitespace().map(|word| word.replace('\0', " "));
                    let words: Vec<Word> = words.map(Word::known).collect();
                    self.call(&words, &[], Stream::Absent);
                }
            }
            _ => {}
        }
    }

    /// Files that a step brings back.
    fn git_paths(&mut self, verb: &str, words: &[Word], options: &Options) {
        let at = words.iter().position(|word| word.is("--"));
        let paths = match at {
            Some(at) => words.get(at + 1..).unwrap_or(&[]),
            None if verb == "restore" || options.has(&["--theirs", "--ours"]) => {
                options.operands.as_slice()
            }
            None => &[],
        };
        for word in paths {
            let place = match word.text.as_str() {
                ":/" | ":(top)" => super::place::below(&self.surroundings.root),
                "." => inside(self.place(word)),
                // An older state over a folder is no recovery of one file.
                _ if is_older(words, options) && !is_path(&word.text) => inside(self.place(word)),
                _ => self.place(word),
            };
            self.write(place, None, Reach::Many);
        }
    }

    fn git_config(&mut self, words: &[Word], options: &Options) {
        let reads = options.has(&["--get", "--get-all", "--list", "-l", "--get-regexp"]);
        let operands: Vec<&Word> =
            options.operands.iter().skip_while(|word| word.is("set") || word.is("unset")).collect();
        let sets = operands.len() > 1
            || options.has(&["--unset", "--unset-all", "--replace-all", "--remove-section"])
            || options.verb(0) == "unset";
        if reads || !sets || operands.first().is_some_and(|word| word.is("get")) {
            return;
        }
        let value = operands.get(1).map_or("", |word| word.text.as_str());
        let name = operands.first().map_or("", |word| word.text.as_str());
        if super::settings::is_plain(name) {
            return;
        }
        let section = options.has(&["--remove-section"]) && name.eq_ignore_ascii_case("core");
        if name.eq_ignore_ascii_case("core.hookspath") || section {
            self.push(Effect::Git(GitStep::SkipHooks));
        } else {
            self.setting(&format!("{name}={value}"));
        }
        let file = if words.iter().any(|word| word.is("--global")) {
            super::place::normalise("~/.gitconfig", self.surroundings)
        } else {
            Place::Known(format!("{}/.git/config", self.surroundings.root))
        };
        self.push(Effect::Write { at: file, content: None, append: true, reach: Reach::One });
    }
}

fn valued_of(verb: &str) -> &'static [&'static str] {
    match verb {
        "commit" => &["-m", "-F", "-C", "-c", "-t", "--message", "--file", "--author", "--date"],
        "merge" | "tag" | "notes" => &["-m", "-F", "-s", "-X", "-u"],
        "rebase" => &["-x", "--exec", "--onto", "-s", "-X"],
        "push" => &["-o", "--push-option", "--receive-pack", "--repo"],
        "clean" => &["-e", "--exclude"],
        "difftool" => &["-x", "--extcmd", "-t"],
        "archive" => &["--exec", "-o", "--remote", "--format", "--prefix"],
        "stash" => &["-m", "--message"],
        "restore" => &["-s", "--source"],
        "clone" => &["-b", "--branch", "-o", "--depth", "-c", "--config"],
        "config" => &["-f", "--file", "--type", "--default"],
        _ => &[],
    }
}

/// Whether a branch that others build on is among the operands.
fn names_shared(options: &Options) -> bool {
    options.operands.iter().any(|word| SHARED.contains(&word.text.as_str()))
}

/// `--expire=now`, `--prune=now`, `--expire-unreachable=all`.
fn ends_now(text: &str) -> bool {
    let Some((name, value)) = text.split_once('=') else { return false };
    let ends = matches!(name, "--expire" | "--prune" | "--expire-unreachable");
    ends && matches!(value, "now" | "all" | "0")
}

/// Whether changes that nobody wrote down are taken back: `git diff | git apply -R`.
pub(super) fn undoes(options: &Options, input: &Stream) -> bool {
    options.has(&["-R", "--reverse"])
        && !options.has(&["--check", "--stat", "--cached", "--dry-run"])
        && options.operands.is_empty()
        && (matches!(input, Stream::Unknown) || super::leaves::is_history(input))
}

/// Whether a step takes files from another commit than the last one.
fn is_older(words: &[Word], options: &Options) -> bool {
    let source = options.value(&["-s", "--source"]);
    let before = words.iter().take_while(|word| !word.is("--")).find(|word| !word.is_option());
    let named = words.iter().any(|word| word.is("--")).then_some(before).flatten();
    source.or(named).is_some_and(|word| !matches!(word.text.as_str(), "HEAD" | "@"))
}

fn only_staged(options: &Options) -> bool {
    options.has(&["--staged", "-S"]) && !options.has(&["--worktree", "-W"])
}

fn skips_hooks(verb: &str, options: &Options) -> bool {
    options.has(&["--no-verify"])
        && matches!(verb, "commit" | "push" | "merge" | "rebase" | "am" | "pull" | "cherry-pick")
        || verb == "commit" && options.has(&["-n"])
        || verb == "push" && options.has(&["--no-signed-hooks"])
}

fn deletes(verb: &str, options: &Options) -> bool {
    match verb {
        "tag" => options.has(&["-d", "--delete", "-f", "--force"]),
        "remote" => matches!(options.verb(0), "rm" | "remove" | "set-url"),
        "notes" => matches!(options.verb(0), "remove" | "prune"),
        _ => false,
    }
}

/// Whether a push changes what others may have.
fn rewrites(words: &[Word], options: &Options) -> bool {
    let forced = options.has(&[
        "-f",
        "--force",
        "--force-with-lease",
        "--force-if-includes",
        "--delete",
        "-d",
        "--mirror",
        "--prune",
    ]);
    let by_ref = options.operands.iter().skip(1);
    forced
        || by_ref.into_iter().any(|word| word.text.starts_with(['+', ':']))
        || words.iter().any(|word| word.text.starts_with("--force"))
}

fn drops_by_checkout(words: &[Word], options: &Options) -> bool {
    options.has(&["-f", "--force", "--theirs", "--ours"])
        || words.iter().any(|word| word.is("--") || is_path(&word.text))
            && !options.has(&["-b", "-B"])
}

/// Whether a word is a path rather than a name of a commit.
fn is_path(text: &str) -> bool {
    let last = text.rsplit('/').next().unwrap_or(text);
    let extension = last.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(text, "." | ":/" | "./" | "..")
        || extension.starts_with(|c: char| c.is_ascii_alphabetic()) && !text.contains("..")
}

/// The text of `--tree-filter 'command'`.
fn filter_text(pair: &[Word]) -> Option<(usize, String)> {
    let [option, text] = pair else { return None };
    let filter = option.text.starts_with("--") && option.text.ends_with("-filter");
    (filter && option.text != "--subdirectory-filter")
        .then(|| text.text().map(|text| (0, text.to_owned())))?
}
