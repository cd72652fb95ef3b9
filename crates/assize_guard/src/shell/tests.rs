//! The table of commands and their effects, and what holds for any command.

use std::fmt::Write as _;

mod properties;

use crate::{Effect, Effects, GitStep, Place, Reach, Surroundings, effects_of};

/// `command => effects`; an empty right side: nothing but programs that run.
const TABLE: &str = include_str!("table.txt");

fn surroundings() -> Surroundings {
    Surroundings {
        root: "/repo".to_owned(),
        folder: "/repo/src".to_owned(),
        home: "/home/u".to_owned(),
        program: String::new(),
        variables: [("BUILD".to_owned(), "/repo/build".to_owned())].into(),
        ..Surroundings::default()
    }
}

fn effects(command: &str) -> Effects {
    effects_of(command, &surroundings())
}

fn place(place: &Place) -> String {
    match place {
        Place::Known(path) => path.clone(),
        Place::Below(path) => format!("{path}**"),
        Place::Unknown => "?".to_owned(),
    }
}

const fn many(reach: Reach) -> &'static str {
    match reach {
        Reach::One => "",
        Reach::Made => "~",
        Reach::Many => "*",
    }
}

/// One effect in the notation of the table; programs that run are left out.
fn short(effect: &Effect) -> Option<String> {
    Some(match effect {
        Effect::Run(_) => return None,
        Effect::Read(at) => format!("read {}", place(at)),
        Effect::Write { at, content, append, reach } => {
            let mut out = format!(
                "{}{} {}",
                if *append { "append" } else { "write" },
                many(*reach),
                place(at)
            );
            if let Some(content) = content {
                let _ = write!(out, " {content:?}");
            }
            out
        }
        Effect::Delete { at, reach } => format!("delete{} {}", many(*reach), place(at)),
        Effect::Move { from, to } => format!("move {} {}", place(from), place(to)),
        Effect::Mode { at, mode } => {
            format!("mode {} {}", mode.as_deref().unwrap_or("?"), place(at))
        }
        Effect::Network { host, sends, upload } => {
            let mut out = format!(
                "net{} {}",
                if *upload { "-up" } else { "" },
                host.as_deref().unwrap_or("?")
            );
            for at in sends {
                let _ = write!(out, " {}", place(at));
            }
            out
        }
        Effect::RunsFetched => "runs-fetched".to_owned(),
        Effect::Kill { chosen } => {
            let words: Vec<&str> = chosen.iter().map(|w| w.as_deref().unwrap_or("?")).collect();
            format!("kill {}", words.join(" "))
        }
        Effect::Package { manager, names, global } => {
            let global = if *global { "-global" } else { "" };
            format!("package{global} {manager} {}", names.join(" ")).trim_end().to_owned()
        }
        Effect::Git(step) => match step {
            GitStep::SkipHooks => "git skip-hooks",
            GitStep::RewriteShared => "git rewrite-shared",
            GitStep::DropWork => "git drop-work",
            GitStep::RewriteLocal => "git rewrite-local",
            GitStep::Plain => "git plain",
        }
        .to_owned(),
        Effect::Privilege(what) => format!("privilege {what}"),
        Effect::DestroyRemote(what) => format!("destroy {what}"),
        Effect::MassRewrite { at, by } => format!("mass {by} {}", place(at)),
        Effect::Opaque(_) => "opaque".to_owned(),
        Effect::CannotKnow(_) => "unknown".to_owned(),
    })
}

fn notation(effects: &Effects) -> String {
    effects.iter().filter_map(short).collect::<Vec<_>>().join("; ")
}

#[test]
fn the_table_holds() {
    let mut wrong = String::new();
    for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")) {
        let (command, expected) =
            line.split_once(" =>").unwrap_or_else(|| panic!("no arrow: {line}"));
        let found = notation(&effects(&command.replace("\\n", "\n")));
        if found != expected.trim() {
            let _ = writeln!(wrong, "{command} => {found}");
        }
    }
    assert!(wrong.is_empty(), "these rows differ:\n{wrong}");
}
