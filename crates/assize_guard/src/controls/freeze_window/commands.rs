//! Commands that bring something to where it runs, or take it away there.

use crate::Program;

/// A program, and words that stand in this order among its arguments, with options between them.
/// No words: whatever it is asked.
const DEPLOYS: [(&str, &[&str]); 70] = [
    ("kubectl", &["apply"]),
    ("kubectl", &["create"]),
    ("kubectl", &["delete"]),
    ("kubectl", &["replace"]),
    ("kubectl", &["patch"]),
    ("kubectl", &["scale"]),
    ("kubectl", &["set"]),
    ("kubectl", &["drain"]),
    ("kubectl", &["rollout", "restart"]),
    ("oc", &["apply"]),
    ("helm", &["install"]),
    ("helm", &["upgrade"]),
    ("helm", &["uninstall"]),
    ("helm", &["delete"]),
    ("helmfile", &["apply"]),
    ("helmfile", &["sync"]),
    ("helmfile", &["destroy"]),
    ("terraform", &["apply"]),
    ("terraform", &["destroy"]),
    ("tofu", &["apply"]),
    ("tofu", &["destroy"]),
    ("terragrunt", &["apply"]),
    ("terragrunt", &["destroy"]),
    ("pulumi", &["up"]),
    ("pulumi", &["destroy"]),
    ("docker", &["stack", "deploy"]),
    ("docker", &["stack", "rm"]),
    ("docker", &["service", "update"]),
    ("docker", &["service", "rm"]),
    ("docker", &["system", "prune"]),
    ("docker", &["volume", "prune"]),
    ("docker", &["volume", "rm"]),
    ("docker", &["image", "prune"]),
    ("fly", &["deploy"]),
    ("flyctl", &["deploy"]),
    ("vercel", &["deploy"]),
    ("vercel", &["--prod"]),
    ("netlify", &["deploy"]),
    ("wrangler", &["deploy"]),
    ("wrangler", &["publish"]),
    ("serverless", &["deploy"]),
    ("serverless", &["remove"]),
    ("sls", &["deploy"]),
    ("cdk", &["deploy"]),
    ("cdk", &["destroy"]),
    ("sam", &["deploy"]),
    ("sam", &["delete"]),
    ("gcloud", &["app", "deploy"]),
    ("gcloud", &["run", "deploy"]),
    ("gcloud", &["functions", "deploy"]),
    ("aws", &["ecs", "update-service"]),
    ("aws", &["cloudformation", "deploy"]),
    ("aws", &["cloudformation", "delete-stack"]),
    ("az", &["webapp", "up"]),
    ("az", &["webapp", "deploy"]),
    ("firebase", &["deploy"]),
    ("kamal", &["deploy"]),
    ("argocd", &["app", "sync"]),
    ("nomad", &["job", "run"]),
    ("eb", &["deploy"]),
    ("cap", &["deploy"]),
    ("skaffold", &["run"]),
    ("ansible-playbook", &[]),
    ("npm", &["publish"]),
    ("pnpm", &["publish"]),
    ("yarn", &["npm", "publish"]),
    ("cargo", &["publish"]),
    ("twine", &["upload"]),
    ("gh", &["release", "create"]),
    ("gh", &["workflow", "run"]),
];

/// Words with which a command only shows what it would do.
const SHOWS: [&str; 9] = [
    "--dry-run",
    "--dry-run=client",
    "--dry-run=server",
    "--help",
    "-h",
    "--check",
    "--noop",
    "--plan",
    "--version",
];

/// Runners of tasks: what they run is called by one of their words. What follows `--` is for the
/// task.
const RUNNERS: [&str; 8] = ["make", "just", "task", "npm", "pnpm", "yarn", "rake", "invoke"];

/// The command, if it deploys or cleans up.
pub(super) fn deploys(program: &Program) -> Option<String> {
    let words: Vec<&str> = program.words.iter().flatten().map(String::as_str).collect();
    if words.iter().any(|word| SHOWS.contains(word)) {
        return None;
    }
    let name = program.name.as_str();
    let fits = |(of, wanted): &&(&str, &[&str])| *of == name && in_order(&words, wanted);
    if let Some((_, wanted)) = DEPLOYS.iter().find(fits) {
        return Some(format!("{name} {}", wanted.join(" ")).trim_end().to_owned());
    }
    if RUNNERS.contains(&name) {
        let named = words.iter().take_while(|word| **word != "--");
        let mut named = named.filter(|word| !word.starts_with('-'));
        let task = named.find(|word| is_deploy(word));
        return task.map(|task| format!("{name} {task}"));
    }
    // A script is called by its name, also behind its interpreter.
    let shell = matches!(name, "sh" | "bash" | "zsh");
    let script = if shell { words.first().copied().unwrap_or("") } else { name };
    let script = script.rsplit('/').next().unwrap_or(script);
    (script.ends_with(".sh") && is_deploy(script.trim_end_matches(".sh")))
        .then(|| script.to_owned())
}

/// Whether words stand in this order, with nothing but options before and between them.
fn in_order(words: &[&str], wanted: &[&str]) -> bool {
    let mut wanted = wanted.iter().peekable();
    let mut values = 0;
    for word in words {
        let Some(next) = wanted.peek() else { return true };
        if word == *next {
            wanted.next();
        } else if word.starts_with('-') {
            // Some options take the next word.
            values = usize::from(!word.contains('='));
        } else if values > 0 {
            values -= 1;
        } else {
            return false;
        }
    }
    wanted.peek().is_none()
}

/// Whether a name says that what it names deploys.
fn is_deploy(name: &str) -> bool {
    let mut parts = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let first = parts.next().unwrap_or("");
    matches!(first, "deploy" | "rollout" | "release")
}
