//! What git knows of single files: their history, and which lines of the tree name them.
//!
//! Both are asked while a client waits, so both give up in time.

use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::Git;

/// More lines name a file only where the name says nothing.
const OUTPUT_BYTES_MAX: u64 = 4 << 20;
/// Separates the fields of a commit: no name holds it.
const FIELD: char = '\u{1f}';

/// The history of files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Past {
    pub commits: usize,
    /// The short hash of the last commit; the next three are its day, its author and its subject.
    pub hash: String,
    pub day: String,
    pub author: String,
    pub subject: String,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub path: String,
    pub number: u32,
    pub text: String,
}

impl Git {
    /// The history of files below a folder, by their paths in it; nothing where git does not tell
    /// it in time.
    pub fn past(&self, folder: &Path, paths: &[&str], wait: Duration) -> Option<Past> {
        let format = ["%h", "%as", "%an", "%s"].join(&FIELD.to_string());
        let format = format!("--format={format}");
        let mut arguments =
            vec!["-C", folder.to_str()?, "log", "--no-show-signature", &format, "--"];
        arguments.extend(paths);
        let output = output(self.command(&arguments), wait)?;
        let mut past = Past { commits: output.lines().count(), ..Past::default() };
        if let Some(last) = output.lines().next() {
            let mut fields = last.splitn(4, FIELD).map(str::to_owned);
            let mut next = || fields.next().unwrap_or_default();
            (past.hash, past.day, past.author, past.subject) = (next(), next(), next(), next());
        }
        Some(past)
    }

    /// The lines of tracked and new files below a folder that hold one of the texts; nothing where
    /// git does not tell them in time, or where there are too many.
    pub fn lines(&self, folder: &Path, texts: &[&str], wait: Duration) -> Option<Vec<Line>> {
        let mut arguments = vec!["-C", folder.to_str()?, "grep", "-I", "-n", "-z", "--no-color"];
        arguments.extend(["--no-recurse-submodules", "--untracked", "--fixed-strings"]);
        arguments.extend(texts.iter().flat_map(|text| ["-e", text]));
        let output = output(self.command(&arguments), wait)?;
        Some(output.lines().filter_map(line).collect())
    }
}

fn line(line: &str) -> Option<Line> {
    let (path, rest) = line.split_once('\0')?;
    // Which of the two stands there is a matter of git's version.
    let (number, text) = rest.split_once([':', '\0'])?;
    Some(Line { path: path.to_owned(), number: number.parse().ok()?, text: text.to_owned() })
}

/// What a command prints; nothing where it fails, prints too much or takes too long. Nothing found
/// is no failure.
fn output(mut command: Command, wait: Duration) -> Option<String> {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let stdout = child.stdout.take()?;
    let (send, receive) = mpsc::channel();
    let reader = std::thread::Builder::new().spawn(move || {
        let mut bytes = Vec::new();
        let read = stdout.take(OUTPUT_BYTES_MAX + 1).read_to_end(&mut bytes);
        // Who waited too long is no longer there.
        drop(send.send(read.map(|_| bytes)));
    });
    let bytes = reader.ok().and_then(|_| receive.recv_timeout(wait).ok());
    let whole = bytes.and_then(Result::ok).filter(|bytes| bytes.len() as u64 <= OUTPUT_BYTES_MAX);
    if whole.is_none() {
        // It may have ended by itself.
        drop(child.kill());
    }
    let status = child.wait().ok()?;
    let ended = status.success() || status.code() == Some(1);
    whole.filter(|_| ended).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use std::process::Command;
    use std::time::{Duration, Instant};

    use super::{Line, line, output};

    #[test]
    fn a_line_of_git_is_read() {
        let expected = Line { path: "a b.py".into(), number: 3, text: "x: y".into() };
        assert_eq!(line("a b.py\x003\x00x: y").as_ref(), Some(&expected));
        assert_eq!(line("a b.py\x003:x: y"), Some(expected));
        assert_eq!(line("Binary file"), None);
    }

    #[test]
    fn what_takes_too_long_or_fails_gives_nothing() {
        let begun = Instant::now();
        let mut slow = Command::new("sleep");
        slow.arg("20");
        assert_eq!(output(slow, Duration::from_millis(50)), None);
        assert!(begun.elapsed() < Duration::from_secs(10));
        let mut fails = Command::new("sh");
        fails.args(["-c", "exit 3"]);
        assert_eq!(output(fails, Duration::from_secs(10)), None);
        let mut endless = Command::new("yes");
        endless.arg("word");
        assert_eq!(output(endless, Duration::from_secs(10)), None);
        let mut none = Command::new("sh");
        none.args(["-c", "exit 1"]);
        assert_eq!(output(none, Duration::from_secs(10)), Some(String::new()));
    }
}
