//! A server that is a process: one message a line.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Instant;

use assize_mcp::{Message, Start, message};
use rustix::process::{Pid, Signal, kill_process_group};

use super::{BYTES_MAX, Wire, left};

/// Lines that wait to be read.
const WAITING_MAX: usize = 64;

/// What the reader of the output passes on.
enum Line {
    Text(String),
    TooMuch,
}

pub(super) struct Process {
    child: Child,
    input: ChildStdin,
    lines: Receiver<Line>,
    until: Instant,
}

impl Process {
    pub(super) fn spawn(start: &Start, root: &Path, until: Instant) -> Result<Self, String> {
        let (program, arguments) = start.words.split_first().ok_or("it names no program")?;
        // A path is relative to where the client starts the server.
        let folder = root.join(start.folder.as_deref().unwrap_or("."));
        let path = if program.contains('/') { folder.join(program) } else { program.into() };
        let mut child = Command::new(path)
            .args(arguments)
            .envs(start.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .map_err(|error| format!("it cannot be started: {error}"))?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (send, lines) = sync_channel(WAITING_MAX);
        let (Some(input), Some(output)) = (input, output) else {
            return Err("its streams are not there".to_owned());
        };
        std::thread::spawn(move || read(output, &send));
        Ok(Self { child, input, lines, until })
    }
}

/// Passes lines on until there is no more, too much, or nobody who listens.
fn read(output: ChildStdout, send: &SyncSender<Line>) {
    let mut output = BufReader::new(output.take(BYTES_MAX as u64));
    let mut all = 0;
    loop {
        let mut line = Vec::new();
        match output.read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => break,
            Ok(count) => all += count,
        }
        let Ok(text) = String::from_utf8(line) else { continue };
        if send.send(Line::Text(text)).is_err() {
            return;
        }
    }
    if all >= BYTES_MAX {
        // Who no longer listens need not be told.
        drop(send.send(Line::TooMuch));
    }
}

impl Wire for Process {
    fn ask(&mut self, text: &str, id: u64) -> Result<Message, String> {
        self.tell(text)?;
        loop {
            let line = match self.lines.recv_timeout(left(self.until)?) {
                Ok(Line::Text(line)) => line,
                Ok(Line::TooMuch) => return Err(format!("it says more than {BYTES_MAX} bytes")),
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => return Err("it ended".to_owned()),
            };
            // Some print a greeting first.
            match message(line.trim()) {
                Some(found) if is_answer(&found, id) => return Ok(found),
                _ => {}
            }
        }
    }

    fn tell(&mut self, text: &str) -> Result<(), String> {
        let sent = self.input.write_all(format!("{text}\n").as_bytes());
        sent.and_then(|()| self.input.flush()).map_err(|_| "it ended".to_owned())
    }
}

pub(super) fn is_answer(message: &Message, id: u64) -> bool {
    match message {
        Message::Done(of) | Message::Tools(of, _) | Message::Failed(of, _) => *of == id,
        Message::Other => false,
    }
}

impl Drop for Process {
    /// Ends the server and what it started.
    fn drop(&mut self) {
        let group = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        let ended = group.map(|group| kill_process_group(group, Signal::KILL));
        if !matches!(ended, Some(Ok(()))) {
            // The group is gone already; the server itself may have left it.
            drop(self.child.kill());
        }
        drop(self.child.wait());
    }
}
