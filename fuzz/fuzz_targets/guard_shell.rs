//! Fuzzes the reader of commands: no panic, the same effects twice, and wrapping weakens nothing.

#![no_main]
//! Input is one command.

use assize_fuzz::{around, files, judged};
use assize_guard::{Action, after_effects};
use assize_model::Severity;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let command = String::from_utf8_lossy(data).into_owned();
    let (effects, found) = judged(&shell(command.clone()));
    let left = after_effects(&effects, &around(), &files);
    assert_eq!(left, after_effects(&effects, &around(), &files));
    // The same command after one that does nothing; whether it parses at all may then differ only
    // where it continues the line before.
    if bad(&found) && !command.contains('\0') {
        let (_, wrapped) = judged(&shell(format!("true\n{command}")));
        assert!(bad(&wrapped), "denied alone, but not after `true`");
    }
});

fn shell(command: String) -> Action {
    Action::Shell { command, background: false }
}

fn bad(found: &[(Severity, assize_guard::Reason)]) -> bool {
    found.iter().any(|(severity, _)| *severity >= Severity::Error)
}
