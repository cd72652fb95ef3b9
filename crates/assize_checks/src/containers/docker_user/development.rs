//! Images that nobody ships: what they start, or what they set, is for whoever works on the code.

use assize_index::FactRef;
use assize_syntax::{FactKind, Role};

use crate::purpose;

/// Programs that start another one again whenever a file changes, stand in for what others run, or
/// catch mail that is to reach nobody.
const PROGRAMS: [&str; 22] = [
    "air",
    "browser-sync",
    "compiledaemon",
    "entr",
    "fresh",
    "fswatch",
    "live-server",
    "localstack",
    "mailcatcher",
    "maildev",
    "mailhog",
    "mailpit",
    "moto_server",
    "nodemon",
    "onchange",
    "reflex",
    "runserver",
    "ts-node-dev",
    "tsx-watch",
    "watchexec",
    "watchmedo",
    "webpack-dev-server",
];

/// Options and tasks by which a server serves whoever works on it.
const MODES: [&str; 9] = [
    "--reload",
    "--hot",
    "--watch",
    "dev",
    "develop",
    "start:dev",
    "dev:watch",
    "watch",
    "emulators:start",
];

/// Variables that say where a program runs.
const PLACES: [&str; 8] = [
    "NODE_ENV",
    "RAILS_ENV",
    "RACK_ENV",
    "APP_ENV",
    "FLASK_ENV",
    "DJANGO_ENV",
    "ASPNETCORE_ENVIRONMENT",
    "DOTNET_ENVIRONMENT",
];

/// Whether an image is for development by what it says itself.
pub(super) fn is_told(base: &FactRef<'_>, starts: &[&FactRef<'_>]) -> bool {
    starts.iter().any(|start| starts_development(start.value)) || is_set_to_development(base)
}

fn starts_development(command: &str) -> bool {
    super::start::words(command).any(|word| {
        let lower = word.to_ascii_lowercase();
        let name = lower.rsplit('/').next().unwrap_or(&lower);
        PROGRAMS.contains(&name)
            || MODES.contains(&name)
            || name.ends_with(".sh") && purpose::is_aside(name)
    })
}

/// Whether each variable of the file that says where it runs says so.
fn is_set_to_development(base: &FactRef<'_>) -> bool {
    let set = base.file.facts_of(FactKind::Env, Role::Definition);
    let mut set = set.filter(|fact| PLACES.contains(&fact.key)).peekable();
    set.peek().is_some()
        && set.all(|fact| matches!(fact.value.to_ascii_lowercase().as_str(), "development" | "dev"))
}

#[cfg(test)]
mod tests {
    use super::starts_development;

    #[test]
    fn commands_of_those_who_develop() {
        for command in [
            r#"["reflex", "-c", "/reflex.conf"]"#,
            "uvicorn app:app --reload",
            "npm run dev",
            "/opt/startup.relational.dev.sh",
            r#"["python", "manage.py", "runserver", "0.0.0.0:8000"]"#,
        ] {
            assert!(starts_development(command), "{command}");
        }
        for command in ["node main.js", "/device.sh", "gunicorn app:app", "./start.sh"] {
            assert!(!starts_development(command), "{command}");
        }
    }
}
