//! Containers whose final process is root.

mod bases;
mod development;
mod start;

use assize_index::{FactRef, View};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Flags, Language, Role};

use crate::{Context, Control, Group, Report, Scope, Sink, purpose};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("docker-user"),
    summary: "containers whose final process is root",
    version: 1,
    // Capped until its labels allow more: `docs/precision.md`.
    severity: Severity::Warn,
    languages: &[Language::Dockerfile, Language::Yaml],
    // Scripts of any of these may be those by which a container starts.
    classes: &[FileClass::Production, FileClass::Test, FileClass::Example],
    scope: Scope::Groups { kind: FactKind::Setting, run: check },
    options: &[],
    applies: has_containers,
    doc: include_str!("doc.md"),
};

fn has_containers(view: &View<'_>) -> bool {
    ["image:", "service:"]
        .iter()
        .any(|start| view.any_key_starts_with(FactKind::Setting, Role::Definition, start))
}

fn check(group: &Group<'_>, context: &Context<'_>, sink: &mut Sink) {
    if group.key.starts_with("image:") {
        image(group, context, sink);
    } else if group.key.starts_with("service:") {
        service(group, sink);
    }
}

/// The settings of one image, and the services that are built from it.
fn image(group: &Group<'_>, context: &Context<'_>, sink: &mut Sink) {
    let own = |item: &'static str| {
        group.members.iter().filter(move |fact| fact.role == Role::Definition && fact.item == item)
    };
    let Some(base) = own("base").next().filter(|base| judged(base)) else { return };
    if let Some(user) = own("user").next() {
        if user.flags.has(Flags::UNRESOLVED) {
            sink.unresolved();
        } else if is_root(user.value) && own("drops").next().is_none() {
            let starts: Vec<_> = own("start").collect();
            match start::of(&starts, context) {
                start::Goes::AsItIs if !starts.is_empty() && !runs_as_another(group) => {
                    let why = format!("the last `USER` is `{}`", user.value);
                    sink.report(report(user, "root", &why, base.value));
                }
                _ => sink.unresolved(),
            }
        }
        return;
    }
    if base.flags.has(Flags::UNRESOLVED) || !bases::are_root(base.value) {
        return sink.unresolved();
    }
    let starts: Vec<_> = own("start").collect();
    // What starts nothing is built upon.
    if starts.is_empty() && !bases::serve(base.value) {
        return;
    }
    if development::is_told(base, &starts) {
        return sink.unresolved();
    }
    let goes = start::of(&starts, context);
    if goes != start::Goes::AsItIs || own("drops").next().is_some() || runs_as_another(group) {
        return sink.unresolved();
    }
    let why = format!("no `USER` is set, and `{}` begins as root", base.value);
    sink.report(report(base, "no-user", &why, base.value));
}

/// A service that says itself that it runs as root.
fn service(group: &Group<'_>, sink: &mut Sink) {
    for user in group.members.iter().filter(|fact| fact.item == "user" && judged(fact)) {
        let name = group.key.trim_start_matches("service:");
        if user.flags.has(Flags::UNRESOLVED) || purpose::prepares(name) {
            sink.unresolved();
        } else if is_root(user.value) {
            let why = format!("the setting of `{name}` says so");
            sink.report(report(user, "root", &why, name));
        }
    }
}

/// Whether every service that is built from the image names another user. One that does is enough
/// where it is the only one.
fn runs_as_another(group: &Group<'_>) -> bool {
    let services = group.members.iter().filter(|fact| fact.role == Role::Reference);
    let mut services = services.filter(|fact| fact.item == "user").peekable();
    services.peek().is_some() && services.all(|fact| !fact.value.is_empty() && !is_root(fact.value))
}

fn is_root(user: &str) -> bool {
    let user = user.split(':').next().unwrap_or(user).trim_matches(['"', '\'']);
    matches!(user, "root" | "0")
}

/// Whether a file is for what is deployed.
fn judged(fact: &FactRef<'_>) -> bool {
    fact.file.class() == FileClass::Production && !purpose::is_aside(fact.file.path())
}

fn report(at: &FactRef<'_>, code: &'static str, why: &str, subject: &str) -> Report {
    Report {
        code,
        severity: None,
        path: Some(at.file.path().to_owned()),
        place: at.place,
        message: format!("the process of the container is root: {why}"),
        help: "make a user in the image and switch to it with `USER` in the last stage, by number"
            .to_owned(),
        item: at.item.to_owned(),
        subject: subject.to_owned(),
    }
}
