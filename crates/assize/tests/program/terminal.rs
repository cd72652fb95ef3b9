//! The program run by a person at a terminal, or by somebody who has one and is none.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::scene::{Ended, PROGRAM, Scene, end, mode};

/// A run that takes longer hangs.
const DEADLINE: Duration = Duration::from_secs(30);
/// Waits until nobody is above it any more: whoever runs the tests may be an agent's client.
const ALONE: &str = "me=$$; (while kill -0 $me; do sleep 0.01; done; \"$@\" < $TTY > $OUT/out 2> $TTY; \
                     echo $? > $OUT/new; mv $OUT/new $OUT/status) < /dev/null > /dev/null 2>&1 &";

/// Types the word that is shown back.
pub(crate) fn person(scene: &Scene, arguments: &[&str]) -> Ended {
    at_terminal(scene, &[&[PROGRAM], arguments].concat(), &|word| word.to_owned())
}

/// Types another word.
pub(crate) fn careless(scene: &Scene, arguments: &[&str]) -> Ended {
    at_terminal(scene, &[&[PROGRAM], arguments].concat(), &|_| "yes".to_owned())
}

/// A program with the name of a client that has a terminal and knows what to type.
pub(crate) fn agent(scene: &Scene, arguments: &[&str]) -> Ended {
    let client = scene.folder().join("claude");
    std::fs::write(&client, "#!/bin/sh\n\"$@\"\nexit $?\n").unwrap();
    mode(&client, 0o755);
    let client = client.to_string_lossy().into_owned();
    at_terminal(scene, &[&[&client, PROGRAM], arguments].concat(), &|word| word.to_owned())
}

fn at_terminal(scene: &Scene, words: &[&str], answer: &dyn Fn(&str) -> String) -> Ended {
    let folder = tempfile::tempdir_in(scene.folder()).unwrap();
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap().into_string().unwrap();
    // While somebody has it open, reading from the other side does not fail.
    let _open = File::options().read(true).write(true).open(&name).unwrap();
    let mut terminal = File::from(terminal);
    let mut shell = scene.surrounded("sh");
    shell.args(["-c", ALONE, "sh"]).args(words).env("OUT", folder.path()).env("TTY", &name);
    end(&mut shell).expect(0);
    let (send, receive) = std::sync::mpsc::channel();
    let mut reader = terminal.try_clone().unwrap();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = reader.read(&mut bytes) {
            if send.send(bytes[..count].to_vec()).is_err() {
                break;
            }
        }
    });
    let mut shown = Vec::new();
    let mut answered = false;
    let started = Instant::now();
    let status = loop {
        if let Ok(more) = receive.recv_timeout(Duration::from_millis(10)) {
            shown.extend(more);
        }
        let text = String::from_utf8_lossy(&shown).into_owned();
        if let Some(word) = asked(&text).filter(|_| !answered) {
            terminal.write_all(format!("{}\n", answer(word)).as_bytes()).unwrap();
            answered = true;
        }
        if let Some(status) = status(folder.path()) {
            break status;
        }
        assert!(started.elapsed() < DEADLINE, "it hangs: {words:?}: {text}");
    };
    while let Ok(more) = receive.recv_timeout(Duration::from_millis(30)) {
        shown.extend(more);
    }
    let err = String::from_utf8_lossy(&shown).into_owned();
    assert!(!err.contains("panicked at"), "{err}");
    Ended { status: Some(status), out: std::fs::read(folder.path().join("out")).unwrap(), err }
}

fn asked(text: &str) -> Option<&str> {
    text.split_once("Type `")?.1.split_once('`').map(|(word, _)| word)
}

fn status(folder: &Path) -> Option<i32> {
    let text = std::fs::read_to_string(folder.join("status")).ok()?;
    text.trim().parse().ok()
}
