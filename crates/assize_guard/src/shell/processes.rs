//! Processes, services and timetables.

use rable::ast::ListOperator;
use rable::{Node, NodeKind};

use crate::{Effect, Place, Reach};

use super::call::Call;
use super::walk::Walk;
use super::word::{EVERY, Options, Stream, Word};

/// Stands before the names of services of the machine.
const SERVICE: &str = "service";

/// Programs that print processes: name, options that take a value.
#[rustfmt::skip]
const LISTS: &[(&str, &[&str])] = &[
    ("ps", &["-o", "-C", "-u", "-U", "-p", "-t", "--sort", "--ppid"]), ("pgrep", &["-u", "-U", "-g", "-P", "-t"]),
    ("pidof", &["-o"]), ("lsof", &["-i", "-u", "-c", "-p"]), ("fuser", &["-n"]), ("ss", &[]),
    ("netstat", &[]),
];

/// Commands that end everything that a program keeps: program, words that select it.
#[rustfmt::skip]
const ENDS_ALL: &[(&str, &[&str])] = &[
    ("tmux", &["kill-server"]), ("screen", &["quit"]), ("pm2", &["kill"]), ("pm2", &["delete", "all"]),
    ("pm2", &["stop", "all"]), ("supervisorctl", &["stop", "all"]), ("supervisorctl", &["shutdown"]),
    ("killall5", &[]), ("loginctl", &["terminate-user"]), ("loginctl", &["kill-user"]),
    ("mysqladmin", &["shutdown"]), ("redis-cli", &["shutdown"]), ("redis-cli", &["SHUTDOWN"]),
    ("valkey-cli", &["shutdown"]), ("wsl", &["--shutdown"]), ("forever", &["stopall"]),
];

/// The value of `$PPID`: whoever runs the shell.
pub(super) fn parent(name: &str) -> Option<Word> {
    (name == "PPID").then(|| Word { processes: vec!["PPID".to_owned()], ..Word::unknown() })
}

impl Walk<'_> {
    pub(super) fn processes(&mut self, call: &Call<'_>) -> Option<Stream> {
        let words = call.words;
        let has = |texts: &[&str]| words.iter().any(|word| texts.contains(&word.text.as_str()));
        let ends =
            |(name, all): &&(&str, &[&str])| *name == call.name && all.iter().all(|w| has(&[w]));
        if ENDS_ALL.iter().any(|row| ends(&row)) {
            self.end_all();
        }
        match call.name {
            "kill" | "pkill" | "killall" | "skill" | "xkill" if !has(&["-l", "-0"]) => {
                self.kill(call);
            }
            "fuser" if words.iter().any(|word| word.is_option() && word.text.contains('k')) => {
                self.kill(call);
            }
            "systemctl" | "service" | "launchctl" | "rc-service" | "supervisorctl" => {
                self.machine_service(call);
            }
            "docker" | "podman" | "nerdctl" if has(&["kill", "stop", "pause", "rm"]) => {
                if words.iter().any(|word| word.processes.iter().any(|chosen| chosen == EVERY)) {
                    self.end_all();
                }
                return None;
            }
            "gdb" | "lldb" | "gcore" | "strace" | "ltrace" => {
                self.attached(call);
                return None;
            }
            "shutdown" | "reboot" | "halt" | "poweroff" | "telinit" => self.end_all(),
            "init" if has(&["0", "6"]) => self.end_all(),
            "crontab" if !has(&["-l"]) => self.crontab(call),
            "at" | "batch" => {
                if let Stream::Text(text) = &call.input {
                    self.nested_subshell(text);
                } else {
                    self.scheduled("a command that runs later");
                }
            }
            _ => return self.process_list(call),
        }
        Some(Stream::Unknown)
    }

    pub(super) fn end_all(&mut self) {
        self.push(Effect::Kill { chosen: vec![Some(EVERY.to_owned())] });
    }

    /// What lists processes, and by which words it chooses them.
    pub(super) fn process_list(&self, call: &Call<'_>) -> Option<Stream> {
        if matches!(call.name, "docker" | "podman" | "nerdctl") {
            let lists = call.words.iter().any(|word| word.is("ps") || word.is("ls"));
            let quiet =
                call.words.iter().any(|word| word.text.starts_with('-') && word.text.contains('q'));
            let narrow = call
                .words
                .iter()
                .any(|word| word.text.starts_with("--filter") || word.is("-f") || word.is("-l"));
            let chosen = if narrow { Vec::new() } else { vec![EVERY.to_owned()] };
            let composed = call.words.first().is_some_and(|word| word.is("compose"));
            return (lists && quiet && !composed).then_some(Stream::Processes(chosen));
        }
        let (_, valued) = LISTS.iter().find(|(name, _)| *name == call.name)?;
        let options = Options::of(call.words, valued);
        let chosen =
            options.operands.iter().chain(options.values(&["-i", "-C", "-c", "-p", "--ppid"]));
        let mut chosen: Vec<String> = chosen.filter_map(Word::text).map(str::to_owned).collect();
        if call.name == "ps" {
            // `ps aux` has no dash.
            chosen.retain(|word| !word.bytes().all(|byte| b"aefluvxwwj".contains(&byte)));
        }
        if chosen.is_empty() {
            chosen.push(EVERY.to_owned());
        }
        Some(Stream::Processes(chosen))
    }

    fn machine_service(&mut self, call: &Call<'_>) {
        let words = call.words;
        let has = |texts: &[&str]| words.iter().any(|word| texts.contains(&word.text.as_str()));
        let own = has(&["--user"]);
        if has(&["stop", "kill", "disable", "mask", "unload", "bootout", "isolate"]) && !own {
            let mut chosen = vec![Some(SERVICE.to_owned())];
            chosen.extend(words.iter().map(|word| word.text().map(str::to_owned)));
            self.push(Effect::Kill { chosen });
        } else if has(&["stop", "restart", "kill", "disable"]) {
            let chosen = words.iter().map(|word| word.text().map(str::to_owned)).collect();
            self.push(Effect::Kill { chosen });
        }
        // A pattern at its beginning fits every unit of the person.
        if own && has(&["stop", "kill", "restart"]) && words.iter().any(|w| w.text.starts_with('*'))
        {
            self.end_all();
        }
        if has(&["poweroff", "reboot", "halt", "rescue", "emergency"]) {
            self.end_all();
        }
        if has(&["enable", "link", "load", "bootstrap"]) {
            self.scheduled("a service that is started later");
        }
    }

    /// A debugger in a process can do anything to it.
    fn attached(&mut self, call: &Call<'_>) {
        let options = Options::of(call.words, &["-p", "--pid", "-o", "-e", "-ex", "-x"]);
        let mut to: Vec<&Word> = options.values(&["-p", "--pid"]).collect();
        if call.name == "gcore" {
            to.extend(&options.operands);
        }
        let chosen: Vec<Option<String>> = to.into_iter().flat_map(words_of).collect();
        if !chosen.is_empty() {
            self.push(Effect::Kill { chosen });
        }
    }

    fn kill(&mut self, call: &Call<'_>) {
        let by_user =
            ["-s", "--signal", "-u", "-U", "--euid", "--uid", "-user", "--user", "-n", "-g", "-t"];
        let options = Options::of(call.words, &by_user);
        let mut words = call.words;
        // `kill -1 12` hangs up, `kill -1` ends all.
        if call.name == "kill" && words.len() > 1 && words.first().is_some_and(|word| word.is("-1"))
        {
            words = words.get(1..).unwrap_or(&[]);
        }
        let mut chosen: Vec<Option<String>> = words.iter().flat_map(words_of).collect();
        if !options.operands.is_empty() {
            chosen.retain(|word| !word.as_deref().is_some_and(is_signal));
        }
        let by = options.has(&["-u", "-U", "--euid", "--uid", "--user"]);
        if call.name != "fuser" && call.name != "kill" && by && options.operands.is_empty() {
            chosen.push(Some(EVERY.to_owned()));
        }
        if call.name == "fuser" && options.has(&["-m", "-M", "-c"]) {
            chosen.push(Some(EVERY.to_owned()));
        }
        if call.name == "fuser" {
            // `fuser -k -n tcp 80`: the number is a port.
            let bare = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
            for word in chosen.iter_mut().flatten().filter(|word| bare(word)) {
                word.insert(0, ':');
            }
        }
        self.push(Effect::Kill { chosen });
    }

    fn crontab(&mut self, call: &Call<'_>) {
        let at = Place::Below("/var/spool/cron/".to_owned());
        if call.words.iter().any(|word| word.is("-r")) {
            self.push(Effect::Delete { at, reach: Reach::One });
            return;
        }
        let content = match &call.input {
            Stream::Text(text) => Some(text.clone()),
            _ => None,
        };
        self.write(at, content, Reach::One);
    }

    fn scheduled(&mut self, why: &str) {
        self.cannot_know(why);
    }
}

/// The word, and what chose the processes that it holds.
fn words_of(word: &Word) -> Vec<Option<String>> {
    let chosen = word.processes.iter().cloned().map(Some);
    std::iter::once(word.text().map(str::to_owned)).chain(chosen).collect()
}

/// `-9`, `-TERM`, `-SIGKILL`.
fn is_signal(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|rest| {
        !rest.is_empty()
            && rest != "1"
            && (rest.bytes().all(|b| b.is_ascii_digit())
                || rest.len() > 2 && rest.bytes().all(|b| b.is_ascii_uppercase()))
    })
}

/// Whether a function starts itself more than once at a time: `:(){ :|:& };:`.
pub(super) fn forks(body: &Node, name: &str) -> bool {
    match &body.kind {
        NodeKind::BraceGroup { body, .. }
        | NodeKind::Subshell { body, .. }
        | NodeKind::While { body, .. }
        | NodeKind::Until { body, .. } => forks(body, name),
        NodeKind::List { items } => items.iter().any(|item| {
            let behind = item.operator == Some(ListOperator::Background);
            behind && calls(&item.command, name) || forks(&item.command, name)
        }),
        NodeKind::Pipeline { commands, .. } => {
            commands.iter().filter(|command| calls(command, name)).count() > 1
        }
        _ => false,
    }
}

fn calls(node: &Node, name: &str) -> bool {
    match &node.kind {
        NodeKind::Command { words, .. } => words.first().is_some_and(
            |word| matches!(&word.kind, NodeKind::Word { value, .. } if value == name),
        ),
        NodeKind::Pipeline { commands, .. } => commands.iter().any(|command| calls(command, name)),
        _ => false,
    }
}
