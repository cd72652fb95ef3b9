//! What `mcp-lock` compares: the servers that a client's file names, and those in the lock. The
//! same servers are there under the names by which tools are called, for whoever names their tools.

use assize_mcp::{LOCK, Lock, Pin, is_project_file, plain_name};
use assize_model::Span;

use crate::{Extraction, FactKind, Role};

/// The servers of a file that clients read.
pub(super) fn servers(sheet: &mut Extraction<'_>) {
    let path = sheet.path.as_str();
    if !is_project_file(path) {
        return;
    }
    for server in assize_mcp::servers(path, sheet.text, "").unwrap_or_default() {
        let at = Span::new(server.at.start, server.at.end);
        let line = server.definition.address.clone();
        sheet
            .fact(FactKind::McpServer, Role::Definition, plain_name(&server.name), at)
            .value(line.unwrap_or_else(|| server.definition.command_line()))
            .done();
        sheet
            .fact(FactKind::McpLock, Role::Definition, server.name, at)
            .value(server.definition.to_json())
            .done();
    }
}

/// The servers of the lock, and that there is one. A damaged lock locks nothing here: that it does
/// not parse is a finding of its own, and the guard denies what it cannot compare.
pub(super) fn lock(sheet: &mut Extraction<'_>) {
    if sheet.path.as_str() != LOCK {
        return;
    }
    let Ok(lock) = Lock::parse(sheet.text) else { return };
    sheet.fact(FactKind::McpLock, Role::Reference, "", Span::new(0, 0)).done();
    for server in lock.servers() {
        let pin = Pin {
            definition: server.definition.clone(),
            scripts: server.scripts.clone(),
            tools: server.tools.clone(),
        };
        let at = Span::new(server.at.start, server.at.end);
        let pin = pin.to_json();
        sheet
            .fact(FactKind::McpServer, Role::Definition, plain_name(&server.name), at)
            .item("locked")
            .value(pin.as_str())
            .done();
        sheet
            .fact(FactKind::McpLock, Role::Reference, server.name.as_str(), at)
            .item(server.file.as_str())
            .value(pin)
            .done();
    }
}
