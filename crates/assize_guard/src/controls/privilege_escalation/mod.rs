//! More rights than the session has.

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::{Effect, Place, Reason};

pub(crate) const GUARD: Guard = Guard {
    name: "privilege-escalation",
    summary: "more rights than the session has",
    severity: Severity::Error,
    judge,
    doc: include_str!("doc.md"),
};

const HELP: &str = "do it without, or ask the person to run it";

fn judge(case: &Case<'_>, out: &mut Vec<Reason>) {
    for effect in case.effects.iter() {
        match effect {
            Effect::Privilege(how) => {
                out.push(reason(
                    &GUARD,
                    format!("{how} gives more rights than the session has"),
                    HELP,
                ));
            }
            Effect::Mode { mode: Some(mode), .. } if is_wide(mode) => {
                out.push(reason(
                    &GUARD,
                    format!("the mode `{mode}` opens the file to everybody"),
                    HELP,
                ));
            }
            Effect::Write { at, .. } if is_ruling(at) => {
                out.push(reason(&GUARD, "the file rules the machine", HELP));
            }
            _ => {}
        }
    }
}

/// Files by which the kernel and the list of users are ruled.
fn is_ruling(place: &Place) -> bool {
    let Place::Known(path) = place else { return false };
    let folders =
        ["/proc/sys/", "/sys/", "/boot/", "/etc/sudoers.d/", "/etc/selinux/", "/etc/polkit-1/"];
    let files = [
        "/proc/sysrq-trigger",
        "/etc/sudoers",
        "/etc/passwd",
        "/etc/shadow",
        "/etc/group",
        "/etc/doas.conf",
        "/etc/hosts",
        "/dev/mem",
        "/dev/kmem",
    ];
    let disk = ["/dev/sd", "/dev/nvme", "/dev/vd", "/dev/xvd", "/dev/mmcblk", "/dev/disk"];
    files.contains(&path.as_str())
        || folders.iter().chain(&disk).any(|beginning| path.starts_with(beginning))
}

/// Modes by which everybody may write, or that run with the rights of the owner.
fn is_wide(mode: &str) -> bool {
    if !mode.is_empty() && mode.bytes().all(|byte| byte.is_ascii_digit()) {
        return is_wide_number(mode);
    }
    // An access list: `u:nobody:rwx`.
    if mode.contains(':') {
        return mode.split(',').any(|entry| {
            let mut parts = entry.rsplit(':');
            let rights = parts.next().unwrap_or("");
            rights.contains('w')
                && rights.bytes().all(|byte| b"rwxX-".contains(&byte))
                && parts.next().is_some()
        });
    }
    mode.split(',').any(|clause| {
        let Some(at) = clause.find(['+', '=']) else { return false };
        let (who, rights) = clause.split_at(at);
        let all = who.is_empty() || who.contains(['a', 'o']);
        let known = who.bytes().all(|byte| b"ugoa".contains(&byte));
        // Without `who` the mask of the session takes the right of others away.
        known
            && (rights.contains('s')
                || all && !who.is_empty() && rights.contains('w')
                || mode == "+rwx")
    })
}

fn is_wide_number(mode: &str) -> bool {
    let bytes = mode.trim_start_matches('0').as_bytes();
    let others = bytes.last().map_or(0, |byte| byte - b'0');
    let special = bytes.len() == 4 && matches!(bytes.first(), Some(b'2' | b'4' | b'6'));
    (3..=4).contains(&mode.len()) && others & 2 != 0 || special
}
