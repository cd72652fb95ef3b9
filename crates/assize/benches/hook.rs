//! What a call costs through the program, as a client pays for it: a process is started, reads the
//! call, answers, and leaves an entry in the ledger. An empty program is measured beside it.
//!
//! `ASSIZE_BENCH_TREE=/path/to/checkout cargo bench -p assize` measures a clone of that repository,
//! else one of 2,000 made-up Python modules.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run has nothing to say")]
#![expect(clippy::print_stdout, reason = "what is measured beside criterion is printed as well")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::{Value, json};
use tempfile::TempDir;

/// What changed this shortly before is not trusted by the index.
const RACY: Duration = Duration::from_millis(2_200);

const SESSIONS: usize = 20;
const CALLS: usize = 60;

/// A repository with a home of its own.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { folder: TempDir::new().unwrap() };
        std::fs::create_dir(place.home()).unwrap();
        match std::env::var_os("ASSIZE_BENCH_TREE") {
            Some(tree) => place.git(&["clone", "--quiet", "--local", tree.to_str().unwrap(), "."]),
            None => place.make_up(),
        }
        place.write("assize.toml", "root = true\n[guard]\nmode = \"enforce\"\n");
        place.write("bench_long/long.py", &python(2_000));
        place.write("bench_long/long.ts", &typescript(2_000));
        place.write("bench_long/long.sh", &shell(2_000));
        std::thread::sleep(RACY);
        for _ in 0..2 {
            let output = place.assize(&["check", "--format", "concise"]).output().unwrap();
            assert!(output.status.code().is_some_and(|code| code < 2), "{output:?}");
        }
        // A session that began knows the rules; nothing is changed before that.
        place.call(&place.event("SessionStart", "", &json!({})), 0);
        place
    }

    fn make_up(&self) {
        self.git(&["init", "--quiet"]);
        self.write("pyproject.toml", "[project]\nname = \"x\"\n");
        for number in 0..2_000 {
            self.write(&format!("app/p{}/m{number}.py", number / 20), &python(40));
            self.write(&format!("app/p{}/__init__.py", number / 20), "");
        }
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    fn tree(&self) -> PathBuf {
        self.folder.path().join("tree")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.tree().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn command(&self, program: &str) -> Command {
        std::fs::create_dir_all(self.tree()).unwrap();
        let mut command = Command::new(program);
        command
            .current_dir(self.tree())
            .env_clear()
            .env("HOME", self.home())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
    }

    fn git(&self, arguments: &[&str]) {
        assert!(self.command("git").args(arguments).status().unwrap().success());
    }

    fn assize(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(env!("CARGO_BIN_EXE_assize"));
        command.args(arguments);
        command
    }

    /// How long a call of the hook takes, which must be answered with this status and recorded.
    fn call(&self, input: &[u8], status: i32) -> Duration {
        let before = size(&self.home().join(".local/state/assize"));
        let (output, took) = timed(&mut self.assize(&["hook", "claude-code"]), input);
        assert_eq!(output.status.code(), Some(status), "{output:?}");
        assert!(size(&self.home().join(".local/state/assize")) > before, "nothing was recorded");
        took
    }

    /// Whether a shell command of one of many sessions is let through.
    fn is_let_through(&self, session: usize) -> bool {
        let command = json!({ "command": "ls -la && git status" });
        let event = String::from_utf8(self.event("PreToolUse", "Bash", &command)).unwrap();
        let input = event.replace("\"bench\"", &format!("\"bench-{session}\""));
        let (output, _) = timed(&mut self.assize(&["hook", "claude-code"]), input.as_bytes());
        output.status.success()
    }

    fn event(&self, moment: &str, tool: &str, input: &Value) -> Vec<u8> {
        let event = json!({
            "session_id": "bench", "transcript_path": "/dev/null", "cwd": self.tree(),
            "permission_mode": "default", "hook_event_name": moment, "tool_name": tool,
            "tool_input": input, "tool_use_id": "toolu_bench", "tool_response": {},
        });
        event.to_string().into_bytes()
    }

    fn edit(&self, name: &str, old: &str, new: &str) -> Vec<u8> {
        let path = self.tree().join("bench_long").join(name);
        let edit = json!({ "file_path": path, "old_string": old, "new_string": new });
        self.event("PreToolUse", "Edit", &edit)
    }

    fn written(&self, name: &str, text: &str) -> Vec<u8> {
        let path = self.tree().join("bench_long").join(name);
        self.event("PreToolUse", "Write", &json!({ "file_path": path, "content": text }))
    }
}

/// Bytes of all files below.
fn size(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => size(&entry.path()),
        Ok(metadata) => metadata.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

fn timed(command: &mut Command, input: &[u8]) -> (Output, Duration) {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let started = Instant::now();
    let mut child = command.spawn().unwrap();
    // An empty program reads nothing.
    drop(child.stdin.take().unwrap().write_all(input));
    let output = child.wait_with_output().unwrap();
    (output, started.elapsed())
}

fn repeated(lines: usize, start: &str, part: impl Fn(usize) -> String) -> String {
    let mut text = start.to_owned();
    let mut count = 0;
    for number in 0.. {
        if count >= lines {
            break;
        }
        let more = part(number);
        count += more.matches('\n').count();
        text.push_str(&more);
    }
    text
}

fn python(lines: usize) -> String {
    repeated(lines, "\"\"\"A module.\"\"\"\n\nimport os\n", |number| {
        format!(
            "\n\ndef step_{number}(first: int, second: int) -> str:\n    \"\"\"Join.\"\"\"\n    \
             total = first + second * {number}\n    return os.path.join(str(total), str(second))\n"
        )
    })
}

fn typescript(lines: usize) -> String {
    repeated(lines, "import { join } from 'path';\n", |number| {
        format!(
            "\nexport function step{number}(first: number, second: number): string {{\n  \
             const total = first + second * {number};\n  return join(String(total));\n}}\n"
        )
    })
}

fn shell(lines: usize) -> String {
    repeated(lines, "#!/bin/sh\nset -eu\n", |number| {
        format!("\nstep{number}() {{\n  total=$(( $1 + $2 * {number} ))\n  echo \"$total\"\n}}\n")
    })
}

fn hook(criterion: &mut Criterion) {
    let place = Place::new();
    let read = json!({ "file_path": place.tree().join("assize.toml") });
    let command = json!({ "command": "ls -la && git status" });
    let broken = python(200) + "\ndef (:\n";
    let calls = [
        ("a read", place.event("PreToolUse", "Read", &read), 0),
        ("a shell command", place.event("PreToolUse", "Bash", &command), 0),
        ("a Write of 200 lines, Python", place.written("fresh.py", &python(200)), 0),
        ("a Write of 200 lines, TypeScript", place.written("fresh.ts", &typescript(200)), 0),
        ("an Edit in 2,000 lines, Python", place.edit("long.py", "* 7\n", "* 8\n"), 0),
        ("an Edit in 2,000 lines, TypeScript", place.edit("long.ts", "* 7;\n", "* 8;\n"), 0),
        ("an Edit in 2,000 lines, shell", place.edit("long.sh", "* 7 ))", "* 8 ))"), 0),
        ("a Write that is denied", place.written("broken.py", &broken), 2),
    ];
    let mut group = criterion.benchmark_group("before");
    group.sample_size(40);
    group.bench_function("an empty program", |bencher| {
        let run = || timed(&mut place.command("/bin/true"), b"").1;
        bencher.iter_custom(|times| (0..times).map(|_| run()).sum());
    });
    for (name, input, status) in &calls {
        group.bench_function(*name, |bencher| {
            bencher.iter_custom(|times| (0..times).map(|_| place.call(input, *status)).sum());
        });
    }
    group.finish();
    after(criterion, &place);
    at_once(&place);
}

/// What a shell command costs in CPU alone, and in twenty sessions that all call without a pause.
fn at_once(place: &Place) {
    for sessions in [1, SESSIONS] {
        let before = cpu_of_children();
        let denied: usize = std::thread::scope(|scope| {
            let session = |number| {
                scope.spawn(move || (0..CALLS).filter(|_| !place.is_let_through(number)).count())
            };
            let running: Vec<_> = (0..sessions).map(session).collect();
            running.into_iter().map(|one| one.join().unwrap()).sum()
        });
        let calls = u32::try_from(sessions * CALLS).unwrap();
        let cpu = (cpu_of_children() - before) / calls;
        println!("{sessions} at once: {cpu:?} of CPU per call, {denied} of {calls} denied");
    }
}

/// User and system time of all processes that have ended.
fn cpu_of_children() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    // The name before may hold spaces. These two stand in hundredths of a second.
    let fields = stat.rsplit_once(") ").unwrap().1.split(' ');
    let ticks: u64 = fields.skip(13).take(2).map(|field| field.parse::<u64>().unwrap()).sum();
    Duration::from_millis(ticks * 10)
}

/// What is found after a call that changed nothing, after an edit, and after a new file.
fn after(criterion: &mut Criterion, place: &Place) {
    let command = place.event("PostToolUse", "Bash", &json!({ "command": "ls" }));
    let path = place.tree().join("bench_long/edited.py");
    let edit = json!({ "file_path": path, "old_string": "1", "new_string": "2" });
    let edit = place.event("PostToolUse", "Edit", &edit);
    let mut group = criterion.benchmark_group("after");
    group.sample_size(20);
    group.bench_function("a shell command that changed nothing", |bencher| {
        let run = || timed(&mut place.assize(&["hook", "claude-code"]), &command).1;
        bencher.iter_custom(|times| (0..times).map(|_| run()).sum());
    });
    let mut number = 0;
    group.bench_function("an Edit", |bencher| {
        bencher.iter_custom(|times| {
            let run = |_| {
                number += 1;
                let text = format!("def step_{number}() -> int:\n    return {number}\n");
                place.write("bench_long/edited.py", &text);
                place.call(&edit, 0)
            };
            (0..times).map(run).sum()
        });
    });
    let mut number = 0;
    group.bench_function("a Write of a new file", |bencher| {
        bencher.iter_custom(|times| {
            let run = |_| {
                number += 1;
                let (name, text) = (format!("bench_long/new_{number}.py"), python(200));
                place.write(&name, &text);
                let write = json!({ "file_path": place.tree().join(name), "content": text });
                place.call(&place.event("PostToolUse", "Write", &write), 0)
            };
            (0..times).map(run).sum()
        });
    });
}

criterion_group!(benches, hook);
criterion_main!(benches);
