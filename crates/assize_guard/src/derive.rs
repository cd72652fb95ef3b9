//! What an action would do, for every kind of action.

use crate::{Action, Argument, Effect, Effects, Place, Reach, Surroundings, tools};

/// The effects of an action. `shell` reads commands, `place` reads paths as they are written.
pub fn effects_of(
    action: &Action,
    surroundings: &Surroundings,
    shell: &dyn Fn(&str, &Surroundings) -> Effects,
    place: &dyn Fn(&str, &Surroundings) -> Place,
) -> Effects {
    let mut effects = Effects::default();
    let write = |path: &str, content: Option<String>| Effect::Write {
        at: place(path, surroundings),
        content,
        append: false,
        reach: Reach::One,
    };
    match action {
        Action::Shell { command, .. } => effects = shell(command, surroundings),
        Action::Write { path, content } => effects.push(write(path, Some(content.clone()))),
        Action::Edit { path, .. } => effects.push(write(path, None)),
        Action::Notebook { path, source, .. } => {
            effects.push(write(path, None));
            cell(source.as_deref().unwrap_or(""), &mut effects, surroundings, shell);
        }
        Action::Patch { text } => patched(text, &mut effects, &write, surroundings, place),
        Action::Read { path } => effects.push(Effect::Read(place(path, surroundings))),
        Action::Search { path, .. } => {
            let path = path.as_deref().unwrap_or(".");
            effects.push(Effect::Read(place(path, surroundings)));
        }
        Action::Web { address } => effects.push(network(address)),
        Action::Mcp { server, tool, arguments } => {
            let more = crate::arguments::effects_of(tool, arguments, surroundings, place);
            effects.all.extend(more);
            unknown(server, tool, arguments, &mut effects, surroundings, shell, place);
        }
        Action::Unknown { tool, arguments } => {
            let more = crate::arguments::effects_of(tool, arguments, surroundings, place);
            effects.all.extend(more);
            unknown("", tool, arguments, &mut effects, surroundings, shell, place);
        }
        Action::ConfigChange { .. }
        | Action::SubagentStart { .. }
        | Action::SubagentStop
        | Action::Prompt { .. }
        | Action::SessionStart
        | Action::SessionEnd
        | Action::Stop => {}
    }
    effects.all.extend(crate::written::effects_of(action, surroundings, shell));
    effects
}

/// What a cell does when it runs. Of a text for people nothing can be told, and none is asked.
fn cell(
    source: &str,
    effects: &mut Effects,
    surroundings: &Surroundings,
    shell: &dyn Fn(&str, &Surroundings) -> Effects,
) {
    let told = |effect: &Effect| !matches!(effect, Effect::Opaque(_) | Effect::CannotKnow(_));
    // No code of Python has back ticks; text for people has.
    let prose = source.contains('`');
    let commands = tools::code(source, None).into_iter();
    for command in commands.filter(|command| !prose || !command.starts_with("python3 -c ")) {
        effects.all.extend(shell(&command, surroundings).all.into_iter().filter(told));
    }
}

/// The files that a patch names.
fn patched(
    text: &str,
    effects: &mut Effects,
    write: &dyn Fn(&str, Option<String>) -> Effect,
    surroundings: &Surroundings,
    place: &dyn Fn(&str, &Surroundings) -> Place,
) {
    for line in text.lines() {
        let line = line.trim();
        if let Some(path) = line.strip_prefix("*** Delete File: ") {
            effects.push(Effect::Delete { at: place(path, surroundings), reach: Reach::One });
        }
        let written = ["*** Add File: ", "*** Update File: ", "*** Move to: "];
        if let Some(path) = written.iter().find_map(|mark| line.strip_prefix(mark)) {
            effects.push(write(path, None));
        }
    }
}

/// Judges a tool that nobody knows: as a whole, and by each of its arguments.
fn unknown(
    server: &str,
    tool: &str,
    arguments: &[Argument],
    effects: &mut Effects,
    surroundings: &Surroundings,
    shell: &dyn Fn(&str, &Surroundings) -> Effects,
    place: &dyn Fn(&str, &Surroundings) -> Place,
) {
    let whole = tools::told(server, tool, arguments);
    let language = arguments.iter().find(|argument| argument.key == "language");
    let language = language.map(|argument| argument.text.as_str());
    let codes = arguments.iter().filter(|argument| is_code(argument));
    let codes = codes.flat_map(|argument| tools::code(&argument.text, language));
    for command in whole.commands.into_iter().chain(codes) {
        let found = shell(&command, surroundings).all;
        // It may be no command at all.
        effects.all.extend(found.into_iter().filter(|effect| !matches!(effect, Effect::Opaque(_))));
    }
    effects.all.extend(whole.effects);
    for argument in arguments.iter().filter(|argument| !is_code(argument)) {
        told(tool, argument, effects, surroundings, shell, place);
    }
}

/// Whether an argument holds code of some language.
fn is_code(argument: &Argument) -> bool {
    let key = argument.key.rsplit('.').next().unwrap_or("");
    matches!(key, "code" | "source" | "cell" | "new_source" | "expression" | "snippet" | "js")
        && !argument.text.starts_with(['/', '~'])
}

/// Judges a tool that nobody knows by one of its arguments: a command, an address, or a path.
fn told(
    tool: &str,
    argument: &Argument,
    effects: &mut Effects,
    surroundings: &Surroundings,
    shell: &dyn Fn(&str, &Surroundings) -> Effects,
    place: &dyn Fn(&str, &Surroundings) -> Place,
) {
    let key = argument.key.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    let text = argument.text.as_str();
    if ["command", "cmd", "script", "shell"].iter().any(|word| key.contains(word)) {
        effects.all.extend(shell(text, surroundings).all);
        return;
    }
    if text.contains("file://") {
        return;
    }
    if text.contains("://") {
        effects.push(network(text));
        return;
    }
    let pathlike = ["path", "file", "dir", "folder", "uri", "source", "destination", "target"];
    if pathlike.iter().any(|word| key.contains(word)) || text.starts_with(['/', '~', '.']) {
        let at = place(text.trim_start_matches("file://"), surroundings);
        let lower = tool.to_ascii_lowercase();
        let looks = ["read", "get", "list", "search", "find", "stat", "info", "tree", "view"];
        effects.push(if looks.iter().any(|word| lower.contains(word)) {
            Effect::Read(at)
        } else if ["delete", "remove", "unlink", "move", "rename"]
            .iter()
            .any(|word| lower.contains(word))
        {
            Effect::Delete { at, reach: Reach::Many }
        } else {
            Effect::Write { at, content: None, append: false, reach: Reach::One }
        });
    }
}

fn network(address: &str) -> Effect {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = host.rsplit('@').next().unwrap_or(host);
    let host = host.split(':').next().unwrap_or(host);
    Effect::Network { host: Some(host.to_owned()), sends: Vec::new(), upload: false }
}
