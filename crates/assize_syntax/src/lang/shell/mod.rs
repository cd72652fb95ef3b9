//! Shell scripts, and the shell text in other files: CI steps, recipes, package scripts, `RUN`.
//!
//! A text is parsed by rable and then walked in the order in which it runs, so that a path is
//! looked for in the folder to which the text has changed by then. Whatever depends on run time
//! (variables, patterns, substitutions other than the usual ways to find oneself) is written down
//! as unresolved. What runs on other machines or in containers is not looked at.

mod call;
mod chance;
mod conduct;
mod duty;
mod env;
mod fault;
mod files;
mod functions;
mod install;
mod resolve;
mod runner;
mod survey;
mod text;
mod tree;
mod walk;
mod word;

use std::collections::BTreeMap;

use assize_model::Span;
use rable::Node;

use self::conduct::Conduct;
use self::env::EnvUse;
use self::resolve::{Base, Meaning, Scope};
use self::survey::Survey;
use self::text::{Offsets, without_expressions};
use self::tree::{Outcome, with_tree};
use self::walk::{Done, Site, Walk};
use crate::lang::mark_template;
use crate::{Extraction, Flags, Parsed};

/// A shell text inside a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Script<'a> {
    pub text: &'a str,
    /// Where it stands.
    pub span: Span,
    /// The text is a verbatim slice of the file from `span.start` on: facts then have places of
    /// their own, else that of the whole text.
    pub exact: bool,
    /// The working folder, relative to the root; `None`: unknown.
    pub folder: Option<&'a str>,
    pub surface: Flags,
    /// The job or step.
    pub item: &'a str,
}

/// Reads a shell script.
pub(crate) fn extract(sheet: &mut Extraction<'_>) {
    let text = sheet.text;
    if !speaks_posix(text) || text.contains("{%") && mark_template(sheet) {
        return;
    }
    let own = (sheet.path.folder().to_owned(), sheet.path.as_str().to_owned());
    let job = Job {
        text,
        whole: Span::new(0, 0),
        start: 0,
        exact: true,
        surface: Flags::IN_SCRIPT,
        item: "",
        folder: Base::Start(String::new()),
        own: Some(own),
    };
    with_tree(text, move |outcome| match outcome {
        Outcome::Tree(nodes) => {
            sheet.set_parsed(Parsed::Valid);
            walk(sheet, &job, &nodes);
            functions::extract(sheet, &nodes);
            functions::remarks(sheet);
        }
        Outcome::Broken(error) => {
            if fault::is_certain(&error, text) && !mark_template(sheet) {
                sheet.set_parsed(Parsed::Invalid);
                fault::report(sheet, &error);
            }
        }
        Outcome::Refused => {}
    });
}

/// Reads a shell text of another file. One that does not parse yields nothing.
pub(crate) fn commands(sheet: &mut Extraction<'_>, script: &Script<'_>) {
    let text = without_expressions(script.text);
    let job = Job {
        text: &text,
        whole: script.span,
        start: script.span.start,
        exact: script.exact,
        surface: script.surface,
        item: script.item,
        folder: script.folder.map_or(Base::Unknown, |folder| Base::Folder(folder.to_owned())),
        own: None,
    };
    with_tree(&text, move |outcome| {
        if let Outcome::Tree(nodes) = outcome {
            walk(sheet, &job, &nodes);
        }
    });
}

/// Reads a script of `package.json`; it runs in the folder of that file.
pub(crate) fn package_script(sheet: &mut Extraction<'_>, text: &str, span: Span, item: &str) {
    // Written for the command interpreter of Windows: a backslash is no escape there.
    if text.contains("..\\") || text.contains(" .\\") || text.contains(".bat") {
        return;
    }
    let folder = sheet.path.folder().to_owned();
    let script = Script {
        text,
        span,
        exact: false,
        folder: Some(&folder),
        surface: Flags::IN_PACKAGE,
        item,
    };
    commands(sheet, &script);
}

/// What a walk is told about its text.
#[derive(Debug)]
struct Job<'a> {
    text: &'a str,
    whole: Span,
    start: usize,
    exact: bool,
    surface: Flags,
    item: &'a str,
    folder: Base,
    own: Option<(String, String)>,
}

fn walk(sheet: &mut Extraction<'_>, job: &Job<'_>, nodes: &[Node]) {
    let survey = Survey::of(nodes);
    let site = Site {
        offsets: Offsets::of(job.text),
        start: job.start,
        exact: job.exact,
        whole: job.whole,
        surface: job.surface,
        item: job.item,
    };
    let scope = Scope {
        folder: job.folder.clone(),
        first: Meaning::Below(job.folder.clone(), String::new()),
        own: job.own.clone(),
        values: BTreeMap::new(),
        varying: survey.varying.clone(),
    };
    let is_script = job.own.is_some();
    let mut walk = Walk {
        sheet,
        site,
        scope,
        survey,
        done: Done::default(),
        env: EnvUse::default(),
        conduct: Conduct::default(),
        here: job.whole,
        function: String::new(),
        optional: false,
        tolerated: false,
        stack: Vec::new(),
        before: Base::Unknown,
        depth: 0,
    };
    walk.run(nodes);
    // The environment of a text in another file is that file's business.
    if is_script {
        walk.finish_env();
        walk.finish_conduct();
    }
}

/// Whether a script's first line names no other shell than those that rable reads.
fn speaks_posix(text: &str) -> bool {
    let Some(line) = text.strip_prefix("#!").and_then(|rest| rest.lines().next()) else {
        return true;
    };
    line.split(['/', ' ', '\t']).any(|word| matches!(word, "sh" | "bash" | "dash" | "ash"))
}

#[cfg(test)]
mod tests;
