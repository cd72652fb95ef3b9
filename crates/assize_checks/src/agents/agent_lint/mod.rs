//! agent-lint: fields of an agent that clients load, but that do not do what they are meant to.

mod fields;

use assize_agents::{Reading, Status};
use assize_model::{ControlName, FileClass, Severity, Span};
use assize_syntax::Language;

use crate::{Control, Report, Scope, Sink, Source};

/// A shorter description does not say when to use the agent.
const DESCRIPTION_CHARS_MIN: usize = 20;
/// Clients put every description into every prompt: this is the length that they document.
const DESCRIPTION_CHARS_MAX: usize = 1_024;

pub(crate) const CONTROL: Control = Control {
    name: ControlName("agent-lint"),
    summary: "An agent whose fields do not let it be found, or do not do what they say",
    version: 1,
    severity: Severity::Warn,
    languages: &[Language::Markdown],
    classes: &[FileClass::RuleSelf, FileClass::Production, FileClass::Doc],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(source: &Source<'_>, sink: &mut Sink) {
    let path = source.path.as_str();
    let Some(reading) = assize_agents::read_definition(path, source.text) else { return };
    if reading.status == Status::NotAgent {
        return;
    }
    if let Some((message, help)) = name_fault(&reading, path) {
        sink.report(report("name", &reading, source, message, help));
    }
    if let Some((message, help)) = description_fault(&reading) {
        sink.report(report("description", &reading, source, message, help.to_owned()));
    }
    // What the other fields may hold, only the clients that read these folders say.
    if path.contains(".claude/agents/") {
        for fault in fields::faults(&reading, source.text) {
            let mut found = report(fault.code, &reading, source, fault.message, fault.help);
            found.severity = fault.severity;
            sink.report(found);
        }
    }
}

fn name_fault(reading: &Reading, path: &str) -> Option<(String, String)> {
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let Some(name) = &reading.name else {
        let message = "the agent has no `name`, so nobody can hand work to it".to_owned();
        return Some((message, format!("add `name: {stem}`")));
    };
    if !is_kebab(name) {
        let message = format!("the agent's name `{name}` is not in kebab case");
        return Some((message, "use lower-case words, digits and single hyphens".to_owned()));
    }
    // The name of the plugin may stand before that of its agent.
    let plugin = name.strip_suffix(stem).and_then(|rest| rest.strip_suffix('-'));
    let of_plugin = plugin.is_some_and(|plugin| folders.split('/').any(|one| one == plugin));
    (name != stem && !of_plugin).then(|| {
        let message = format!(
            "the agent is called `{name}` but its file `{file}`, so a hand-off by the file's name \
             finds nobody"
        );
        (message, format!("rename the file to `{name}.md`, or the agent to `{stem}`"))
    })
}

fn is_kebab(name: &str) -> bool {
    let word = |part: &str| {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !part.is_empty() && part.bytes().all(plain)
    };
    name.split('-').all(word)
}

fn description_fault(reading: &Reading) -> Option<(String, &'static str)> {
    let Some(description) = &reading.description else {
        if reading.nested_description().is_some() {
            let message = "the description stands under `metadata`, where no client looks for it";
            return Some((message.to_owned(), "move `description` to the top level"));
        }
        let message = "the agent has no `description`, so no client knows when to use it";
        return Some((message.to_owned(), "say in one `description` when the agent is to be used"));
    };
    if description.contains("\\n") {
        let message = "the description has `\\n` written out: without double quotes YAML leaves it as \
                       it is";
        return Some((message.to_owned(), "put it in double quotes, or write it as a block (`|`)"));
    }
    let length = description.chars().count();
    if length < DESCRIPTION_CHARS_MIN {
        let message = format!(
            "the description has {length} characters, fewer than {DESCRIPTION_CHARS_MIN}: it does \
             not say when to use the agent"
        );
        return Some((message, "say what the agent does and when it is to be used"));
    }
    (length > DESCRIPTION_CHARS_MAX).then(|| {
        let message = format!(
            "the description has {length} characters, more than {DESCRIPTION_CHARS_MAX}: it is \
             part of every prompt"
        );
        (message, "keep when to use it, and move examples into the body")
    })
}

fn report(
    code: &'static str,
    reading: &Reading,
    source: &Source<'_>,
    message: String,
    help: String,
) -> Report {
    let nested = if code == "description" { reading.field("metadata") } else { None };
    let span = reading.field(code).or(nested).map_or(Span::default(), |field| field.key_span);
    Report {
        code,
        severity: None,
        path: None,
        place: source.lines.place(span, source.text),
        message,
        help,
        item: code.to_owned(),
        subject: reading.name.clone().unwrap_or_default(),
    }
}
