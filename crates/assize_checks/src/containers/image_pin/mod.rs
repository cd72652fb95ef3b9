//! Container images whose version nobody chose.

mod official;
mod own;
mod reference;

use assize_index::{FactRef, View};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Flags, Language, Role};

use crate::{Context, Control, Group, Report, Scope, Sink, purpose};

use reference::{Pin, Reference};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("image-pin"),
    summary: "container images without a version: no tag, `latest`, or a tag that moves",
    version: 1,
    // Capped until its labels allow more: `docs/precision.md`.
    severity: Severity::Warn,
    languages: &[Language::Yaml, Language::Dockerfile],
    classes: &[FileClass::Production, FileClass::Test, FileClass::Example],
    scope: Scope::Groups { kind: FactKind::Image, run: check },
    options: &["digest"],
    applies: uses_images,
    doc: include_str!("doc.md"),
};

fn uses_images(view: &View<'_>) -> bool {
    view.any_key_starts_with(FactKind::Image, Role::Reference, "")
}

fn check(group: &Group<'_>, context: &Context<'_>, sink: &mut Sink) {
    // What is built here has the tag that the build gives it.
    let built = group.members.iter().any(|fact| fact.role == Role::Definition);
    for fact in group.members.iter().filter(|fact| fact.role == Role::Reference) {
        if fact.file.class() != FileClass::Production {
            continue;
        }
        let Some(image) = Reference::parse(fact.value) else { continue };
        let open = fact.flags.any(Flags::UNRESOLVED.with(Flags::OPTIONAL));
        match image.pin() {
            Pin::Digest => {}
            _ if open
                || built
                || !image.is_from_a_registry()
                || own::is_own(fact, &image, context) =>
            {
                sink.unresolved();
            }
            Pin::Version => digest(fact, &image, context, sink),
            Pin::Missing => sink.report(report(fact, &image, "no-tag")),
            Pin::Latest => sink.report(report(fact, &image, "latest")),
            Pin::Moving => sink.report(report(fact, &image, "moving-tag")),
        }
    }
}

/// Where the configuration asks for it, a version alone is not enough: tags can be moved.
fn digest(fact: &FactRef<'_>, image: &Reference<'_>, context: &Context<'_>, sink: &mut Sink) {
    let options = context.settings.options(CONTROL.name.0, fact.file.path());
    if options.number("digest", 0) > 0 {
        sink.report(report(fact, image, "no-digest"));
    }
}

fn report(fact: &FactRef<'_>, image: &Reference<'_>, code: &'static str) -> Report {
    let (what, help) = match code {
        "no-tag" => (
            "has no tag: whatever is newest that day is run".to_owned(),
            format!("name a version, as in `{}:VERSION`", image.name),
        ),
        "no-digest" => (
            "has no digest: whoever owns the tag can move it".to_owned(),
            format!("add the digest: `{}@sha256:...`", fact.value),
        ),
        _ => (
            format!("has a tag that moves: `{}` is another image tomorrow", image.tag),
            format!("name a version in place of `{}`", image.tag),
        ),
    };
    Report {
        code,
        // What development and tests run on may move: they are there to find out.
        severity: purpose::is_aside(fact.file.path()).then_some(Severity::Info),
        path: Some(fact.file.path().to_owned()),
        place: fact.place,
        message: format!("the image `{}` {what}", fact.value),
        help,
        item: fact.item.to_owned(),
        subject: image.name.to_owned(),
    }
}
