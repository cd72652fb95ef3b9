//! `assize gate edit`: the guard's answer to a file as it would be.

use std::io::{IsTerminal as _, Read as _, Write};

use assize_guard::Verdict;
use assize_repo::{READ_MAX, read_up_to};

use crate::cli::GateEdit;
use crate::failure::Failure;
use crate::gates::answer::Answer;
use crate::hook;

/// Without content on standard input the file is judged as it lies there.
pub(super) fn run(options: &GateEdit, out: &mut dyn Write) -> Result<u8, Failure> {
    let here = std::env::current_dir()?.canonicalize()?;
    let path = here.join(&options.path);
    let mut bytes = Vec::new();
    if std::io::stdin().is_terminal() {
        bytes = read_up_to(&path, READ_MAX)?;
    } else {
        std::io::stdin().take(READ_MAX).read_to_end(&mut bytes)?;
    }
    let content = String::from_utf8(bytes)
        .map_err(|_| Failure::said("what the file would be is not UTF-8"))?;
    let verdict = hook::asked(&path.to_string_lossy(), content, &here.to_string_lossy())?;
    let (evidence, why) = ("recorded", format!("the guard says {}", verdict.word()));
    let (refusals, notes) = match verdict {
        Verdict::Deny(reasons) | Verdict::Ask(reasons) => (reasons, Vec::new()),
        Verdict::Warn(reasons) => (Vec::new(), reasons),
        Verdict::Allow => (Vec::new(), Vec::new()),
    };
    let answer = Answer {
        moment: "edit",
        held: 0,
        evidence,
        why,
        refusals,
        notes,
        counts: vec![("files", 1)],
    };
    answer.print(options.format, None, out)?;
    Ok(answer.status())
}
