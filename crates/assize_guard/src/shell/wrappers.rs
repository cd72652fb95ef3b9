//! Programs that run another program.

use crate::{Effect, Place};

use super::call::Call;
use super::output::joined;
use super::walk::Walk;
use super::word::{Options, Stream, Word};

/// How a wrapper is called.
struct Wrapper {
    name: &'static str,
    /// Options that take the next word.
    valued: &'static str,
    /// How many operands stand before the command.
    skip: usize,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The words that follow are the command.
    Words,
    /// The same with more rights.
    Privileged,
    /// The words are joined and given to a shell.
    Text,
    /// The words are joined; the shell runs on another machine.
    Remote,
    /// The command runs in another root or container.
    Elsewhere,
    /// The option `-c` holds the text.
    OptionC,
}

const fn wrapper(name: &'static str, valued: &'static str, skip: usize, kind: Kind) -> Wrapper {
    Wrapper { name, valued, skip, kind }
}

#[rustfmt::skip]
const WRAPPERS: &[Wrapper] = &[
    wrapper("sudo",
        "-u -g -C -h -p -U -D -R -T -r -t --user --group --chdir --prompt", 0, Kind::Privileged),
    wrapper("doas", "-u -C", 0, Kind::Privileged),
    wrapper("pkexec", "--user", 0, Kind::Privileged),
    wrapper("gosu", "", 1, Kind::Privileged),
    wrapper("su-exec", "", 1, Kind::Privileged),
    wrapper("run0", "-u --user --unit --property", 0, Kind::Privileged),
    wrapper("nice", "-n --adjustment", 0, Kind::Words),
    wrapper("ionice", "-c -n -p", 0, Kind::Words),
    wrapper("chrt", "-p", 1, Kind::Words),
    wrapper("taskset", "", 1, Kind::Words),
    wrapper("nohup", "", 0, Kind::Words),
    wrapper("time", "-f -o --format --output", 0, Kind::Words),
    wrapper("timeout", "-k -s --signal --kill-after", 1, Kind::Words),
    wrapper("gtimeout", "-k -s --signal --kill-after", 1, Kind::Words),
    wrapper("stdbuf", "-i -o -e", 0, Kind::Words),
    wrapper("unbuffer", "", 0, Kind::Words),
    wrapper("setsid", "", 0, Kind::Words),
    wrapper("setarch", "", 0, Kind::Words),
    wrapper("prlimit", "", 0, Kind::Words),
    wrapper("systemd-run", "-p -u --unit --property", 0, Kind::Words),
    wrapper("caffeinate", "-t -w", 0, Kind::Words),
    wrapper("command", "", 0, Kind::Words),
    wrapper("builtin", "", 0, Kind::Words),
    wrapper("exec", "-a", 0, Kind::Words),
    wrapper("busybox", "", 0, Kind::Words),
    wrapper("toybox", "", 0, Kind::Words),
    wrapper("strace", "-e -o -p -s -E -u", 0, Kind::Words),
    wrapper("ltrace", "-e -o -p -s -u", 0, Kind::Words),
    wrapper("valgrind", "", 0, Kind::Words),
    wrapper("perf", "", 1, Kind::Words),
    wrapper("xvfb-run", "-s -n -e -f", 0, Kind::Words),
    wrapper("cross-env", "", 0, Kind::Words),
    wrapper("dotenv", "-e -f", 0, Kind::Words),
    wrapper("direnv", "", 2, Kind::Words),
    wrapper("uvx", "--from --with", 0, Kind::Words),
    wrapper("pipx", "--spec", 1, Kind::Words),
    wrapper("linux64", "", 0, Kind::Words),
    wrapper("linux32", "", 0, Kind::Words),
    wrapper("i386", "", 0, Kind::Words),
    wrapper("dbus-run-session", "", 0, Kind::Words),
    wrapper("faketime", "", 1, Kind::Words),
    wrapper("eatmydata", "", 0, Kind::Words),
    wrapper("dumb-init", "", 0, Kind::Words),
    wrapper("tini", "", 0, Kind::Words),
    wrapper("rlwrap", "-f -H", 0, Kind::Words),
    wrapper("choom", "-n -p", 0, Kind::Words),
    wrapper("numactl", "-N -m -C", 0, Kind::Words),
    wrapper("sshpass", "-p -f", 0, Kind::Words),
    wrapper("setpriv", "", 0, Kind::Privileged),
    wrapper("gosu", "", 1, Kind::Privileged),
    wrapper("su-exec", "", 1, Kind::Privileged),
    wrapper("fakeroot", "-l -s -i", 0, Kind::Words),
    wrapper("firejail", "", 0, Kind::Words),
    wrapper("proxychains", "-f", 0, Kind::Words),
    wrapper("torsocks", "", 0, Kind::Words),
    wrapper("watch", "-n --interval", 0, Kind::Text),
    wrapper("entr", "", 0, Kind::Words),
    wrapper("flock", "-w -E --timeout --wait", 1, Kind::OptionC),
    wrapper("su", "-s -g --shell", 0, Kind::OptionC),
    wrapper("runuser", "-u -g -s", 0, Kind::OptionC),
    wrapper("script", "-I -O -B -T", 0, Kind::OptionC),
    wrapper("ssh", "-b -c -D -E -F -i -J -L -l -m -o -p -R -S -W -w", 1, Kind::Remote),
    wrapper("chroot", "--userspec --groups", 1, Kind::Elsewhere),
    wrapper("unshare", "", 0, Kind::Elsewhere),
    wrapper("nsenter", "-t -S -G --target", 0, Kind::Elsewhere),
    wrapper("bwrap", "", 0, Kind::Elsewhere),
];

#[rustfmt::skip]
const EXEC_VALUED: &[&str] = &[
    "-e", "-u", "-w", "-n", "-c", "-v", "-p", "-l", "-h", "-m", "-f", "--env", "--user", "--name",
    "--workdir", "--volume", "--network", "--mount", "--entrypoint", "--container", "--namespace",
    "--env-file", "--publish", "--memory", "--cpus", "--platform", "--file", "--context", "--pid",
    "--ipc", "--userns", "--uts", "--cgroupns", "--security-opt", "--cap-add", "--device",
];

impl Walk<'_> {
    pub(super) fn wrapper(&mut self, call: &Call<'_>) -> Option<Stream> {
        match call.name {
            "env" => return Some(self.env(call)),
            "xargs" => return Some(self.xargs(call)),
            "parallel" | "rush" => return Some(self.parallel(call)),
            "find" | "gfind" => return Some(self.find(call)),
            "fd" | "fdfind" => return Some(self.find_short(call)),
            "docker" | "podman" | "nerdctl" | "kubectl" | "oc" | "docker-compose" => {
                return self.container(call);
            }
            "uv" | "poetry" | "pipenv" | "pdm" | "rye" | "hatch" | "bundle" | "dotenvx" => {
                let verb = call.words.first()?;
                let rest = call.words.get(1..).unwrap_or(&[]);
                return (verb.is("run") || verb.is("exec"))
                    .then(|| self.after_options(rest, &["--with", "--python", "-f"], 0, call));
            }
            "npx" | "bunx" | "npm" | "pnpm" | "yarn" | "bun" => return self.package_program(call),
            "conda" | "mamba" | "micromamba" | "mise" | "asdf" | "volta" => {
                let verb = call.words.first()?;
                let rest = call.words.get(1..).unwrap_or(&[]);
                return matches!(verb.text.as_str(), "run" | "exec" | "x")
                    .then(|| self.after_options(rest, &["-n", "-p"], 0, call));
            }
            "assize" => return self.recorded(call),
            // Without a program of their own they print settings.
            "ssh-agent" | "gpg-agent" => {
                let (_, at) = Options::leading(call.words, &["-t", "-a"]);
                let rest = call.words.get(at..).filter(|rest| !rest.is_empty())?;
                return Some(self.with_variables(rest, call));
            }
            "start-stop-daemon" => {
                let valued = ["--exec", "-x", "--startas", "-a", "-p", "-u", "-c", "-d"];
                let options = Options::of(call.words, &valued);
                let mut words: Vec<Word> = options
                    .value(&["--exec", "-x", "--startas", "-a"])
                    .cloned()
                    .into_iter()
                    .collect();
                words.extend(options.operands.iter().cloned());
                return Some(self.call(&words, call.variables, Stream::Absent));
            }
            name if name.starts_with("ld-linux") => {
                return Some(self.after_options(call.words, &["--library-path"], 0, call));
            }
            "gdb" => {
                let options = Options::of(call.words, &["-ex", "-iex", "-eval-command"]);
                let texts = options.values(&["-ex", "-iex", "-eval-command"]);
                let strip = |word: &Word| {
                    let text = word.text.trim_start();
                    text.strip_prefix("shell ").or(text.strip_prefix('!')).map(Word::known)
                };
                for text in texts.filter_map(strip).collect::<Vec<_>>() {
                    self.shell_text(&text, Stream::Absent);
                }
                return None;
            }
            _ => {}
        }
        // Only `direnv exec` runs something.
        if call.name == "direnv" && !call.words.first().is_some_and(|word| word.is("exec")) {
            return None;
        }
        let wrapper = WRAPPERS.iter().find(|wrapper| wrapper.name == call.name)?;
        self.wrapped(wrapper, call)
    }

    fn wrapped(&mut self, wrapper: &Wrapper, call: &Call<'_>) -> Option<Stream> {
        let valued: Vec<&str> = wrapper.valued.split(' ').collect();
        let (options, at) = Options::leading(call.words, &valued);
        let rest = call.words.get(at..).unwrap_or(&[]);
        match wrapper.kind {
            Kind::Words if wrapper.name == "command" && options.has(&["-v", "-V"]) => None,
            Kind::Words => Some(self.with_variables(rest.get(wrapper.skip..).unwrap_or(&[]), call)),
            Kind::Privileged => {
                self.push(Effect::Privilege(call.name.to_owned()));
                if rest.is_empty() {
                    return Some(self.run_input(call));
                }
                Some(self.with_variables(rest.get(wrapper.skip..).unwrap_or(&[]), call))
            }
            Kind::Text => {
                let text = joined(rest);
                Some(self.shell_text(&text, call.input.clone()))
            }
            Kind::Remote => {
                self.ssh_settings(&options);
                self.ssh(rest, call)
            }
            Kind::Elsewhere => {
                let rest = rest.get(wrapper.skip..).unwrap_or(&[]).to_vec();
                self.elsewhere(|walk| {
                    walk.call(&rest, call.variables, call.input.clone());
                });
                Some(Stream::Unknown)
            }
            Kind::OptionC => self.option_c(wrapper, rest, call),
        }
    }

    fn option_c(&mut self, wrapper: &Wrapper, rest: &[Word], call: &Call<'_>) -> Option<Stream> {
        if matches!(wrapper.name, "su" | "runuser") {
            self.push(Effect::Privilege(call.name.to_owned()));
        }
        let is_c = |word: &Word| {
            word.is("--command") || word.text.starts_with('-') && word.text.ends_with('c')
        };
        if let Some(at) = call.words.iter().position(is_c) {
            let text = call.words.get(at + 1).cloned().unwrap_or_default();
            return Some(self.shell_text(&text, call.input.clone()));
        }
        let long = call.words.iter().find_map(|word| {
            word.text.starts_with("--command=").then(|| word.without("--command=".len()))
        });
        if let Some(text) = long {
            return Some(self.shell_text(&text, call.input.clone()));
        }
        match wrapper.name {
            "script" => None,
            "su" => Some(self.run_input(call)),
            _ => Some(self.with_variables(rest.get(wrapper.skip..).unwrap_or(&[]), call)),
        }
    }

    /// `npx x`, `npm exec -- x`, `npx -c 'text'`.
    fn package_program(&mut self, call: &Call<'_>) -> Option<Stream> {
        let valued = ["-p", "--package", "-c", "--call"];
        let bare = matches!(call.name, "npx" | "bunx");
        let verb = call.words.first().filter(|_| !bare);
        if !bare && !verb.is_some_and(|verb| matches!(verb.text.as_str(), "exec" | "x")) {
            return None;
        }
        let rest = call.words.get(usize::from(!bare)..).unwrap_or(&[]);
        let (options, at) = Options::leading(rest, &valued);
        if let Some(text) = options.value(&["-c", "--call"]).cloned() {
            return Some(self.shell_text(&text, call.input.clone()));
        }
        let mut words = rest.get(at..).unwrap_or(&[]).to_vec();
        // `yarn exec rm -- -rf x` hands on what follows the dashes.
        if words.get(1).is_some_and(|word| word.is("--")) {
            words.remove(1);
        }
        Some(self.with_variables(&words, call))
    }

    /// `assize exec -- x`: what is recorded is run.
    fn recorded(&mut self, call: &Call<'_>) -> Option<Stream> {
        let (_, at) = Options::leading(call.words, &["--threads"]);
        let verb = call.words.get(at)?;
        let rest = call.words.get(at + 1..).unwrap_or(&[]);
        let valued = ["--name", "--report", "--threads"];
        verb.is("exec").then(|| self.after_options(rest, &valued, 0, call))
    }

    /// Runs what follows leading options.
    fn after_options(
        &mut self,
        words: &[Word],
        valued: &[&str],
        skip: usize,
        call: &Call<'_>,
    ) -> Stream {
        let (_, at) = Options::leading(words, valued);
        self.with_variables(words.get(at + skip..).unwrap_or(&[]), call)
    }

    /// `NAME=value .. command`.
    fn with_variables(&mut self, words: &[Word], call: &Call<'_>) -> Stream {
        let mut variables = call.variables.to_vec();
        let mut rest = words;
        while let Some((first, tail)) = rest.split_first() {
            let Some((name, _)) = first.text.split_once('=') else { break };
            if name.is_empty() || name.contains('/') {
                break;
            }
            let value = first.without(name.len() + 1);
            self.variable_runs(name, &value);
            variables.push((name.to_owned(), value));
            rest = tail;
        }
        if rest.first().is_some_and(|word| word.is("--")) {
            rest = rest.get(1..).unwrap_or(&[]);
        }
        // A program that another one starts is no function and no alias of this shell.
        let functions = std::mem::take(&mut self.scope.functions);
        let aliases = std::mem::take(&mut self.scope.aliases);
        let out = self.call(rest, &variables, call.input.clone());
        self.scope.functions.extend(functions);
        self.scope.aliases.extend(aliases);
        out
    }

    fn env(&mut self, call: &Call<'_>) -> Stream {
        let (options, at) = Options::leading(call.words, &["-u", "-C", "-S", "--chdir", "--unset"]);
        let rest = call.words.get(at..).unwrap_or(&[]);
        if let Some(text) = options.value(&["-S", "--split-string"]) {
            let mut text = text.clone();
            for word in rest {
                text.append(&Word::known(format!(" {}", word.quoted())));
            }
            return self.shell_text(&text, call.input.clone());
        }
        let Some(folder) = options.value(&["-C", "--chdir"]) else {
            return self.with_variables(rest, call);
        };
        let folder = self.place(folder);
        self.in_subshell(|walk| {
            walk.scope.folder = match folder {
                Place::Known(path) => Some(path),
                Place::Below(_) | Place::Unknown => None,
            };
            walk.with_variables(rest, call)
        })
    }

    fn xargs(&mut self, call: &Call<'_>) -> Stream {
        let valued = [
            "-I",
            "-n",
            "-P",
            "-L",
            "-d",
            "-a",
            "-s",
            "-E",
            "--max-args",
            "--max-procs",
            "--arg-file",
            "--delimiter",
            "--replace",
        ];
        let (options, at) = Options::leading(call.words, &valued);
        let from = options.value(&["-a", "--arg-file"]).and_then(|word| word.stream.as_deref());
        let given: Vec<Word> = match from.unwrap_or(&call.input) {
            // In the place of a mark stands a whole line.
            Stream::Text(text) if options.has(&["-I"]) => text.lines().map(Word::known).collect(),
            Stream::Text(text) => text.split_whitespace().map(Word::known).collect(),
            Stream::Begins(text) => vec![Word::begins(text)],
            Stream::Listed(word) => vec![word.as_ref().clone()],
            Stream::Absent | Stream::Unknown => vec![Word::unknown()],
            input => vec![input.clone().into_word()],
        };
        let words = call.words.get(at..).unwrap_or(&[]);
        let Some(mark) = options.value(&["-I"]) else {
            let all: Vec<Word> = words.iter().cloned().chain(given).collect();
            return self.call(&all, call.variables, Stream::Absent);
        };
        for word in given.iter().take(64) {
            let words = self.filled(words, &mark.text, word);
            self.call(&words, call.variables, Stream::Absent);
        }
        Stream::Unknown
    }

    /// `parallel command ::: words`, and words from the input like `xargs`.
    fn parallel(&mut self, call: &Call<'_>) -> Stream {
        let valued = ["-j", "-N", "-n", "-a", "-S", "--jobs", "-I", "-C", "--colsep", "--joblog"];
        let (_, at) = Options::leading(call.words, &valued);
        let rest = call.words.get(at..).unwrap_or(&[]);
        let is_mark = |word: &Word| matches!(word.text.as_str(), ":::" | ":::+" | "::::");
        let end = rest.iter().position(is_mark);
        let command = rest.get(..end.unwrap_or(rest.len())).unwrap_or(&[]);
        let mut given: Vec<Word> = match (end, &call.input) {
            (Some(end), _) => rest.get(end + 1..).unwrap_or(&[]).to_vec(),
            (None, Stream::Text(text)) => text.lines().map(Word::known).collect(),
            (None, Stream::Listed(word)) => vec![word.as_ref().clone()],
            (None, Stream::Absent) => vec![Word::known("")],
            (None, _) => vec![Word::unknown()],
        };
        given.retain(|word| !is_mark(word));
        for word in given.iter().take(PARALLEL_MAX) {
            if command.is_empty() {
                self.shell_text(word, Stream::Absent);
                continue;
            }
            let mut text = joined(&self.filled(command, "{}", word));
            if !command.iter().any(|part| part.text.contains("{}")) {
                self.scope.set(FOUND, word.clone());
                text.append(&Word::known(format!(" \"${FOUND}\"")));
            }
            self.shell_text(&text, Stream::Absent);
        }
        Stream::Unknown
    }

    /// Commands that ssh runs on this machine.
    fn ssh_settings(&mut self, options: &Options) {
        let names = ["proxycommand", "localcommand", "knownhostscommand"];
        for word in options.values(&["-o"]).cloned().collect::<Vec<_>>() {
            let Some(at) = word.text.find(['=', ' ']) else { continue };
            let name = word.text.get(..at).unwrap_or("").to_ascii_lowercase();
            if names.contains(&name.as_str()) {
                self.shell_text(&word.without(at + 1), Stream::Absent);
            }
        }
    }

    fn ssh(&mut self, rest: &[Word], call: &Call<'_>) -> Option<Stream> {
        let (host, command) = rest.split_first()?;
        let host = host.text().map(|host| host.rsplit('@').next().unwrap_or(host).to_owned());
        let sends = call.input.files().to_vec();
        self.push(Effect::Network { host, upload: !sends.is_empty(), sends });
        let text = joined(command);
        let input = call.input.clone();
        self.elsewhere(|walk| {
            if !command.is_empty() {
                walk.shell_text(&text, input);
            } else if let Stream::Text(text) = input {
                walk.nested(&text, Stream::Absent);
            }
        });
        Some(Stream::Fetched)
    }

    /// A command with the word in each place of the mark.
    pub(super) fn filled(&mut self, words: &[Word], mark: &str, by: &Word) -> Vec<Word> {
        self.scope.set(FOUND, by.clone());
        let fill = |word: &Word| {
            let Some((before, after)) = word.text.split_once(mark).filter(|_| !mark.is_empty())
            else {
                return word.clone();
            };
            // In a text that is run the name is one word of many.
            if by.text().is_none() && word.text.contains(' ') {
                let text = word.text.replace(mark, &format!("${{{FOUND}}}"));
                return Word { text, ..word.clone() };
            }
            let mut out = Word::known(before);
            out.append(by);
            out.append(&Word { text: after.to_owned(), ..word.clone() });
            out
        };
        words.iter().map(fill).collect()
    }

    fn container(&mut self, call: &Call<'_>) -> Option<Stream> {
        let verb = call.words.iter().position(|word| word.is("exec") || word.is("run"))?;
        let words = call.words.get(verb + 1..).unwrap_or(&[]);
        let (options, at) = Options::leading(words, EXEC_VALUED);
        self.container_rights(&options);
        let rest = match words.iter().position(|word| word.is("--")) {
            Some(mark) => words.get(mark + 1..).unwrap_or(&[]),
            None => words.get(at..)?.get(1..).unwrap_or(&[]),
        };
        let mut command: Vec<Word> = options.values(&["--entrypoint"]).cloned().collect();
        command.extend(rest.iter().cloned());
        self.elsewhere(|walk| {
            walk.call(&command, call.variables, call.input.clone());
        });
        Some(Stream::Unknown)
    }
}

/// How many words of `parallel` are followed.
const PARALLEL_MAX: usize = 16;

/// The variable that holds a found name inside of a longer text.
const FOUND: &str = "_assize_found";
