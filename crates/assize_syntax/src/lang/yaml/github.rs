//! GitHub workflows and actions: shell steps, variables, local actions, and paths given to steps.
//!
//! The shell text itself is read by the shell module; this one knows in which folder and by which
//! shell a step runs, and what earlier steps of a job brought in.

use assize_model::normalise;

use super::ci_images;
use super::outputs;
use super::paths::{Use, is_glob, refer};
use super::scalar::passage;
use super::tree::{Fields, NodeId, Tree};
use crate::lang::shell::{self, Script};
use crate::{Extraction, FactKind, Flags, Role};

/// How many folders one job is believed to bring in.
const BROUGHT_MAX: usize = 64;

/// What a step inherits from its workflow and its job.
#[derive(Debug, Clone, Default)]
struct Defaults<'a> {
    shell: Option<&'a str>,
    folder: Option<(NodeId, &'a str)>,
}

pub(crate) fn extract_workflow(sheet: &mut Extraction<'_>, tree: &Tree<'_>) {
    for document in tree.documents() {
        let fields = tree.fields(document);
        variables(sheet, tree, fields.get("env"));
        let defaults = run_defaults(tree, &fields, &Defaults::default());
        for job in fields.get("jobs").map(|id| tree.fields(id)).unwrap_or_default().0 {
            extract_job(sheet, tree, job.name, job.value, &defaults);
        }
    }
}

/// `action.yml`: the steps of a composite action run in the work tree of whoever uses it.
pub(crate) fn extract_action(sheet: &mut Extraction<'_>, tree: &Tree<'_>) {
    for document in tree.documents() {
        let Some(runs) = tree.get(document, "runs") else { continue };
        let own = sheet.path.as_str().starts_with(".github/");
        let job = Job { name: "action", defaults: Defaults::default(), rooted: own };
        steps(sheet, tree, &tree.fields(runs), &job);
    }
}

struct Job<'a> {
    name: &'a str,
    defaults: Defaults<'a>,
    /// Whether steps begin in the root of the repository.
    rooted: bool,
}

fn extract_job<'a>(
    sheet: &mut Extraction<'_>,
    tree: &'a Tree<'_>,
    name: &'a str,
    job: NodeId,
    defaults: &Defaults<'a>,
) {
    let fields = tree.fields(job);
    variables(sheet, tree, fields.get("env"));
    ci_images::of_job(sheet, tree, name, &fields);
    for service in fields.get("services").map(|id| tree.fields(id)).unwrap_or_default().0 {
        variables(sheet, tree, tree.get(service.value, "env"));
    }
    if let Some(id) = fields.get("uses") {
        local_action(sheet, tree, id);
        let with = fields.get("with").map(|id| tree.fields(id)).unwrap_or_default();
        ci_images::of_action(sheet, tree, tree.text(id).unwrap_or(""), &with);
    }
    let mut defaults = run_defaults(tree, &fields, defaults);
    if defaults.shell.is_none() && runs_on_windows(tree, &fields) {
        defaults.shell = Some("pwsh");
    }
    steps(sheet, tree, &fields, &Job { name, defaults, rooted: true });
}

fn runs_on_windows(tree: &Tree<'_>, job: &Fields<'_>) -> bool {
    let labels = job.get("runs-on").map(|id| tree.items_or_self(id)).unwrap_or_default();
    labels.iter().filter_map(|id| tree.text(*id)).any(|label| label.starts_with("windows"))
}

fn run_defaults<'a>(tree: &'a Tree<'_>, fields: &Fields<'_>, outer: &Defaults<'a>) -> Defaults<'a> {
    let run = fields.get("defaults").and_then(|id| tree.get(id, "run"));
    let run = run.map(|id| tree.fields(id)).unwrap_or_default();
    let folder = run.get("working-directory");
    Defaults {
        shell: run.get("shell").and_then(|id| tree.text(id)).or(outer.shell),
        folder: folder.and_then(|id| Some((id, tree.text(id)?))).or(outer.folder),
    }
}

fn steps(sheet: &mut Extraction<'_>, tree: &Tree<'_>, fields: &Fields<'_>, job: &Job<'_>) {
    let list = fields.get("steps").map(|id| tree.items(id)).unwrap_or_default();
    // The folders into which this job checks out repositories or unpacks artifacts.
    let mut brought: Vec<String> = Vec::new();
    for step in list {
        let fields = tree.fields(step);
        variables(sheet, tree, fields.get("env"));
        let item = format!("{}/{}", job.name, step_name(tree, &fields));
        if let Some(uses) = fields.get("uses") {
            local_action(sheet, tree, uses);
            let action = tree.text(uses).unwrap_or("");
            let with = fields.get("with").map(|id| tree.fields(id)).unwrap_or_default();
            inputs(sheet, tree, action, &with);
            ci_images::of_action(sheet, tree, action, &with);
            let folder = outputs::of_action(sheet, tree, action, &with);
            brought.extend(folder.filter(|_| brought.len() < BROUGHT_MAX));
        }
        if let Some(run) = fields.get("run") {
            run_step(sheet, tree, &fields, run, &RunStep { job, item: &item, brought: &brought });
        }
    }
}

/// What names a step apart from its position: positions change with every inserted step.
fn step_name<'a>(tree: &'a Tree<'_>, step: &Fields<'_>) -> &'a str {
    ["id", "name", "uses"].iter().find_map(|name| tree.text(step.get(name)?)).unwrap_or("run")
}

struct RunStep<'a> {
    job: &'a Job<'a>,
    item: &'a str,
    brought: &'a [String],
}

fn run_step(
    sheet: &mut Extraction<'_>,
    tree: &Tree<'_>,
    fields: &Fields<'_>,
    run: NodeId,
    step: &RunStep<'_>,
) {
    let shell = fields.get("shell").and_then(|id| tree.text(id)).or(step.job.defaults.shell);
    let own = fields.get("working-directory").and_then(|id| Some((id, tree.text(id)?)));
    let written = own.or(step.job.defaults.folder);
    let mut folder = step.job.rooted.then(String::new);
    if let Some((id, written)) = written {
        working_directory(sheet, tree, id, written, step.job);
        folder = folder.and_then(|base| normalise(&base, written).ok());
        if written.contains('$') || written.starts_with('~') {
            folder = None;
        }
    }
    // Below a second checkout or an unpacked artifact stand files that are not of this tree.
    let foreign = |at: &String| step.brought.iter().any(|one| is_below(at, one));
    folder = folder.filter(|at| !foreign(at));
    let Some(found) = passage(tree, &[run]) else { return };
    outputs::exported(sheet, &found);
    if shell.is_some_and(|shell| !is_posix(shell)) {
        return;
    }
    shell::commands(
        sheet,
        &Script {
            text: &found.text,
            span: found.span,
            exact: found.exact,
            folder: folder.as_deref(),
            surface: Flags::IN_CI,
            item: step.item,
        },
    );
}

fn is_below(path: &str, folder: &str) -> bool {
    folder.is_empty()
        || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn is_posix(shell: &str) -> bool {
    let program = shell.split_whitespace().next().unwrap_or("");
    let program = program.rsplit('/').next().unwrap_or(program);
    matches!(program, "bash" | "sh" | "dash" | "zsh" | "ksh")
}

fn working_directory(
    sheet: &mut Extraction<'_>,
    tree: &Tree<'_>,
    id: NodeId,
    written: &str,
    job: &Job<'_>,
) {
    let base = job.rooted.then_some("");
    let flags = Flags::IN_CI.with(Flags::FOLDER);
    let how = Use { base, item: "working-directory", flags };
    refer(sheet, written, tree.span(id), &how);
}

/// `uses: ./folder`, relative to the root of the repository.
fn local_action(sheet: &mut Extraction<'_>, tree: &Tree<'_>, uses: NodeId) {
    let Some(written) = tree.text(uses) else { return };
    if written.starts_with("./") || written.starts_with("../") {
        let how = Use { base: Some(""), item: "action", flags: Flags::IN_CI };
        refer(sheet, written, tree.span(uses), &how);
    }
}

/// Inputs of well-known actions that name files of the repository, which fail without them.
fn inputs(sheet: &mut Extraction<'_>, tree: &Tree<'_>, action: &str, with: &Fields<'_>) {
    let name = action.split('@').next().unwrap_or(action);
    for field in &with.0 {
        let (item, flags) = match (name, field.name) {
            ("docker/build-push-action", "context") => ("build-context", Flags::FOLDER),
            ("docker/build-push-action", "file") => ("dockerfile", Flags::NONE),
            (_, "dockerfile") if name.starts_with("hadolint/") => ("dockerfile", Flags::NONE),
            (_, "cache-dependency-path") if name.starts_with("actions/setup-") => {
                ("config", Flags::NONE)
            }
            (_, key) if name.starts_with("actions/setup-") && key.ends_with("-version-file") => {
                ("config", Flags::NONE)
            }
            _ => continue,
        };
        let Some(text) = tree.text(field.value) else { continue };
        let place = tree.span(field.value);
        for written in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let remote = written.contains("://") || written.starts_with('!');
            // A key of a cache may match nothing.
            let pattern = match (is_glob(written), field.name) {
                (true, "cache-dependency-path") => Flags::GLOB.with(Flags::OPTIONAL),
                (true, _) => Flags::GLOB,
                (false, _) => Flags::NONE,
            };
            let flags = flags.with(pattern).with(Flags::IN_CI);
            if !remote {
                refer(sheet, written, place, &Use { base: Some(""), item, flags });
            }
        }
    }
}

/// The names under an `env` key.
fn variables(sheet: &mut Extraction<'_>, tree: &Tree<'_>, env: Option<NodeId>) {
    let Some(env) = env else { return };
    for field in tree.fields(env).0.iter().filter(|field| super::is_env_name(field.name)) {
        let value = tree.text(field.value).filter(|value| !value.contains("${{")).unwrap_or("");
        sheet
            .fact(FactKind::Env, Role::Definition, field.name, tree.span(field.key))
            .value(value)
            .flags(Flags::IN_CI)
            .done();
    }
}
