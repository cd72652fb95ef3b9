//! Reads of credentials.

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::protected::{Kind, kind_of};
use crate::{Effect, Place, Program, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "credential-read",
    summary: "reads of private keys, tokens and credentials of clouds and clients",
    severity: Severity::Error,
    judge,
    doc: include_str!("doc.md"),
};

const HELP: &str =
    "name the variable instead of reading it, or ask the person to paste what is needed";

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    for effect in case.effects.iter() {
        if let Effect::Run(program) = effect
            && prints(program)
        {
            let name = &program.name;
            out.push(reason(&GUARD, format!("`{name}` would print credentials"), HELP));
        }
        let places: Vec<&Place> = match effect {
            Effect::Read(place) => vec![place],
            Effect::Move { from, .. } => vec![from],
            Effect::Network { sends, .. } => sends.iter().collect(),
            _ => continue,
        };
        for place in places {
            let hidden = match place {
                Place::Known(_) => kind_of(place, case.surroundings) == Some(Kind::Credential),
                // A pattern in a folder of nothing but credentials.
                Place::Below(folder) => {
                    let whole = Place::Known(folder.trim_end_matches('/').to_owned());
                    kind_of(&whole, case.surroundings) == Some(Kind::Credential)
                }
                Place::Unknown => false,
            };
            if hidden && let Place::Known(path) | Place::Below(path) = place {
                out.push(reason(&GUARD, format!("`{path}` holds credentials"), HELP));
            }
        }
    }
}

/// Whether a program's business is to print credentials.
fn prints(program: &Program) -> bool {
    const PRINTERS: [(&str, &[&str]); 9] = [
        ("gh", &["auth", "token"]),
        ("gcloud", &["auth", "print-access-token"]),
        ("gcloud", &["auth", "print-identity-token"]),
        ("aws", &["configure", "export-credentials"]),
        ("az", &["account", "get-access-token"]),
        ("gpg", &["--export-secret-keys"]),
        ("security", &["find-generic-password"]),
        ("secret-tool", &["lookup"]),
        ("op", &["read"]),
    ];
    let words: Vec<&str> = program.words.iter().flatten().map(String::as_str).collect();
    PRINTERS.iter().any(|(name, wanted)| {
        *name == program.name && wanted.iter().all(|word| words.contains(word))
    })
}
