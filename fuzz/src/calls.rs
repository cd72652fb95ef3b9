//! What the targets of the guard share: one repository in memory, and what is said of a call there.

use assize_guard::controls::{self, Case, Standing};
use assize_guard::{Action, Effects, Reason, Surroundings, derive, effects_of, normalise};
use assize_model::Severity;

/// The files of the repository, by absolute path.
const FILES: [(&str, &str); 4] = [
    ("/repo/app.py", "import os\n\n\ndef f(x):\n    return x\n\n\nVALUE = 1\n"),
    ("/repo/src/main.ts", "export const a = 1;\nexport const b = 2;\n"),
    ("/repo/notes.md", "# Notes\r\n\r\n- one\r\n- two"),
    ("/repo/empty.txt", ""),
];

pub fn around() -> Surroundings {
    Surroundings {
        root: "/repo".into(),
        folder: "/repo".into(),
        home: "/home/dev".into(),
        program: "/home/dev/.cargo/bin/assize".into(),
        variables: [("HOME".to_owned(), "/home/dev".to_owned())].into(),
        ..Surroundings::default()
    }
}

/// The content of a file of the repository.
pub fn files(path: &str) -> Option<Vec<u8>> {
    FILES.iter().find(|(name, _)| *name == path).map(|(_, text)| text.as_bytes().to_vec())
}

/// The effects of an action, and what all controls say of them: the same each time.
pub fn judged(action: &Action) -> (Effects, Vec<(Severity, Reason)>) {
    let around = around();
    let shell = |command: &str, around: &Surroundings| effects_of(command, around);
    let place = |text: &str, around: &Surroundings| normalise(text, around);
    let effects = derive::effects_of(action, &around, &shell, &place);
    let again = derive::effects_of(action, &around, &shell, &place);
    assert_eq!(effects, again, "two readings of the same call differ");
    let standing = |path: &str| match path.strip_prefix("/repo/") {
        Some(_) if files(path).is_some() => Standing::Clean,
        Some(inside) if inside.starts_with("target") => Standing::Ignored,
        Some(_) => Standing::Untracked,
        None => Standing::Outside,
    };
    let case = Case {
        action,
        effects: &effects,
        surroundings: &around,
        standing: &standing,
        tracked: &|_| 0,
    };
    let found = controls::judge(&case);
    for (_, reason) in &found {
        assert!(!reason.message.is_empty() && !reason.help.is_empty(), "{reason:?}");
    }
    (effects, found)
}
