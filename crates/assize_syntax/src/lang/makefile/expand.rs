//! make's own expansions, as far as a text shows their value.

use std::collections::BTreeMap;

/// How often a value may lead to another one.
const DEPTH_MAX: u32 = 5;
/// Longer values are not expanded.
const LENGTH_MAX: usize = 4096;
/// How many references one line may lead to.
const FUEL: u32 = 500;
/// Stands for what only make knows: a variable that no shell text sets.
const UNKNOWN: &str = "${_}";
/// The folder of the Makefile, for the shell.
const FOLDER: &str = "${CURDIR}";

/// Variables with one known value.
#[derive(Debug, Default)]
pub(super) struct Variables(BTreeMap<String, Option<String>>);

impl Variables {
    /// Notes an assignment; a second, different one makes the value unknown.
    pub(super) fn set(&mut self, name: &str, value: &str, appends: bool) {
        let value = (!appends && value.len() <= LENGTH_MAX).then(|| value.to_owned());
        match self.0.get_mut(name) {
            Some(known) if *known != value => *known = None,
            Some(_) => {}
            None => {
                self.0.insert(name.to_owned(), value);
            }
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_deref()
    }
}

/// A text with its variables replaced, if all of them are known.
pub(super) fn expanded(text: &str, variables: &Variables) -> Option<String> {
    let mut fuel = FUEL;
    let out = replace(text, variables, DEPTH_MAX, &mut fuel);
    (!out.contains(UNKNOWN)).then(|| out.replace(FOLDER, "."))
}

/// The shell text of a recipe line: without prefixes, make's expansions replaced.
pub(super) fn recipe(line: &str, variables: &Variables) -> String {
    let line = line.trim_start().trim_start_matches(['@', '-', '+', ' ', '\t']);
    // In a continuation the next line's prefix is no part of the command.
    let line = line.replace("\\\n\t", "\\\n");
    let mut fuel = FUEL;
    let text = replace(line.trim_end(), variables, DEPTH_MAX, &mut fuel);
    // A prefix can come out of a variable.
    match text.strip_prefix(['@', '-']) {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

fn replace(text: &str, variables: &Variables, depth: u32, fuel: &mut u32) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let mut after = from.chars().skip(1);
        rest = match after.next() {
            Some('$') => {
                out.push('$');
                from.get(2..).unwrap_or("")
            }
            Some('(') => reference(from, (')', depth), variables, fuel, &mut out),
            Some('{') => reference(from, ('}', depth), variables, fuel, &mut out),
            Some(letter) => {
                out.push_str(UNKNOWN);
                from.get(1 + letter.len_utf8()..).unwrap_or("")
            }
            None => "",
        };
        if out.len() > LENGTH_MAX * 16 {
            break;
        }
    }
    out.push_str(rest);
    out
}

/// Replaces the `$( )` at the start of a text and gives what follows it.
fn reference<'a>(
    text: &'a str,
    (close, depth): (char, u32),
    variables: &Variables,
    fuel: &mut u32,
    out: &mut String,
) -> &'a str {
    let open = if close == ')' { '(' } else { '{' };
    *fuel = fuel.saturating_sub(1);
    let mut level = 0_usize;
    let mut end = text.len();
    for (at, character) in text.char_indices().skip(1) {
        if character == open {
            level += 1;
        } else if character == close {
            level = level.saturating_sub(1);
            if level == 0 {
                end = at;
                break;
            }
        }
    }
    let name = text.get(2..end).unwrap_or("");
    match name {
        "MAKE" => out.push_str("make"),
        // Recipes begin in the folder of the Makefile, whereto these lead back from any other.
        "CURDIR" | "PWD" => out.push_str(FOLDER),
        _ => match variables.get(name) {
            Some(value) if depth > 0 && *fuel > 0 => {
                out.push_str(&replace(value, variables, depth - 1, fuel));
            }
            // By custom a switch for the prefix that silences a command.
            None if matches!(name, "Q" | "V" | "AT") => {}
            _ => out.push_str(UNKNOWN),
        },
    }
    text.get(end + 1..).unwrap_or("")
}
