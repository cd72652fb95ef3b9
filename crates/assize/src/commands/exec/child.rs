//! The command itself: its streams, its signals, its end.

use std::fs::File;
use std::io::{self, IsTerminal as _, PipeReader, Read as _, Write as _};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;

/// Output beyond this is passed on and not kept: then nobody knows how many tests there were.
const KEPT_BYTES_MAX: usize = 16 << 20;
/// How long after the command's end more output is waited for. A service that it left behind holds
/// the pipe for as long as it lives. While a reader takes its time, nothing is lost by waiting.
const LINGER: Duration = Duration::from_secs(2);
const NOT_FOUND: u8 = 127;
const NOT_RUN: u8 = 126;
/// What shells add to the number of the signal that ended a command.
const SIGNAL_BASE: i32 = 128;

/// How the command ended.
#[derive(Debug, Default)]
pub(super) struct Ended {
    /// As a shell tells it.
    pub(super) status: u8,
    pub(super) signal: Option<i32>,
    /// What it printed; nothing where that was not seen whole.
    pub(super) output: Option<String>,
    pub(super) not_started: Option<String>,
}

/// Runs the command to its end.
pub(super) fn run(words: &[String]) -> Ended {
    match start_and_wait(words) {
        Ok(ended) => ended,
        Err(error) => {
            let missing = error.kind() == io::ErrorKind::NotFound;
            let program = words.first().map_or("", String::as_str);
            let not_started = Some(format!("cannot run `{program}`: {error}"));
            let status = if missing { NOT_FOUND } else { NOT_RUN };
            Ended { status, not_started, ..Ended::default() }
        }
    }
}

fn start_and_wait(words: &[String]) -> io::Result<Ended> {
    let (program, arguments) =
        words.split_first().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
    let mut command = Command::new(program);
    command.args(arguments);
    let streams = streams(&mut command)?;
    // From here on an interrupt is the command's.
    let signals = Signals::new([SIGINT, SIGQUIT, SIGTERM, SIGHUP])?;
    let mut child = command.spawn()?;
    // The writing ends that the command holds are ours as well until this is dropped.
    drop(command);
    forward(signals, &child);
    let (send, receive) = mpsc::channel();
    let copying: Vec<JoinHandle<()>> =
        streams.into_iter().map(|stream| copy(stream, send.clone())).collect();
    drop(send);
    let status = child.wait()?;
    let output = gather(&receive);
    if output.is_some() {
        // Each has come to its end already.
        copying.into_iter().for_each(|thread| drop(thread.join()));
    }
    let (status, signal) = as_a_shell_tells(status);
    Ok(Ended { status, signal, output: output.filter(|text| !text.is_empty()), not_started: None })
}

/// A stream of the command that is read along, and where it goes.
struct Stream {
    from: PipeReader,
    to: File,
}

/// Puts pipes where our own output is none of a terminal. Where both streams are one, they stay
/// one: else lines could change places.
fn streams(command: &mut Command) -> io::Result<Vec<Stream>> {
    let (stdout, stderr) = (io::stdout(), io::stderr());
    if stdout.is_terminal() {
        return Ok(Vec::new());
    }
    let (from, to) = io::pipe()?;
    let mut streams = vec![Stream { from, to: same_file(&stdout)? }];
    if is_one(&stdout, &stderr) {
        command.stderr(Stdio::from(to.try_clone()?));
    } else if !stderr.is_terminal() {
        let (from, to) = io::pipe()?;
        streams.push(Stream { from, to: same_file(&stderr)? });
        command.stderr(Stdio::from(to));
    }
    command.stdout(Stdio::from(to));
    Ok(streams)
}

fn same_file(stream: &impl AsFd) -> io::Result<File> {
    Ok(File::from(stream.as_fd().try_clone_to_owned()?))
}

fn is_one(one: &impl AsFd, other: &impl AsFd) -> bool {
    let id = |fd: OwnedFd| File::from(fd).metadata().map(|it| (it.dev(), it.ino(), it.rdev()));
    let of = |stream: &dyn Fn() -> io::Result<OwnedFd>| stream().and_then(id).ok();
    let first = of(&|| one.as_fd().try_clone_to_owned());
    first.is_some() && first == of(&|| other.as_fd().try_clone_to_owned())
}

/// What a stream tells while it is handed on.
enum Told {
    Read(Vec<u8>),
    Written,
}

/// Hands everything on at once, and tells what passed.
fn copy(mut stream: Stream, send: mpsc::Sender<Told>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut buffer = vec![0; 1 << 16];
        while let Ok(count) = stream.from.read(&mut buffer) {
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
            // Who no longer keeps it still lets it pass.
            drop(send.send(Told::Read(bytes.to_vec())));
            // Whoever reads us went away: the command is to notice, as it would have by itself.
            let written = stream.to.write_all(bytes);
            drop(send.send(Told::Written));
            if written.is_err() {
                break;
            }
        }
    })
}

/// What passed, once the command is gone; nothing where it was too much, or goes on.
fn gather(receive: &mpsc::Receiver<Told>) -> Option<String> {
    let mut kept = Vec::new();
    let mut whole = true;
    let (mut writing, mut rest) = (0_usize, LINGER);
    loop {
        let since = Instant::now();
        let told = if writing > 0 {
            receive.recv().map_err(|_| mpsc::RecvTimeoutError::Disconnected)
        } else {
            let told = receive.recv_timeout(rest);
            rest = rest.saturating_sub(since.elapsed());
            told
        };
        match told {
            Ok(Told::Written) => writing = writing.saturating_sub(1),
            Ok(Told::Read(bytes)) => {
                writing = writing.saturating_add(1);
                whole = whole && kept.len() + bytes.len() <= KEPT_BYTES_MAX;
                if whole {
                    kept.extend(bytes);
                } else {
                    kept = Vec::new();
                }
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Err(mpsc::RecvTimeoutError::Timeout) => return None,
        }
    }
    whole.then(|| String::from_utf8_lossy(&kept).into_owned())
}

/// What others send to us is meant for the command.
fn forward(mut signals: Signals, child: &Child) {
    let id = child.id().to_string();
    // An interrupt from a terminal reaches the command by itself, and twice is another wish than
    // once. Without a terminal somebody sent it to us alone.
    let has_terminal = File::open("/dev/tty").is_ok();
    std::thread::spawn(move || {
        for signal in signals.forever() {
            if matches!(signal, SIGTERM | SIGHUP) || !has_terminal {
                let number = format!("-{signal}");
                drop(Command::new("kill").args([&number, "--", &id]).status());
            }
        }
    });
}

fn as_a_shell_tells(status: ExitStatus) -> (u8, Option<i32>) {
    let signal = status.signal();
    let code = signal.map_or_else(|| status.code().unwrap_or(1), |signal| SIGNAL_BASE + signal);
    (u8::try_from(code).unwrap_or(u8::MAX), signal)
}
