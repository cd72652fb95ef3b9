//! What a script is for, from what it runs: it deploys, validates, watches, starts and stops
//! services, tests, or administers.
//!
//! Its name is not asked. A script that does several of these in about equal parts has no duty of
//! its own.

use std::collections::BTreeMap;

use assize_model::Span;

use super::walk::Walk;
use crate::{FactKind, Role};

const DEPLOY: &str = "deploy";
const VALIDATION: &str = "validation";
const MONITORING: &str = "monitoring";
const ORCHESTRATION: &str = "orchestration";
const TESTING: &str = "testing";
const MANAGEMENT: &str = "management";

/// Programs that tell a duty: always, or where one of the words stands among their arguments.
const TELLS: &[(&str, &[&str], &str)] = &[
    ("actionlint", &[], VALIDATION),
    ("alembic", &["upgrade", "downgrade", "stamp"], MANAGEMENT),
    ("ansible-lint", &[], VALIDATION),
    ("bats", &[], TESTING),
    ("black", &["--check"], VALIDATION),
    ("cargo", &["clippy"], VALIDATION),
    ("cargo", &["test", "nextest"], TESTING),
    ("createdb", &[], MANAGEMENT),
    ("createuser", &[], MANAGEMENT),
    ("ctest", &[], TESTING),
    ("docker", &["stats"], MONITORING),
    ("docker", &["start", "stop", "restart"], ORCHESTRATION),
    ("docker-compose", &["start", "stop", "restart"], ORCHESTRATION),
    ("dotnet", &["test"], TESTING),
    ("dropdb", &[], MANAGEMENT),
    ("eslint", &[], VALIDATION),
    ("flake8", &[], VALIDATION),
    ("go", &["test"], TESTING),
    ("go", &["vet"], VALIDATION),
    ("golangci-lint", &[], VALIDATION),
    ("hadolint", &[], VALIDATION),
    ("helm", &["lint"], VALIDATION),
    ("iostat", &[], MONITORING),
    ("jest", &[], TESTING),
    ("k6", &["run"], TESTING),
    ("kubeconform", &[], VALIDATION),
    ("kubectl", &["top"], MONITORING),
    ("kubeval", &[], VALIDATION),
    ("locust", &[], TESTING),
    ("manage.py", &["migrate", "createsuperuser", "changepassword", "flush"], MANAGEMENT),
    ("manage.py", &["test"], TESTING),
    ("markdownlint", &[], VALIDATION),
    ("mocha", &[], TESTING),
    ("mongodump", &[], MANAGEMENT),
    ("mongorestore", &[], MANAGEMENT),
    ("mpstat", &[], MONITORING),
    ("mypy", &[], VALIDATION),
    ("mysqladmin", &[], MANAGEMENT),
    ("mysqldump", &[], MANAGEMENT),
    ("npm", &["test"], TESTING),
    ("pg_dump", &[], MANAGEMENT),
    ("pg_dumpall", &[], MANAGEMENT),
    ("pg_restore", &[], MANAGEMENT),
    ("phpunit", &[], TESTING),
    ("playwright", &["test"], TESTING),
    ("pnpm", &["test"], TESTING),
    ("prettier", &["--check", "-c"], VALIDATION),
    ("promtool", &["check"], VALIDATION),
    ("promtool", &["query"], MONITORING),
    ("psql", &[], MANAGEMENT),
    ("pylint", &[], VALIDATION),
    ("pyright", &[], VALIDATION),
    ("pytest", &[], TESTING),
    ("rabbitmqctl", &["add_user", "add_vhost", "set_permissions", "delete_user"], MANAGEMENT),
    ("redis-cli", &[], MANAGEMENT),
    ("ruff", &["check"], VALIDATION),
    ("shellcheck", &[], VALIDATION),
    ("supervisorctl", &["start", "stop", "restart"], ORCHESTRATION),
    ("systemctl", &["start", "stop", "restart"], ORCHESTRATION),
    ("terraform", &["validate"], VALIDATION),
    ("tox", &[], TESTING),
    ("vitest", &[], TESTING),
    ("vmstat", &[], MONITORING),
    ("yamllint", &[], VALIDATION),
    ("yarn", &["test"], TESTING),
];

/// Programs that run another one.
const WRAPPERS: &[&str] = &[
    "bunx",
    "coverage",
    "docker",
    "docker-compose",
    "kubectl",
    "npx",
    "pdm",
    "pipenv",
    "pnpm",
    "podman",
    "poetry",
    "python",
    "python3",
    "timeout",
    "uv",
    "yarn",
];

/// How far behind a wrapper the program may stand.
const WRAPPED_MAX: usize = 10;

/// Parts of addresses under which a service says how it is.
const PROBED: [&str; 6] = ["/health", "/ready", "/live", "/metrics", "/-/healthy", "/api/v1/query"];

/// What those do that only watch: one such call is part of whatever else a script does.
const WATCHING_MIN: u32 = 2;
/// A command that tells a duty speaks for so many others: a dump in a long script is a precaution.
const SPEAKS_FOR: u64 = 12;

/// Words that only talk, ask, or steer the script itself.
const TALK: [&str; 18] = [
    ":", "[", "break", "cd", "continue", "declare", "echo", "exit", "export", "local", "printf",
    "read", "return", "set", "shift", "source", "test", "true",
];

/// One service that is started may be the script's own.
const ORCHESTRATING_MIN: u32 = 3;

/// What was seen of a script's duty.
#[derive(Debug, Default)]
pub(super) struct Duties {
    told: BTreeMap<&'static str, Told>,
    /// Where the outcome of tests is dropped.
    lost: Option<Span>,
    /// A test whose outcome nothing looks at.
    unseen: Option<Span>,
    starts: Option<Span>,
    fetches: bool,
    /// How many commands there are that do something.
    commands: u32,
}

#[derive(Debug)]
struct Told {
    count: u32,
    at: Span,
    by: String,
}

/// How a script takes the outcome of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It decides what comes next, or how the script ends.
    Counts,
    /// Nothing looks at it.
    Unseen,
    /// `|| true`, `|| echo ..`.
    Dropped,
}

impl Duties {
    /// Takes notice of one command; `deploys` where it is known as a deployment.
    pub(super) fn note(
        &mut self,
        words: &[&str],
        deploys: Option<&'static str>,
        at: Span,
        outcome: Outcome,
    ) {
        let Some((name, rest)) = words.split_first() else { return };
        self.commands = self.commands.saturating_add(u32::from(!TALK.contains(name)));
        self.fetches |= matches!(rest, ["pull" | "push", ..] | ["compose", "pull" | "push", ..])
            && matches!(*name, "docker" | "docker-compose" | "git" | "podman");
        match deploys {
            // It also starts what is under development: more has to say that this is none.
            Some("docker compose up") => {
                self.starts.get_or_insert(at);
                return;
            }
            Some(verb) => return self.tell(DEPLOY, verb, at),
            None => {}
        }
        if matches!(*name, "curl" | "wget") && rest.iter().any(|word| probes(word)) {
            return self.tell(MONITORING, name, at);
        }
        let Some((duty, by)) = told_by(words) else { return };
        self.tell(duty, by, at);
        match outcome {
            Outcome::Dropped if duty == TESTING => self.lost = self.lost.or(Some(at)),
            Outcome::Unseen if duty == TESTING => self.unseen = self.unseen.or(Some(at)),
            _ => {}
        }
    }

    fn tell(&mut self, duty: &'static str, by: &str, at: Span) {
        let told = self.told.entry(duty).or_insert_with(|| Told { count: 0, at, by: by.into() });
        told.count = told.count.saturating_add(1);
    }

    /// The one duty that most of what was seen tells.
    fn chief(&self) -> Option<(&'static str, &Told)> {
        let weighs = |duty: &str, told: &Told| match duty {
            MONITORING => told.count >= WATCHING_MIN,
            ORCHESTRATION => told.count >= ORCHESTRATING_MIN,
            _ => true,
        };
        let main = |duty: &str| !matches!(duty, MONITORING | ORCHESTRATION);
        let has_main = self.told.keys().any(|duty| main(duty));
        // Whoever deploys or tests starts services and asks whether they are up.
        let counted = || self.told.iter().filter(|(duty, _)| main(duty) || !has_main);
        let all: u32 = counted().map(|(_, told)| told.count).sum();
        let (duty, told) = counted().max_by_key(|(_, told)| told.count)?;
        let chief = u64::from(told.count) * 10 >= u64::from(all) * 6;
        let dense = u64::from(all) * SPEAKS_FOR >= u64::from(self.commands);
        (chief && dense && weighs(duty, told)).then_some((*duty, told))
    }
}

impl Walk<'_, '_> {
    /// Says what the script is for, and whether it lets its tests' outcome go.
    pub(super) fn finish_duty(&mut self, stops: bool) {
        let mut duties = std::mem::take(&mut self.conduct.duties);
        if let Some(at) = duties.starts.filter(|_| duties.fetches) {
            duties.tell(DEPLOY, "docker compose up", at);
        }
        let Some((duty, told)) = duties.chief() else { return };
        let (by, count, at) = (told.by.clone(), told.count, told.at);
        self.say_duty(duty, &by, "", count, at);
        let ends = !stops && ends_well(self.sheet.text) && !self.sheet.text.contains("$?");
        let lost = duties.lost.or(duties.unseen.filter(|_| ends));
        if let Some(at) = lost.filter(|_| duty == TESTING) {
            self.say_duty(duty, &by, "lost", 0, at);
        }
    }

    fn say_duty(&mut self, duty: &str, by: &str, item: &str, number: u32, at: Span) {
        self.sheet
            .fact(FactKind::Duty, Role::Definition, duty, at)
            .value(by)
            .item(item)
            .number(number)
            .done();
    }
}

/// The duty that a command tells, and by which program.
fn told_by<'w>(words: &[&'w str]) -> Option<(&'static str, &'w str)> {
    let name = &words.first()?.rsplit('/').next()?;
    let reach = if WRAPPERS.contains(name) { WRAPPED_MAX } else { 1 };
    (0..reach.min(words.len())).find_map(|at| {
        let (program, rest) = words.get(at..)?.split_first()?;
        let program = program.rsplit('/').next()?;
        TELLS
            .iter()
            .filter(|(name, _, _)| *name == program)
            .find(|(_, when, _)| when.is_empty() || rest.iter().any(|word| when.contains(word)))
            .map(|(_, _, duty)| (*duty, program))
    })
}

fn probes(word: &str) -> bool {
    PROBED.iter().any(|part| word.contains(part))
}

/// Whether the last line ends the script as if all were well.
fn ends_well(text: &str) -> bool {
    let last = text.lines().rev().find(|line| !line.trim().is_empty());
    last.is_some_and(|line| line == "exit 0")
}
