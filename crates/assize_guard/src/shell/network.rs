//! Other programs that reach a host: sockets, copies, the command lines of services.

use crate::{Effect, Place, Reach};

use super::call::Call;
use super::transfer::host_of;
use super::walk::Walk;
use super::word::{Options, Stream, Word};

/// Commands of services that send files: program, words that select the command.
#[rustfmt::skip]
const UPLOADS: &[(&str, &[&str])] = &[
    ("gh", &["gist", "create"]), ("gh", &["gist", "edit"]), ("gh", &["release", "create"]),
    ("gh", &["release", "upload"]), ("gh", &["api"]), ("gh", &["pr", "create"]),
    ("gh", &["pr", "comment"]), ("gh", &["issue", "create"]), ("gh", &["issue", "comment"]),
    ("glab", &["snippet"]), ("aws", &["s3"]), ("aws", &["s3api"]), ("gsutil", &["cp"]),
    ("gsutil", &["rsync"]), ("gcloud", &["storage"]), ("az", &["storage"]), ("rclone", &["copy"]),
    ("rclone", &["sync"]), ("npm", &["publish"]), ("yarn", &["publish"]), ("pnpm", &["publish"]),
    ("cargo", &["publish"]), ("twine", &["upload"]), ("docker", &["push"]), ("podman", &["push"]),
    ("helm", &["push"]), ("gem", &["push"]), ("poetry", &["publish"]), ("uv", &["publish"]),
    ("vercel", &[]), ("netlify", &["deploy"]), ("wrangler", &["deploy"]), ("fly", &["deploy"]),
    ("ngrok", &[]), ("cloudflared", &[]), ("transfer", &[]), ("mail", &[]), ("sendmail", &[]),
    ("mailx", &[]), ("mutt", &[]),
];

const NAMES: [&str; 5] = ["dig", "nslookup", "host", "ping", "drill"];

impl Walk<'_> {
    pub(super) fn network(&mut self, call: &Call<'_>) -> Option<Stream> {
        match call.name {
            "nc" | "ncat" | "netcat" | "telnet" | "socat" | "openssl" => self.socket(call),
            "scp" | "sftp" | "ftp" | "rsync" | "lftp" => {
                self.copy_to_host(call);
                Some(Stream::Unknown)
            }
            name if NAMES.contains(&name) => {
                let options = Options::of(call.words, &["-c", "-i", "-t", "-W", "-p"]);
                let known = options.operands.iter().find(|word| !word.text.starts_with('+'));
                let host = known.and_then(Word::text).map(str::to_owned);
                // A name that holds a value carries it away.
                let upload = options.operands.iter().any(|word| word.text().is_none());
                let sends = options.operands.iter().flat_map(|word| word.carries.clone()).collect();
                self.push(Effect::Network { host, sends, upload });
                Some(Stream::Fetched)
            }
            _ => {
                self.services(call);
                prints_remote(call).then_some(Stream::Fetched)
            }
        }
    }

    fn socket(&mut self, call: &Call<'_>) -> Option<Stream> {
        if call.name == "openssl" && !call.words.first().is_some_and(|word| word.is("s_client")) {
            return None;
        }
        let options = Options::of(call.words, &["-e", "-c", "-w", "-p", "-s", "-i", "-connect"]);
        let spawns = options.has(&["-e", "-c", "--exec", "--sh-exec"])
            || call.words.iter().any(|word| {
                let text = word.text.to_ascii_lowercase();
                text.starts_with("exec:") || text.starts_with("system:")
            });
        if spawns {
            self.push(Effect::RunsFetched);
        }
        let connect = options.value(&["-connect"]).or_else(|| options.operand(0));
        let host = connect.and_then(Word::text).map(|text| {
            let text = text.rsplit(['/', '@']).next().unwrap_or(text);
            let after = text.strip_prefix("TCP:").or_else(|| text.strip_prefix("tcp:"));
            after.unwrap_or(text).split(':').next().unwrap_or(text).to_owned()
        });
        let host = host.filter(|_| !options.has(&["-l"]));
        let upload = !matches!(call.input, Stream::Absent);
        let sends = self.sent(&call.input);
        self.push(Effect::Network { host, sends, upload });
        Some(Stream::Fetched)
    }

    fn copy_to_host(&mut self, call: &Call<'_>) {
        let valued = [
            "-i",
            "-P",
            "-o",
            "-F",
            "-J",
            "-l",
            "-S",
            "-c",
            "-e",
            "--rsh",
            "--exclude",
            "--include",
            "-b",
            "--port",
        ];
        let options = Options::of(call.words, &valued);
        for word in options.values(&["-e", "--rsh"]).filter(|_| call.name == "rsync") {
            self.shell_text(word, Stream::Absent);
        }
        let Some((target, sources)) = options.operands.split_last() else { return };
        let remote = |word: &Word| host_of(&word.text).or_else(|| short_host(&word.text));
        let to = remote(target);
        let from = sources.iter().find_map(remote);
        let local: Vec<Place> = sources
            .iter()
            .filter(|word| remote(word).is_none())
            .map(|word| self.read(word))
            .collect();
        if let Some(host) = to.clone().or(from) {
            let upload = to.is_some();
            let sends = if upload { local } else { Vec::new() };
            self.push(Effect::Network { host: Some(host), sends, upload });
        }
        if to.is_none() && matches!(call.name, "rsync" | "scp") && !sources.is_empty() {
            for source in sources.iter().filter(|word| remote(word).is_some()) {
                self.copied_from(source, target);
            }
            let at = super::place::inside(self.place(target));
            // `--delete-before`, `--delete-excluded` and all the others.
            let deletes = call.words.iter().any(|word| word.text.starts_with("--del"));
            if deletes {
                self.push(Effect::Delete { at: at.clone(), reach: Reach::Many });
            }
            self.write(at, None, Reach::Many);
        } else if to.is_none() && call.name != "rsync" {
            let host = target.text().map(str::to_owned);
            let upload = !matches!(call.input, Stream::Absent);
            self.push(Effect::Network { host, sends: Vec::new(), upload });
        }
        if options.has(&["--remove-source-files"]) {
            for word in sources {
                let at = super::place::inside(self.place(word));
                self.push(Effect::Delete { at, reach: Reach::Many });
            }
        }
    }

    fn services(&mut self, call: &Call<'_>) {
        let fits = |(name, words): &&(&str, &[&str])| {
            *name == call.name
                && words.iter().all(|verb| call.words.iter().any(|word| word.is(verb)))
        };
        if UPLOADS.iter().any(|row| fits(&row)) {
            let mut sends = self.sent(&call.input);
            let attached = ["-a", "-A", "--attach", "--attachment"];
            if matches!(call.name, "mutt" | "mail" | "mailx" | "sendmail" | "neomutt" | "s-nail") {
                let options = Options::of(call.words, &attached);
                for word in options.values(&attached) {
                    sends.push(self.read(word));
                }
            }
            let carries = matches!(call.name, "gh" | "aws" | "gsutil" | "gcloud" | "az" | "rclone");
            for word in call.words.iter().filter(|_| carries) {
                if is_local_file(&word.text) {
                    sends.push(self.read(word));
                }
            }
            self.push(Effect::Network { host: None, sends, upload: true });
        }
    }
}

/// Commands of services that print what somebody put there.
fn prints_remote(call: &Call<'_>) -> bool {
    let first = |at: usize| call.words.get(at).map_or("", |word| word.text.as_str());
    match (call.name, first(0), first(1)) {
        ("gh", "gist", "view") | ("gsutil", "cat", _) | ("svn", "cat", _) => true,
        ("aws", "s3", "cp") => call.words.last().is_some_and(|word| word.is("-")),
        ("gcloud", "storage", "cat") | ("s3cmd", "get", "-") => true,
        ("rclone", "cat", _) | ("mc", "cat", _) | ("ipfs", "cat", _) => true,
        _ => false,
    }
}

/// `host:path` as scp and rsync take it.
fn short_host(text: &str) -> Option<String> {
    let (host, _) = text.split_once(':')?;
    let host = host.rsplit('@').next().unwrap_or(host);
    (!host.is_empty() && !host.contains('/')).then(|| host.to_owned())
}

fn is_local_file(text: &str) -> bool {
    !text.starts_with('-') && !text.contains("://") && text.contains(['.', '/'])
}
