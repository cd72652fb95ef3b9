//! Dockerfiles: what is copied in, variables, installed packages, and where Python looks.
//!
//! Read by instructions, as BuildKit itself reads them; there is no grammar beyond a word and its
//! arguments, so that a parser made for the whole language could only be less exact. The tree
//! inside an image is not ours: commands in it are looked at for packages and variables alone.

mod instruction;
mod roots;
mod stages;

use assize_model::{Span, normalise};

use self::instruction::{Body, Instruction, instructions};
use self::roots::Roots;
use self::stages::Stages;
use super::shell::{Script, commands};
use crate::{Extraction, FactKind, Flags, Parsed, Role};

pub(crate) fn extract(sheet: &mut Extraction<'_>) {
    let text = sheet.text;
    if is_template(text) && super::mark_template(sheet) {
        return;
    }
    let file = instructions(text);
    // Another front end reads another language.
    if file.foreign {
        return;
    }
    sheet.set_parsed(Parsed::Valid);
    faults(sheet, &file.instructions);
    let mut roots = Roots::new(text);
    let mut stages = Stages::default();
    let mut powershell = false;
    for instruction in &file.instructions {
        let args = instruction.args();
        match instruction.word.to_ascii_uppercase().as_str() {
            "FROM" => {
                powershell = args.to_ascii_lowercase().contains("windows");
                roots.stage(args);
                stages.from(sheet, instruction);
            }
            "SHELL" => powershell = args.contains("pwsh") || args.contains("powershell"),
            "WORKDIR" => roots.enter(args),
            "ENV" => {
                for (name, value, span) in variables(instruction) {
                    define(sheet, name, value, span);
                    roots.variable(name, value);
                    stages.define(name, value, false);
                }
            }
            "ARG" => {
                for (name, value, span) in arguments(instruction) {
                    define(sheet, name, value, span);
                    stages.define(name, value, true);
                }
            }
            "COPY" | "ADD" => {
                copied(sheet, instruction, &mut roots);
                stages.copy(sheet, instruction);
                Stages::add(sheet, instruction);
            }
            "USER" if !instruction.triggered => stages.set("USER", instruction),
            "CMD" if !instruction.triggered => stages.set("CMD", instruction),
            "ENTRYPOINT" if !instruction.triggered => stages.set("ENTRYPOINT", instruction),
            "HEALTHCHECK" => stages.set("HEALTHCHECK", instruction),
            "RUN" if !powershell => {
                run(sheet, instruction);
                stages.set("RUN", instruction);
            }
            _ => {}
        }
    }
    roots.finish(sheet);
    stages.finish(sheet);
}

/// Whether another language's expressions stand outside `RUN`, where they are format strings.
fn is_template(text: &str) -> bool {
    text.contains("{%")
        || text.lines().filter(|line| line.contains("{{")).any(|line| {
            let word = line.split_whitespace().next().unwrap_or("");
            word.starts_with("{{") || matches!(word, "FROM" | "COPY" | "ADD" | "ARG" | "WORKDIR")
        })
}

const WORDS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// What every builder refuses: a word that is no instruction, and a copy without a target. Only in
/// a file that begins a stage; anything else may be a part of one.
fn faults(sheet: &mut Extraction<'_>, all: &[Instruction<'_>]) {
    let word = |one: &Instruction<'_>| one.word.to_ascii_uppercase();
    let mut kinds = all.iter().map(word).filter(|word| word != "ARG");
    if kinds.next().as_deref() != Some("FROM") {
        return;
    }
    for one in all {
        let kind = word(one);
        if !WORDS.contains(&kind.as_str()) {
            let shown: String = one.word.chars().take(40).collect();
            let message = format!("`{shown}` is no instruction of a Dockerfile");
            sheet.error(one.word_span(), message);
        } else if matches!(kind.as_str(), "COPY" | "ADD")
            && one.heredocs.is_empty()
            && one.operands().len() < 2
        {
            let message = format!("`{kind}` needs a source and a target");
            sheet.error(one.word_span(), message);
        }
    }
}

fn define(sheet: &mut Extraction<'_>, name: &str, value: &str, span: Span) {
    let value = if value.contains('$') { "" } else { value };
    sheet
        .fact(FactKind::Env, Role::Definition, name, span)
        .value(value)
        .flags(Flags::IN_DOCKERFILE)
        .done();
}

/// `ENV a=b c="d e"`, or the older `ENV a b c`.
fn variables<'i>(instruction: &'i Instruction<'_>) -> Vec<(&'i str, &'i str, Span)> {
    let words = instruction.words();
    let Some((first, span)) = words.first() else { return Vec::new() };
    if !first.contains('=') {
        let value = instruction.args().get(first.len()..).unwrap_or("").trim();
        return vec![(first, value, *span)];
    }
    words
        .iter()
        .filter_map(|(word, span)| {
            let (name, value) = word.split_once('=')?;
            is_name(name).then(|| (name, value.trim_matches(['"', '\'']), *span))
        })
        .collect()
}

fn arguments<'i>(instruction: &'i Instruction<'_>) -> Vec<(&'i str, &'i str, Span)> {
    let words = instruction.words();
    words
        .iter()
        .map(|(word, span)| {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            (name, value.trim_matches(['"', '\'']), *span)
        })
        .filter(|(name, _, _)| is_name(name))
        .collect()
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn copied(sheet: &mut Extraction<'_>, instruction: &Instruction<'_>, roots: &mut Roots) {
    if instruction.flags().iter().any(|flag| flag.starts_with("--from=")) {
        return;
    }
    let operands = instruction.operands();
    let Some(((target, _), sources)) = operands.split_last() else { return };
    for (source, span) in sources {
        let address = source.contains("://") || source.starts_with("git@");
        if address || source.starts_with("<<") {
            continue;
        }
        let relative = source.trim_start_matches('/');
        if !instruction.triggered {
            roots.copy(relative, target, sources.len());
        }
        if matches!(relative, "" | "." | "./" | "*") || is_optional_pattern(relative) {
            continue;
        }
        let mut flags = Flags::IN_DOCKERFILE;
        if relative.contains(['*', '?', '[']) {
            flags = flags.with(Flags::GLOB);
        }
        if relative.ends_with('/') {
            flags = flags.with(Flags::FOLDER);
        }
        let key = normalise(sheet.path.folder(), relative);
        if relative.contains('$') || key.is_err() || instruction.triggered {
            flags = flags.with(Flags::UNRESOLVED);
        }
        let key = key.unwrap_or_else(|_| relative.to_owned());
        sheet
            .fact(FactKind::Path, Role::Reference, key, *span)
            .value(*source)
            .item("copy-source")
            .flags(flags)
            .done();
    }
}

/// `requirements.tx[t]`, `package-lock.json*`: a way to copy a file only if it is there.
fn is_optional_pattern(source: &str) -> bool {
    let name = source.rsplit('/').next().unwrap_or(source);
    let (stem, tail) = match name.split_once(['*', '?', '[']) {
        Some((stem, tail)) => (stem, tail),
        None => return false,
    };
    let bracketed = tail.len() == 2 && tail.ends_with(']');
    stem.contains('.') && (tail.is_empty() || bracketed)
}

fn run(sheet: &mut Extraction<'_>, instruction: &Instruction<'_>) {
    let mut read = |text: &str, span: Span| {
        let script = Script {
            text,
            span,
            exact: true,
            folder: None,
            surface: Flags::IN_DOCKERFILE,
            item: "",
        };
        commands(sheet, &script);
    };
    match instruction.command() {
        // The list form starts a program without a shell.
        Body::List => {}
        Body::Text(text, span) => read(&text, span),
        Body::Heredocs(parts) => {
            for (text, span) in parts {
                read(text, span);
            }
        }
    }
}

#[cfg(test)]
mod tests;
