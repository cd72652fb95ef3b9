//! What inline code as a whole tells: credentials that it names, processes that it ends, text that
//! it fetches or decodes and runs.

use crate::protected::{Kind, kind_of, starts};
use crate::{Effect, Place, Reach};

use super::code::Token;
use super::walk::Walk;
use super::word::{EVERY, Word};

/// Calls that run a text as code.
const RUNS: [&str; 12] = [
    "exec",
    "eval",
    "Function",
    "instance_eval",
    "class_eval",
    "runInThisContext",
    "runInNewContext",
    "loads",
    "compile",
    "iex",
    "load_string",
    "create_function",
];
/// Calls that fetch a text.
#[rustfmt::skip]
const FETCHES: &[&str] = &[
    "urlopen", "urlretrieve", "fetch", "requests.get", "requests.post", "httpx.get", "http.get", "https.get",
    "axios.get", "URI.open", "HTTP.get", "LWP", "Net::HTTP.get", "curl_exec", "got", "open_uri",
    "http.client.HTTPSConnection", "HTTPSConnection", "HTTPConnection",
];
/// Calls that turn a text into another one that nobody has read.
const DECODES: [&str; 10] = [
    "b64decode",
    "fromhex",
    "atob",
    "decompress",
    "base64_decode",
    "gzinflate",
    "str_rot13",
    "decode_base64",
    "unhexlify",
    "a2b_base64",
];
/// Calls that read a file.
#[rustfmt::skip]
const READS: &[&str] = &[
    "readFileSync", "readFile", "createReadStream", "file_get_contents", "readfile", "file", "File.read",
    "IO.read", "IO.readlines", "File.readlines", "File.open", "readTextFile", "readTextFileSync", "slurp",
    "Bun.file", "open", "Path", "copyFileSync", "copyfile", "loadtxt", "read_csv",
];
/// Words that stand for the home folder.
const HOME: [&str; 9] = [
    "homedir",
    "expanduser",
    "HOME",
    "home()",
    "home_dir",
    "getpwuid",
    "getpwnam",
    "USERPROFILE",
    "Dir.home",
];
/// Calls and modes by which a file is written.
#[rustfmt::skip]
const WRITES: [&str; 12] = [
    "appendFileSync", "appendFile", "writeFileSync", "writeFile", "write_text", "write_bytes",
    "file_put_contents", "File.write", "IO.write", "createWriteStream", "writeTextFileSync", "copyFileSync",
];
const WRITE_MODES: [&str; 8] = ["a", "w", "a+", "w+", "ab", "wb", ">>", ">"];
/// Calls that change who a process is.
const BECOMES: [&str; 5] = ["setuid", "seteuid", "setresuid", "setreuid", "setgid"];
const SHELLS: [&str; 6] = ["sh", "bash", "/bin/sh", "/bin/bash", "cmd.exe", "powershell.exe"];
const SOCKETS: [&str; 6] =
    ["create_connection", "TCPSocket", "fsockopen", "net.connect", "net.Socket", "socket"];

/// How many pieces of a path are put together.
const PIECES_MAX: usize = 5;

impl Walk<'_> {
    /// `folded`: the same with literals put together; effects of this code begin at `from`.
    pub(super) fn inline(&mut self, tokens: &[Token], folded: &[Token], code: &str, from: usize) {
        self.inline_secrets(tokens, code);
        if folded != tokens {
            self.inline_secrets(folded, code);
        }
        self.inline_kills(tokens, code);
        self.disguised(folded, code, from);
        if runs_unread(tokens, code) {
            self.push(Effect::RunsFetched);
        }
    }

    /// Paths of credentials, in one literal or in pieces: `Path.home() / ".aws" / "credentials"`.
    fn inline_secrets(&mut self, tokens: &[Token], code: &str) {
        let homes = HOME.iter().any(|word| code.contains(word)) || code.contains("~");
        let writes = tokens.iter().any(|token| match token {
            Token::Name(name) => WRITES.iter().any(|known| name.ends_with(known)),
            Token::Text(text) => WRITE_MODES.contains(&text.as_str()),
            Token::Ticks(_) | Token::Sign(_) => false,
        });
        let mut found = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let (Token::Text(text) | Token::Ticks(text)) = token else { continue };
            let before = at.checked_sub(1).and_then(|at| tokens.get(at));
            let called = at.checked_sub(2).and_then(|at| tokens.get(at));
            if let (Some(Token::Sign('(')), Some(Token::Name(name))) = (before, called)
                && reads(name)
            {
                self.inline_secret(&Word::known(text), &mut found);
            }
            if text.starts_with(['/', '~']) || text.contains("://") {
                let outside = super::place::file_address(text).unwrap_or_else(|| text.clone());
                let outside = outside.replacen("~/", &format!("{}/", self.home), 1);
                if !outside.starts_with(&self.surroundings.root) {
                    self.inline_secret(&Word::known(outside), &mut found);
                }
            }
            for joined in joined(tokens, at, text).into_iter().filter(|_| homes) {
                let own = Place::Known(format!("{}{joined}", self.home));
                if writes && kind_of(&own, self.surroundings) == Some(Kind::Own) {
                    self.write(own, None, Reach::One);
                }
                let word = Word { tail: joined, ..Word::unknown() };
                if let Some(place) = self.likely_place(&word) {
                    if writes && starts(&place, self.surroundings) {
                        self.write(place.clone(), None, Reach::One);
                    }
                    self.add_secret(place, &mut found);
                }
            }
        }
        for place in found {
            self.push(Effect::Read(place));
        }
    }

    fn inline_secret(&self, word: &Word, found: &mut Vec<Place>) {
        let at = self.place(word);
        self.add_secret(at, found);
    }

    fn add_secret(&self, at: Place, found: &mut Vec<Place>) {
        if self.is_secret(&at) && !found.contains(&at) {
            found.push(at);
        }
    }

    /// `os.kill(-1, 9)`, `process.kill(process.ppid)`, `kill 9, -1`, and forks without end.
    fn inline_kills(&mut self, tokens: &[Token], code: &str) {
        let all = ["/proc", "process_iter", "psutil.pids", "ProcTable"];
        let listed = all.iter().any(|word| code.contains(word));
        let texts = tokens.iter().filter_map(Token::text);
        let shown = texts.take(TEXTS_MAX).find_map(|text| self.listed_processes(text));
        let loops = ["while", "loop", "for(;;)"].iter().any(|word| code.contains(word));
        for (at, token) in tokens.iter().enumerate() {
            let Token::Name(name) = token else { continue };
            let last = name.rsplit(['.', ':']).next().unwrap_or(name);
            let zero = matches!(tokens.get(at + 1..at + 3),
                Some([Token::Sign('('), Token::Name(number)]) if number == "0");
            if zero && BECOMES.contains(&last) {
                self.push(Effect::Privilege(last.to_owned()));
            }
            if last == "fork" && loops {
                self.push(Effect::Kill { chosen: vec![Some(EVERY.to_owned())] });
            }
            if !matches!(last, "kill" | "killpg" | "posix_kill" | "terminate") {
                continue;
            }
            let rest = tokens.get(at + 1..).unwrap_or(&[]);
            let mut chosen = numbers(rest);
            if rest.iter().take(ARGUMENTS_MAX).any(|token| {
                matches!(token, Token::Name(name) if name.to_ascii_lowercase().contains("ppid"))
            }) {
                chosen.push("PPID".to_owned());
            }
            if listed {
                chosen.push(self.sought(tokens));
            }
            chosen.extend(shown.iter().flatten().cloned());
            if !chosen.is_empty() {
                self.push(Effect::Kill { chosen: chosen.into_iter().map(Some).collect() });
            }
        }
    }

    /// A name by which the code chooses among all processes.
    fn sought(&self, tokens: &[Token]) -> String {
        let plain = |text: &&String| {
            text.len() > 2
                && !text.starts_with('/')
                && !matches!(text.as_str(), "name" | "pid" | "cmdline" | "SIGKILL" | "SIGTERM")
        };
        let mut texts = tokens.iter().filter_map(|token| match token {
            Token::Text(text) => Some(text),
            _ => None,
        });
        texts.rfind(|text| plain(text)).cloned().unwrap_or_else(|| EVERY.to_owned())
    }
}

/// How many literals may be commands that list processes.
const TEXTS_MAX: usize = 256;
/// How many tokens after a call are looked at.
const ARGUMENTS_MAX: usize = 12;

/// The numbers in the arguments that follow, `-1` as one.
fn numbers(tokens: &[Token]) -> Vec<String> {
    let mut out = Vec::new();
    let mut minus = false;
    for token in tokens.iter().take(ARGUMENTS_MAX) {
        match token {
            Token::Sign(')' | ';') => break,
            Token::Name(name) if matches!(name.as_str(), "0" | "1") => {
                out.push(if minus { format!("-{name}") } else { name.clone() });
            }
            _ => {}
        }
        minus = *token == Token::Sign('-');
    }
    out.retain(|number| number != "0" && number != "-0");
    out
}

/// The mode among the arguments of `chmod`: `0o4755`, `04755`, `0777`.
pub(super) fn mode_of(arguments: &[Token]) -> Option<String> {
    let number = arguments.iter().find_map(|token| match token {
        Token::Name(name) => {
            let digits = name.strip_prefix("0o").or_else(|| name.strip_prefix('0'))?;
            let octal = digits.bytes().all(|byte| byte.is_ascii_digit());
            (octal && (3..=4).contains(&digits.len())).then(|| digits.to_owned())
        }
        _ => None,
    })?;
    Some(number)
}

fn reads(name: &str) -> bool {
    let bare = name.trim_start_matches('.');
    READS.iter().any(|known| bare == *known || bare.ends_with(&format!(".{known}")))
}

/// A literal, and the paths that it begins together with those that follow it.
fn joined(tokens: &[Token], at: usize, text: &str) -> Vec<String> {
    // What stands before in the same literal may be the home folder: `${HOME}/.netrc`.
    let after = text.rfind(['}', '~']).map_or(text, |at| text.get(at + 1..).unwrap_or(""));
    let after = after.strip_prefix("$HOME").unwrap_or(after);
    let mut whole = format!("/{}", after.trim_start_matches('/'));
    let mut out = vec![whole.clone()];
    let mut rest = tokens.get(at + 1..).unwrap_or(&[]);
    for _ in 0..PIECES_MAX {
        let [Token::Sign(',' | '/' | '+' | '.'), Token::Text(next), tail @ ..] = rest else {
            break;
        };
        whole = format!("{}/{}", whole.trim_end_matches('/'), next.trim_start_matches('/'));
        out.push(whole.clone());
        rest = tail;
    }
    out
}

/// Whether code runs a text that it fetches or decodes, or hands a shell to a host.
fn runs_unread(tokens: &[Token], code: &str) -> bool {
    let mut runs = false;
    let mut gets = false;
    let mut socket = false;
    let mut shell = false;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Name(name) => {
                let bare = name.trim_start_matches('.');
                let last = bare.rsplit(['.', ':']).next().unwrap_or(bare);
                let loads = last != "loads" || code.contains("pickle") || code.contains("marshal");
                let compiles = last != "compile" || code.contains("exec");
                let method = name.starts_with('.') || bare.contains('.') && last == "exec";
                runs |= RUNS.contains(&last) && loads && compiles && !(method && last == "exec");
                gets |= FETCHES.iter().any(|known| bare == *known || bare.ends_with(known));
                gets |= DECODES.contains(&last);
                let web = |token: Option<&Token>| matches!(token, Some(Token::Text(text)) if text.starts_with("http"));
                let loads_web =
                    matches!(last, "file_get_contents" | "get" | "open" | "import" | "require");
                gets |= loads_web && (web(tokens.get(at + 1)) || web(tokens.get(at + 2)));
                runs |= last == "import" && web(tokens.get(at + 2));
                socket |= SOCKETS.iter().any(|known| bare == *known || bare.ends_with(known));
            }
            Token::Text(text) => {
                let program = text.split(' ').next().unwrap_or(text);
                shell |= SHELLS.contains(&program);
            }
            Token::Ticks(_) | Token::Sign(_) => {}
        }
    }
    // Perl runs what a socket says: `eval <$s>`.
    let said =
        |pair: &[Token]| matches!(pair, [Token::Name(name), Token::Sign('<')] if name == "eval");
    let socket_says = || code.contains("IO::Socket") && tokens.windows(2).any(said);
    runs && gets || socket && shell || socket_says()
}
