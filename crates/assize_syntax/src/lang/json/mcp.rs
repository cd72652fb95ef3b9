//! MCP configurations: servers, the programs that they start, their environment.

use assize_mcp::{ELSEWHERE, FOLDER_OPTIONS, is_project_file};
use assize_model::{Span, normalise};

use super::value::{Member, Value};
use crate::{Dialect, Extraction, FactKind, Flags, Role};

/// Folders that builds and installations make.
const MADE: [&str; 7] = ["dist", "build", "out", "target", "node_modules", ".venv", "venv"];

pub(super) fn extract(sheet: &mut Extraction<'_>, value: &Value<'_>) {
    crate::lang::mcp::servers(sheet);
    let nested = value.get("mcp").and_then(|mcp| mcp.get("servers"));
    let plain = if sheet.dialect == Dialect::McpConfig { value.get("servers") } else { None };
    for servers in [value.get("mcpServers"), nested, plain].into_iter().flatten() {
        for server in servers.members() {
            one(sheet, server);
        }
    }
}

fn one(sheet: &mut Extraction<'_>, server: &Member<'_>) {
    let settings = &server.value;
    let command = settings.get("command");
    let url = ["url", "serverUrl", "httpUrl"].iter().find_map(|key| settings.get(key)?.text());
    let Some(line) = command.and_then(Value::text).or(url) else { return };
    let arguments = settings.get("args").map_or(&[][..], Value::elements);
    let words: Vec<&str> =
        std::iter::once(line).chain(arguments.iter().filter_map(Value::text)).collect();
    // What clients read was taken in by whoever knows all of their files.
    if !is_project_file(sheet.path.as_str()) {
        sheet
            .fact(FactKind::McpServer, Role::Definition, server.key.as_ref(), server.at)
            .value(words.join(" "))
            .done();
    }
    for variable in settings.get("env").map_or(&[][..], Value::members) {
        sheet
            .fact(FactKind::Env, Role::Definition, variable.key.as_ref(), variable.at)
            .value(variable.value.text().unwrap_or(""))
            .item(server.key.as_ref())
            .done();
    }
    if command.is_some() {
        paths(sheet, server, &words);
    }
}

fn paths(sheet: &mut Extraction<'_>, server: &Member<'_>, words: &[&str]) {
    let cwd = server.value.get("cwd").and_then(Value::text);
    let moved = words.iter().any(|word| {
        FOLDER_OPTIONS.iter().any(|option| {
            word.strip_prefix(option).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
        })
    });
    let base = if moved { None } else { base(sheet, cwd) };
    let command = server.value.get("command");
    if let Some(command) = command
        && let Some(text) = command.text()
        && text.contains('/')
    {
        path(sheet, &server.key, base.as_deref(), text, command.span);
    }
    let program = words.first().map_or("", |first| first.rsplit('/').next().unwrap_or(first));
    if ELSEWHERE.contains(&program) {
        return;
    }
    for argument in server.value.get("args").map_or(&[][..], Value::elements) {
        if let Some(text) = argument.text()
            && is_file(text)
        {
            path(sheet, &server.key, base.as_deref(), text, argument.span);
        }
    }
}

/// The folder in which the servers are started, where it can be known.
fn base(sheet: &Extraction<'_>, cwd: Option<&str>) -> Option<String> {
    let folder = sheet.path.folder();
    let own = folder.rsplit('/').next().unwrap_or(folder);
    let start = if sheet.path.name() == ".mcp.json" || folder.is_empty() {
        folder
    } else if own.starts_with('.') {
        // `.vscode/mcp.json` speaks of the folder above.
        folder.rsplit_once('/').map_or("", |(above, _)| above)
    } else {
        return None;
    };
    match cwd {
        None => Some(start.to_owned()),
        Some(cwd) if is_computed(cwd) => None,
        Some(cwd) => normalise(start, cwd).ok(),
    }
}

/// Whether an argument names a file: a script, or a path that says so itself. A scoped package and
/// an image have slashes too.
fn is_file(text: &str) -> bool {
    let script = [".sh", ".py", ".js", ".mjs", ".cjs", ".ts"].iter().any(|end| text.ends_with(end));
    let path = text.starts_with("./") || text.starts_with("../");
    (script || path)
        && !text.starts_with(['-', '@'])
        && !text.contains("://")
        && !text.contains([' ', ':', '=', ';', '&', '|'])
}

fn is_computed(text: &str) -> bool {
    text.contains(['$', '~', '%', '{', '<', '*', '\\'])
}

fn path(sheet: &mut Extraction<'_>, server: &str, base: Option<&str>, text: &str, at: Span) {
    if is_computed(text) {
        return;
    }
    let made = text.split('/').any(|part| MADE.contains(&part));
    let known = match base {
        Some(base) if !made => normalise(base, text).ok(),
        _ => None,
    };
    let flags = if known.is_some() { Flags::IN_MCP } else { Flags::IN_MCP.with(Flags::UNRESOLVED) };
    sheet
        .fact(FactKind::Path, Role::Reference, known.as_deref().unwrap_or(text), at)
        .value(text)
        .item(format!("mcp-server {server}"))
        .flags(flags)
        .done();
}
