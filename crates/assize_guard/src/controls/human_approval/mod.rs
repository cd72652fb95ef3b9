//! What a person has to allow, and who must not answer for one.

use assize_model::Severity;

use super::{Case, Guard, reason};
use crate::{Effect, Effects, Place, Program, Reach, Reason};

/// What comes back, but not for those who were not asked.
pub(crate) const GUARD: Guard = Guard {
    name: "human-approval",
    summary: "large deletions and forced merges that no person allowed",
    severity: Severity::Error,
    judge: large,
    doc: include_str!("doc.md"),
};

/// What does not come back, and answers in the name of a person.
pub(crate) const ANSWER: Guard = Guard {
    name: "human-approval",
    summary: "destruction in production, and answers that only a person gives",
    severity: Severity::Block,
    judge: grave,
    doc: include_str!("doc.md"),
};

/// So many tracked files may go without a question.
const FILES_MAX: usize = 20;
/// Programs that type for somebody, or give another program a terminal.
const DRIVERS: [&str; 9] =
    ["script", "expect", "unbuffer", "ssh", "tmux", "screen", "xdotool", "ydotool", "at"];
/// Programs that run a text behind `-c` or `-e`.
const INTERPRETERS: [&str; 6] = ["python", "python3", "perl", "ruby", "node", "php"];
const PRODUCTION: [&str; 4] = ["prod", "prd", "production", "live"];
/// Words that turn the next one around: `non-prod`.
const NOT: [&str; 4] = ["non", "not", "pre", "no"];

const HELP: &str = "ask the person; one allows it in a terminal of their own";

fn large(case: &Case<'_>, out: &mut Vec<Reason>) {
    let (paths, many) = deleted(case);
    if many || paths.len() > FILES_MAX {
        let count = (case.tracked)(&paths);
        if count > FILES_MAX {
            out.push(reason(&GUARD, format!("the call deletes {count} tracked files"), HELP));
        }
    }
    for program in programs(case.effects).filter(|program| program.name == "gh") {
        let words: Vec<&str> = program.words.iter().flatten().map(String::as_str).collect();
        let what = match words.as_slice() {
            ["pr", "review", rest @ ..]
                if rest.iter().any(|it| ["--approve", "-a"].contains(it)) =>
            {
                "the command approves a pull request"
            }
            ["pr", "merge", rest @ ..] if rest.contains(&"--admin") => {
                "the command merges past the rules of the repository"
            }
            _ => continue,
        };
        out.push(reason(&GUARD, what, HELP));
    }
}

/// What is deleted below the root, and whether a folder or a pattern is among it.
fn deleted<'a>(case: &Case<'a>) -> (Vec<&'a str>, bool) {
    let inside = |path: &&str| path.starts_with(&format!("{}/", case.surroundings.root));
    let (mut paths, mut many) = (Vec::new(), false);
    for effect in &case.effects.all {
        if let Effect::Delete { at: Place::Known(path) | Place::Below(path), reach } = effect
            && *reach != Reach::Made
        {
            let path = path.trim_end_matches('/');
            paths.extend(Some(path).filter(inside));
            many |= *reach == Reach::Many;
        }
    }
    (paths, many)
}

fn grave(case: &Case<'_>, out: &mut Vec<Reason>) {
    for program in programs(case.effects) {
        if let Some(command) = answers(program) {
            let message = format!("`assize {command}` is a person's answer, not an agent's");
            out.push(reason(&ANSWER, message, "give the person the id of the request"));
        }
    }
    let destroys = case.effects.iter().find_map(|effect| match effect {
        // A container comes back from its image, and this engine is mostly the machine's own.
        Effect::DestroyRemote(what) if what != "docker rm" => Some(what),
        _ => None,
    });
    let Some(what) = destroys else { return };
    let named = programs(case.effects).find_map(|program| {
        let variables = program.variables.iter().filter_map(|(_, value)| value.as_deref());
        let mut words = program.words.iter().flatten().map(String::as_str).chain(variables);
        words.find(|word| is_production(word))
    });
    if let Some(word) = named {
        out.push(reason(&ANSWER, format!("{what} in production (`{word}`)"), HELP));
    }
}

fn programs(effects: &Effects) -> impl Iterator<Item = &Program> {
    effects.all.iter().filter_map(|effect| match effect {
        Effect::Run(program) => Some(program),
        _ => None,
    })
}

/// Whether an action gives the answer that only a person gives.
pub fn answers_for_a_person(effects: &Effects) -> bool {
    programs(effects).any(|program| answers(program).is_some())
}

/// The command of Assize by which a program would answer for a person.
fn answers(program: &Program) -> Option<&'static str> {
    let words: Vec<&str> = program.words.iter().flatten().map(String::as_str).collect();
    let of = |word: &str| ["approve", "waive"].into_iter().find(|answer| *answer == word);
    if program.name == "assize" {
        let first = words.iter().find(|word| !word.starts_with('-'))?;
        return of(first).filter(|_| !words.contains(&"--list"));
    }
    let runs = INTERPRETERS.contains(&program.name.as_str())
        && words.iter().any(|word| matches!(*word, "-c" | "-e" | "-r"));
    if !runs && !DRIVERS.contains(&program.name.as_str()) {
        return None;
    }
    let text = words.join(" ");
    let mut parts = text.split(|letter: char| !letter.is_alphanumeric());
    parts.by_ref().find(|part| *part == "assize")?;
    parts.find_map(of)
}

/// Whether a name says that it is of production.
fn is_production(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split(|letter: char| !letter.is_alphanumeric()).collect();
    parts.iter().enumerate().any(|(place, part)| {
        let before = place.checked_sub(1).and_then(|it| parts.get(it));
        PRODUCTION.contains(part) && !before.is_some_and(|before| NOT.contains(before))
    })
}
