//! unmounted-handler: routers with routes that no application mounts.

mod cover;

use assize_index::{FactRef, FileRef, View};
use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::{FactKind, Language, Role};

use crate::{Context, Control, Report, Scope, Sink};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("unmounted-handler"),
    summary: "routers whose routes no application serves, beside an application that could",
    version: 1,
    severity: Severity::Warn,
    languages: &[Language::Python, Language::JavaScript, Language::TypeScript],
    classes: &[FileClass::Production],
    scope: Scope::References {
        reads: &[FactKind::Route, FactKind::Mount],
        refers: &[FactKind::Mount],
        run: check,
    },
    options: &[],
    applies: has_routers,
    doc: include_str!("doc.md"),
};

fn has_routers(view: &View<'_>) -> bool {
    view.any_key_starts_with(FactKind::Mount, Role::Definition, "")
}

fn check(file: FileRef<'_>, context: &Context<'_>, sink: &mut Sink) {
    let made = file.facts_of(FactKind::Mount, Role::Definition);
    for fact in made.filter(|fact| fact.item.ends_with(" router")) {
        let count = routes_of(file, &fact);
        if count == 0 {
            continue;
        }
        let routes = context.world.routes(&context.view);
        let Some(id) = routes.id(file.path(), fact.key) else { continue };
        match cover::judge(routes, id) {
            cover::State::Served => {}
            cover::State::Unknown => sink.unresolved(),
            cover::State::Unmounted(app) => sink.report(report(&fact, count, app)),
        }
    }
}

fn routes_of(file: FileRef<'_>, router: &FactRef<'_>) -> usize {
    file.facts_of(FactKind::Route, Role::Definition)
        .filter(|route| route.item.strip_prefix('#') == Some(router.key))
        .count()
}

fn report(router: &FactRef<'_>, count: usize, app: &str) -> Report {
    let name = router.key;
    let routes = if count == 1 { "the route".to_owned() } else { format!("the {count} routes") };
    Report {
        code: "router",
        severity: None,
        path: None,
        place: router.place,
        message: format!(
            "`{name}` is mounted nowhere: nobody can reach {routes} on it, and the application in \
             {app} mounts others"
        ),
        help: "mount it where the others are mounted, or remove it".to_owned(),
        item: String::new(),
        subject: name.to_owned(),
    }
}
