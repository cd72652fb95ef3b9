//! Reads of credentials.

mod printers;

use assize_model::Severity;

use self::printers::prints;
use super::exfiltrate::is_local;
use super::{Case, Guard, reason};
use crate::protected::{Kind, kind_of};
use crate::{Effect, Place, Reason};

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
        if let Effect::Network { host: Some(host), .. } = effect
            && is_metadata(host)
        {
            out.push(reason(&GUARD, format!("`{host}` hands out the machine's credentials"), HELP));
        }
        let places: Vec<&Place> = match effect {
            Effect::Read(place) => vec![place],
            Effect::Move { from, .. } => vec![from],
            Effect::Network { host, sends, .. } if !is_local(host.as_deref()) => {
                sends.iter().collect()
            }
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

/// Hosts on which a cloud hands the credentials of a machine to whatever runs there.
fn is_metadata(host: &str) -> bool {
    let known = [
        "169.254.169.254",
        "169.254.170.2",
        "169.254.170.23",
        "metadata.google.internal",
        "metadata",
        "100.100.100.200",
        "fd00:ec2::254",
        "[fd00",
        "2852039166",
        "0xa9fea9fe",
        "0xa9.0xfe.0xa9.0xfe",
        "0251.0376.0251.0376",
        "instance-data",
        "metadata.azure.internal",
        "169.254.43518",
    ];
    known.contains(&host.to_ascii_lowercase().as_str())
}
