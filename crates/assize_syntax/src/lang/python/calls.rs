//! Calls of library functions that controls ask about, by their full names.
//!
//! A name means a library only where an import or the making of a client says so in this file, and
//! no parameter hides it.

use std::collections::HashMap;

use assize_model::{FileClass, Span};
use ruff_python_ast::{self as ast, Expr, Stmt};

use super::modules::dotted;
use super::walk::{Walk, span_of};
use crate::{FactKind, Flags, Role};

/// What the names of a file mean.
#[derive(Debug, Default)]
pub(super) struct Libraries {
    names: HashMap<String, String>,
}

const VERBS: [&str; 8] = ["delete", "get", "head", "options", "patch", "post", "put", "request"];
const SESSION: &str = "requests.Session";

pub(super) fn statement(walk: &mut Walk<'_, '_>, stmt: &Stmt) {
    if walk.sheet.class != FileClass::Production {
        return;
    }
    match stmt {
        Stmt::Import(import) => {
            for alias in &import.names {
                let module = alias.name.as_str();
                let top = module.split('.').next().unwrap_or(module);
                match &alias.asname {
                    Some(name) => walk.libraries.learn(name.as_str(), module),
                    None => walk.libraries.learn(top, top),
                }
            }
        }
        Stmt::ImportFrom(import) if import.level == 0 => {
            let Some(module) = &import.module else { return };
            for alias in &import.names {
                let bound = alias.asname.as_ref().unwrap_or(&alias.name);
                let full = format!("{module}.{}", alias.name);
                walk.libraries.learn(bound.as_str(), &full);
            }
        }
        Stmt::Assign(assign) => {
            for target in &assign.targets {
                walk.libraries.assign(target, &assign.value);
            }
        }
        Stmt::AnnAssign(assign) => {
            if let Some(value) = &assign.value {
                walk.libraries.assign(&assign.target, value);
            }
        }
        Stmt::With(block) => {
            for item in &block.items {
                if let Some(target) = &item.optional_vars {
                    walk.libraries.assign(target, &item.context_expr);
                }
            }
        }
        _ => {}
    }
}

impl Libraries {
    fn learn(&mut self, name: &str, full: &str) {
        if matches!(full.split('.').next(), Some("httpx" | "requests" | "socket" | "urllib")) {
            self.names.insert(name.to_owned(), full.to_owned());
        } else if !self.names.is_empty() {
            self.names.remove(name);
        }
    }

    /// A client gets its name; a client one of whose members is replaced is another's.
    fn assign(&mut self, target: &Expr, value: &Expr) {
        if self.names.is_empty() {
            return;
        }
        let Some(name) = dotted(target) else { return };
        if let Expr::Call(call) = value
            && let Some(full) = dotted(&call.func).and_then(|made| self.full_name(&made))
            && matches!(full.as_str(), SESSION | "requests.session")
        {
            self.names.insert(name, SESSION.to_owned());
            return;
        }
        self.names.remove(&name);
        if let Some((owner, "request" | "send" | "get" | "post")) = name.rsplit_once('.')
            && self.names.get(owner).is_some_and(|full| full == SESSION)
        {
            self.names.remove(owner);
        }
    }

    /// The full name of what a dotted name of the file means.
    fn full_name(&self, name: &str) -> Option<String> {
        let mut known = name;
        loop {
            if let Some(full) = self.names.get(known) {
                return Some(format!("{full}{}", name.get(known.len()..).unwrap_or("")));
            }
            known = known.rsplit_once('.')?.0;
        }
    }
}

pub(super) fn expression(walk: &mut Walk<'_, '_>, expr: &Expr) {
    let Expr::Call(call) = expr else { return };
    if walk.sheet.class != FileClass::Production {
        return;
    }
    if let Expr::Name(name) = &*call.func
        && matches!(name.id.as_str(), "print" | "pprint")
    {
        if !walk.bound.contains("print") {
            write(walk, call, "py:print");
        }
        return;
    }
    if walk.libraries.names.is_empty() {
        return;
    }
    let Some(name) = dotted(&call.func) else { return };
    let first = name.split('.').next().unwrap_or(&name);
    if walk.scopes.is_parameter(first) && first != "self" {
        return;
    }
    let Some(full) = walk.libraries.full_name(&name) else { return };
    if full == "socket.setdefaulttimeout" {
        walk.sheet
            .fact(FactKind::Call, Role::Definition, "py:urllib.request.urlopen", span_of(call))
            .value("timeout")
            .done();
    } else if full == "requests.Session.mount" {
        if !mounts_plain(walk, call) {
            let owner = name.strip_suffix(".mount").unwrap_or(&name);
            walk.libraries.names.remove(owner);
        }
    } else if is_asked_for(&full) {
        write(walk, call, &format!("py:{full}"));
    }
}

/// Whether what a session is given is the adapter of the library, which knows no time limit.
fn mounts_plain(walk: &Walk<'_, '_>, call: &ast::ExprCall) -> bool {
    let Some(Expr::Call(adapter)) = call.arguments.args.get(1) else { return false };
    let made = dotted(&adapter.func).and_then(|name| walk.libraries.full_name(&name));
    made.is_some_and(|full| full.starts_with("requests.") && full.ends_with(".HTTPAdapter"))
}

fn is_asked_for(full: &str) -> bool {
    if full == "urllib.request.urlopen" {
        return true;
    }
    let Some((owner, verb)) = full.rsplit_once('.') else { return false };
    match owner {
        "requests" | "requests.api" | SESSION => VERBS.contains(&verb),
        "httpx" => VERBS.contains(&verb) || matches!(verb, "stream" | "Client" | "AsyncClient"),
        _ => false,
    }
}

fn write(walk: &mut Walk<'_, '_>, call: &ast::ExprCall, key: &str) {
    let mut said = String::new();
    let arguments = &call.arguments;
    let mut open = arguments.args.iter().any(Expr::is_starred_expr);
    for keyword in &arguments.keywords {
        let Some(name) = &keyword.arg else {
            open = true;
            continue;
        };
        if !said.is_empty() {
            said.push(' ');
        }
        said.push_str(name.as_str());
        if keyword.value.is_none_literal_expr() {
            said.push_str("=none");
        }
    }
    let item = walk.item();
    let open = open || is_excused(walk, span_of(call));
    let flags = if open { Flags::UNRESOLVED } else { Flags::NONE };
    let nested = if walk.scopes.in_function() { Flags::NESTED } else { Flags::NONE };
    walk.sheet
        .fact(FactKind::Call, Role::Reference, key, span_of(call))
        .value(said)
        .item(item)
        .number(u32::try_from(arguments.args.len()).unwrap_or(u32::MAX))
        .flags(flags.with(nested))
        .done();
}

/// Whether a remark on the lines of a call tells other linters that it waits on purpose.
fn is_excused(walk: &Walk<'_, '_>, call: Span) -> bool {
    let rest = walk.sheet.text.get(call.start..).unwrap_or("");
    let after = rest.get(call.end - call.start..).unwrap_or("");
    let end = call.end - call.start + after.find('\n').unwrap_or(after.len());
    let written = rest.get(..end).unwrap_or("");
    ["missing-timeout", "S113", "B113"].iter().any(|mark| written.contains(mark))
}
