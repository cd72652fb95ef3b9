//! The stages of a Dockerfile: from which images they begin, and what the last one is set to.

use std::collections::BTreeMap;

use assize_model::Span;

use super::instruction::Instruction;
use crate::lang::image;
use crate::{Extraction, FactKind, Flags, Role};

/// Programs that go on as another user.
const DROPPERS: [&str; 7] =
    ["gosu", "su-exec", "setpriv", "s6-setuidgid", "runuser", "chpst", "setuidgid"];

/// Words in what is run while the image is built, and the tool that it has then. What installs by a
/// list, by a script or for a browser may bring any.
const TOOLS: [(&str, &str); 7] = [
    ("curl", "curl"),
    ("wget", "wget"),
    ("xargs", "any"),
    (".sh", "any"),
    ("$(", "any"),
    ("--with-deps", "any"),
    ("ansible", "any"),
];

/// How many stages may stand upon each other.
const CHAIN_MAX: usize = 64;

/// How much of a command is kept.
const COMMAND_MAX: usize = 400;

/// All stages up to the point that the reader has reached.
#[derive(Debug, Default)]
pub(super) struct Stages {
    /// What `ARG` and `ENV` are known to hold; of the stage, and before the first one.
    values: BTreeMap<String, String>,
    global: BTreeMap<String, String>,
    stages: Vec<Stage>,
}

#[derive(Debug)]
struct Stage {
    name: Option<String>,
    /// The stage on which it stands, or the image.
    base: Result<usize, Image>,
    place: Span,
    user: Option<(Option<String>, Span)>,
    check: Option<(String, Span)>,
    start: BTreeMap<&'static str, (String, Span)>,
    drops: bool,
    /// What is run while the stage is built, and what is copied from other stages.
    tools: String,
}

/// The image on which a stage stands.
#[derive(Debug, Clone)]
struct Image {
    /// `None`: a variable has no value.
    known: Option<String>,
}

impl Stages {
    /// `ARG name=value`, `ENV name=value`.
    pub(super) fn define(&mut self, name: &str, value: &str, is_argument: bool) {
        let known = if value.is_empty() && is_argument {
            self.global.get(name).cloned()
        } else {
            self.expand(value)
        };
        let values = if self.stages.is_empty() { &mut self.global } else { &mut self.values };
        match known {
            Some(value) => values.insert(name.to_owned(), value),
            None => values.remove(name),
        };
    }

    /// `FROM image AS name`.
    pub(super) fn from(&mut self, sheet: &mut Extraction<'_>, instruction: &Instruction<'_>) {
        let words = instruction.operands();
        let Some((written, span)) = words.first().copied() else { return };
        let named = words.get(1).is_some_and(|(word, _)| word.eq_ignore_ascii_case("as"));
        let name = words.get(2).filter(|_| named).map(|(word, _)| word.to_ascii_lowercase());
        self.values.clear();
        let known = self.expand_global(written);
        let earlier = known.as_deref().and_then(|image| self.stage_called(image));
        let base = match earlier {
            Some(stage) => Ok(stage),
            None => Err(Image { known: known.clone() }),
        };
        if base.is_err() && known.as_deref() != Some("scratch") {
            let item = name.as_deref().unwrap_or("");
            image::used(sheet, written, known.as_deref(), span, (item, Flags::IN_DOCKERFILE));
        }
        self.stages.push(Stage {
            name,
            base,
            place: span,
            user: None,
            check: None,
            start: BTreeMap::new(),
            drops: false,
            tools: String::new(),
        });
    }

    /// `COPY --from=image`: an image that no stage is called.
    pub(super) fn copy(&mut self, sheet: &mut Extraction<'_>, instruction: &Instruction<'_>) {
        let flags = instruction.flags();
        self.set("COPY", instruction);
        let Some(from) = flags.iter().find_map(|flag| flag.strip_prefix("--from=")) else { return };
        let known = self.expand_global(from);
        // A name without tag or folder may be a context of the build.
        let named = known.as_deref().is_none_or(|name| !name.contains(['/', ':', '@']));
        if named || self.stage_called(known.as_deref().unwrap_or("")).is_some() {
            return;
        }
        let span = instruction.word_span();
        image::used(sheet, from, known.as_deref(), span, ("copy", Flags::IN_DOCKERFILE));
    }

    /// `ADD https://..`: what is fetched without a checksum.
    pub(super) fn add(sheet: &mut Extraction<'_>, instruction: &Instruction<'_>) {
        let checked = instruction.flags().iter().any(|flag| flag.starts_with("--checksum="));
        let operands = instruction.operands();
        let Some((_, sources)) = operands.split_last() else { return };
        for (source, span) in sources.iter().filter(|_| !checked) {
            let file = source.starts_with("http://") || source.starts_with("https://");
            if file && !source.ends_with(".git") && !source.contains(".git#") {
                sheet
                    .fact(FactKind::Setting, Role::Definition, "build", *span)
                    .value(*source)
                    .item("remote-add")
                    .flags(Flags::IN_DOCKERFILE)
                    .done();
            }
        }
    }

    /// What an instruction says of the stage in which it stands.
    pub(super) fn set(&mut self, kind: &'static str, instruction: &Instruction<'_>) {
        let text = instruction.args();
        let span = instruction.word_span();
        let user =
            (kind == "USER").then(|| self.expand(text.split([':', ' ']).next().unwrap_or("")));
        let Some(stage) = self.stages.last_mut() else { return };
        match kind {
            "USER" => stage.user = Some((user.flatten(), span)),
            "HEALTHCHECK" => stage.check = Some((command(text), span)),
            // A tool may come by a copy, too.
            "RUN" | "COPY" => {
                stage.tools.push_str(text);
                stage.tools.push('\n');
            }
            _ => {
                stage.start.insert(kind, (command(text), span));
            }
        }
        let drops = |word: &str| DROPPERS.contains(&word.rsplit('/').next().unwrap_or(word));
        stage.drops |= kind != "HEALTHCHECK" && text.split(is_between).any(drops);
    }

    fn stage_called(&self, name: &str) -> Option<usize> {
        let lower = name.to_ascii_lowercase();
        let by_name = self.stages.iter().rposition(|one| one.name.as_deref() == Some(&lower));
        by_name.or_else(|| name.parse().ok().filter(|number| *number < self.stages.len()))
    }

    /// Says what the last stage is set to.
    pub(super) fn finish(&self, sheet: &mut Extraction<'_>) {
        let Some(last) = self.stages.last() else { return };
        let chain = self.chain();
        let key = format!("image:{}", sheet.path);
        let mut say = |item: &str, value: &str, known: bool, span: Span| {
            let surface = Flags::IN_DOCKERFILE;
            let flags = if known { surface } else { surface.with(Flags::UNRESOLVED) };
            sheet
                .fact(FactKind::Setting, Role::Definition, key.as_str(), span)
                .value(value)
                .item(item)
                .flags(flags)
                .done();
        };
        let base = chain.last().and_then(|stage| stage.base.as_ref().err());
        let base = base.and_then(|image| image.known.as_deref());
        say("base", base.unwrap_or(""), base.is_some(), last.place);
        if let Some((user, span)) = chain.iter().find_map(|stage| stage.user.as_ref()) {
            say("user", user.as_deref().unwrap_or(""), user.is_some(), *span);
        }
        for word in ["ENTRYPOINT", "CMD"] {
            if let Some((text, span)) = chain.iter().find_map(|stage| stage.start.get(word)) {
                say("start", text, true, *span);
            }
        }
        if let Some((text, span)) = chain.iter().find_map(|stage| stage.check.as_ref()) {
            say("healthcheck", text, true, *span);
        }
        for (word, tool) in TOOLS {
            if chain.iter().any(|stage| stage.tools.contains(word)) {
                say("tool", tool, true, last.place);
            }
        }
        if chain.iter().any(|stage| stage.drops) {
            say("drops", "", true, last.place);
        }
    }

    /// The last stage and those on which it stands.
    fn chain(&self) -> Vec<&Stage> {
        let mut chain = Vec::new();
        let mut next = self.stages.last();
        while let Some(stage) = next.filter(|_| chain.len() < CHAIN_MAX) {
            chain.push(stage);
            next = stage.base.as_ref().ok().and_then(|at| self.stages.get(*at));
        }
        chain
    }

    fn expand(&self, text: &str) -> Option<String> {
        expand(text, &|name| self.values.get(name).map(String::as_str))
    }

    fn expand_global(&self, text: &str) -> Option<String> {
        expand(text, &|name| self.global.get(name).map(String::as_str))
    }
}

fn is_between(character: char) -> bool {
    character.is_whitespace() || matches!(character, '"' | ',' | '[' | ']' | ';' | '&' | '\'')
}

fn command(text: &str) -> String {
    text.chars().take(COMMAND_MAX).collect()
}

/// A text with its variables in place; `None` where one has no value.
fn expand<'v>(text: &str, value: &dyn Fn(&str) -> Option<&'v str>) -> Option<String> {
    let text = text.trim_matches(['"', '\'']);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(rest.get(..at)?);
        rest = rest.get(at + 1..)?;
        let braced = rest.strip_prefix('{');
        let inner = braced.unwrap_or(rest);
        let length =
            inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let name = inner.get(..length).filter(|name| !name.is_empty())?;
        let found = value(name).filter(|text| !text.is_empty());
        let mut after = inner.get(length..)?;
        if braced.is_some() {
            let (modifier, tail) = after.split_once('}')?;
            let fallback = modifier.strip_prefix(":-").or_else(|| modifier.strip_prefix('-'));
            let plain = modifier.is_empty() || fallback.is_some();
            out.push_str(found.or(fallback).filter(|text| plain && !text.contains('$'))?);
            after = tail;
        } else {
            out.push_str(found?);
        }
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}
