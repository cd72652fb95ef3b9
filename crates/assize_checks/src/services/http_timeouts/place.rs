//! Where a call stands: who waits for it decides how bad it is to wait.

use assize_index::{FactRef, FileRef, View};
use assize_model::normalise;
use assize_syntax::{FactKind, FileFlags, Language, Role};

/// Folders of programs that a person starts, waits for and can stop.
const BY_HAND: [&str; 8] =
    ["bin", "example", "examples", "hack", "script", "scripts", "tool", "tools"];

/// Frameworks of pages, for which axios asks the browser.
const BROWSER: [&str; 8] = [
    "npm:@angular/core",
    "npm:@builder.io/qwik",
    "npm:preact",
    "npm:react",
    "npm:react-dom",
    "npm:solid-js",
    "npm:svelte",
    "npm:vue",
];

/// What runs outside of a browser, whatever else its manifest names.
const OUTSIDE: [&str; 15] = [
    "npm:@apollo/server",
    "npm:@hapi/hapi",
    "npm:@nestjs/core",
    "npm:@remix-run/node",
    "npm:@sveltejs/kit",
    "npm:astro",
    "npm:electron",
    "npm:express",
    "npm:fastify",
    "npm:hono",
    "npm:koa",
    "npm:next",
    "npm:nuxt",
    "npm:restify",
    "npm:vscode",
];

/// Whether a person starts the file as a program: by its folder, or because git keeps it as one.
pub(super) fn is_run_by_hand(file: FileRef<'_>) -> bool {
    file.dialect().language() == Language::Python
        && (file.flags().has(FileFlags::EXECUTABLE) || holds_programs(file.folder()))
}

fn holds_programs(folder: &str) -> bool {
    folder.split('/').any(|part| BY_HAND.contains(&part.to_ascii_lowercase().as_str()))
}

/// Whether the call is one of a page: there the browser asks, no thread of a service is held, and
/// the person leaves when it takes too long.
pub(super) fn is_of_a_page(call: &FactRef<'_>, view: &View<'_>) -> bool {
    call.key.starts_with("js:axios") && runs_in_browser(call.file, view)
}

/// Whether the first manifest above that speaks of either names a framework of pages alone.
fn runs_in_browser(file: FileRef<'_>, view: &View<'_>) -> bool {
    let mut folder = file.folder();
    loop {
        let path = normalise(folder, "package.json").ok();
        if let Some(manifest) = path.and_then(|path| view.file(&path)) {
            let names = |known: &[&str]| {
                manifest
                    .facts_of(FactKind::Package, Role::Definition)
                    .any(|package| known.contains(&package.key))
            };
            if names(&OUTSIDE) {
                return false;
            }
            if names(&BROWSER) {
                return true;
            }
        }
        if folder.is_empty() {
            return false;
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
}

#[cfg(test)]
mod tests {
    use super::holds_programs;

    #[test]
    fn folders_of_programs() {
        for folder in ["tools", "Tools/Commandline", "api/scripts/data", "hack"] {
            assert!(holds_programs(folder), "{folder}");
        }
        for folder in ["", "app", "app/toolshed", "descriptions"] {
            assert!(!holds_programs(folder), "{folder}");
        }
    }
}
