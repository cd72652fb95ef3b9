//! A team's own rules: what the files of `.assize/rules` ask for, answered.
//!
//! Patterns and expressions are answered from the text of one file, as controls of scope `File`
//! are, and what they find is kept with it; what files there are, and how they are named, is asked
//! of the index. Each is made ready when the first file asks for it: a guard that judges one file
//! waits for no other. What a rule cannot answer within its limits is counted, never found.

mod examples;
mod files;
mod ready;
mod text;

use std::sync::Arc;

use assize_config::{ConfigError, Mistake, RULES_FOLDER, TeamRule, Wanted, Within};
use assize_grammars::{Grammar, Sheet};
use assize_index::LocalFinding;
use assize_model::{FileClass, LineIndex, Place, RepoPath, Span};
use assize_syntax::Dialect;

use ready::Ready;

pub use examples::{Example, Verdict};
pub(crate) use files::{VERSION, by_path, missing};

/// Larger texts are data: no pattern and no expression is looked for in them.
pub const TEAM_BYTES_MAX: usize = 1024 * 1024;

/// The words of the languages that rules may name.
pub const TEAM_LANGUAGES: [&str; 8] =
    ["csharp", "go", "java", "javascript", "python", "rust", "shell", "typescript"];

/// Rules, ready to be asked.
#[derive(Debug, Default)]
pub struct TeamRules {
    rules: Arc<[TeamRule]>,
    /// One for each.
    ready: Vec<Ready>,
}

/// A file whose text is judged.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    pub path: &'a RepoPath,
    pub class: FileClass,
    pub dialect: Dialect,
    pub text: &'a str,
    pub lines: &'a LineIndex,
}

impl TeamRules {
    /// Rules whose examples are known to hold: the index that was built with them says so.
    pub fn known(rules: Arc<[TeamRule]>) -> Self {
        let ready = rules.iter().map(|_| Ready::default()).collect();
        Self { rules, ready }
    }

    /// Rules whose patterns and expressions are such; nobody has asked what their examples say.
    ///
    /// # Errors
    /// Every pattern and expression that is none, with its place.
    pub fn readable(rules: Arc<[TeamRule]>) -> Result<Self, ConfigError> {
        Self::proven_by(rules, |_, _| Vec::new())
    }

    /// Rules, once each of them is what it must be and does what its examples say.
    ///
    /// # Errors
    /// Every pattern, expression and example that is wrong, with its place.
    pub fn proven(rules: Arc<[TeamRule]>) -> Result<Self, ConfigError> {
        Self::proven_by(rules, examples::failing)
    }

    fn proven_by(
        rules: Arc<[TeamRule]>,
        failing: impl Fn(&TeamRule, &Ready) -> Vec<Mistake>,
    ) -> Result<Self, ConfigError> {
        let rules = Self::known(rules);
        let mut mistakes = Vec::new();
        for (rule, ready) in rules.each() {
            let before = mistakes.len();
            ready.prove(rule, &mut mistakes);
            if mistakes.len() == before {
                mistakes.extend(failing(rule, ready));
            }
        }
        ConfigError::of(mistakes).map_or(Ok(rules), Err)
    }

    /// What each example of each rule comes to.
    pub fn examples(&self) -> Vec<Example<'_>> {
        self.each().flat_map(|(rule, ready)| examples::of(rule, ready)).collect()
    }

    pub fn rules(&self) -> &Arc<[TeamRule]> {
        &self.rules
    }

    fn each(&self) -> impl Iterator<Item = (&TeamRule, &Ready)> {
        self.rules.iter().zip(&self.ready)
    }

    /// What the rules find in a text.
    pub fn judge(&self, page: &Page<'_>) -> Vec<LocalFinding> {
        let asked: Vec<(&TeamRule, &Ready)> =
            self.each().filter(|(rule, _)| reads(rule, page)).collect();
        if asked.is_empty() {
            return Vec::new();
        }
        if page.text.len() > TEAM_BYTES_MAX {
            return asked.iter().map(|(rule, _)| unresolved(rule)).collect();
        }
        let (trees, plain): (Vec<_>, Vec<_>) =
            asked.into_iter().partition(|(rule, _)| needs_tree(rule));
        let mut found = text::lines(&plain, page);
        if !trees.is_empty() {
            found.extend(in_tree(&trees, page));
        }
        found
    }
}

/// What the rules find that need the tree of the text: it is parsed once for all of them.
fn in_tree(asked: &[(&TeamRule, &Ready)], page: &Page<'_>) -> Vec<LocalFinding> {
    let grammar = grammar(page.dialect).filter(|_| !assize_syntax::too_deep(page.text));
    let sheet = grammar.and_then(|grammar| Some((grammar, Sheet::new(grammar, page.text)?)));
    let Some((grammar, sheet)) = sheet else {
        return asked.iter().map(|(rule, _)| unresolved(rule)).collect();
    };
    let mut rules = Vec::new();
    let mut queries = Vec::new();
    let mut found = Vec::new();
    for (rule, ready) in asked {
        match &rule.wanted {
            Wanted::Code { .. } => {
                if let Some(query) = ready.query(rule, grammar) {
                    rules.push(*rule);
                    queries.push(query);
                }
            }
            _ => found.extend(text::parts(rule, ready, &sheet, page)),
        }
    }
    for one in sheet.find(&queries) {
        if let Some(rule) = rules.get(one.query) {
            let span = Span::new(one.bytes.start, one.bytes.end);
            found.push(at(rule, "pattern", span, &one.held, page));
        }
    }
    found
}

fn needs_tree(rule: &TeamRule) -> bool {
    matches!(&rule.wanted, Wanted::Code { .. })
        || matches!(&rule.wanted, Wanted::Text { within, .. } if *within != Within::All)
}

/// Whether a rule reads the text of a file.
fn reads(rule: &TeamRule, page: &Page<'_>) -> bool {
    let of_texts = matches!(rule.wanted, Wanted::Code { .. } | Wanted::Text { .. });
    let word = page.dialect.language().word();
    // What a rule must find stands in its own examples.
    of_texts
        && !page.path.is_under(RULES_FOLDER)
        && (rule.languages.is_empty() || rule.languages.iter().any(|one| one == word))
        && files::concerns(rule, page.path.as_str(), page.class)
}

/// The grammar in which the patterns for a file are written; none for what is no code.
fn grammar(dialect: Dialect) -> Option<Grammar> {
    if dialect == Dialect::Tsx {
        return Some(Grammar::Tsx);
    }
    grammars(dialect.language().word()).first().copied()
}

/// The grammars of a language, the usual one first.
fn grammars(language: &str) -> &'static [Grammar] {
    match language {
        "csharp" => &[Grammar::CSharp],
        "go" => &[Grammar::Go],
        "java" => &[Grammar::Java],
        "javascript" => &[Grammar::JavaScript],
        "python" => &[Grammar::Python],
        "rust" => &[Grammar::Rust],
        "shell" => &[Grammar::Bash],
        "typescript" => &[Grammar::TypeScript, Grammar::Tsx],
        _ => &[],
    }
}

/// A finding at some bytes of a text.
fn at(
    rule: &TeamRule,
    code: &str,
    span: Span,
    held: &[(String, String)],
    page: &Page<'_>,
) -> LocalFinding {
    let mut message = rule.message.clone();
    // The longest name first: `$A` begins `$ARGS`.
    for (name, text) in held.iter().rev() {
        message = message.replace(&format!("${name}"), text);
    }
    let found = page.text.get(span.start..span.end).unwrap_or("");
    LocalFinding {
        control: rule.name.0.to_owned(),
        code: code.to_owned(),
        severity: rule.severity,
        place: page.lines.place(span, page.text),
        message,
        help: rule.help.clone(),
        item: String::new(),
        // White space may change without the finding becoming another.
        subject: found.split_ascii_whitespace().collect::<Vec<_>>().join(" "),
        unresolved: false,
    }
}

/// A rule that could not say anything of a file.
fn unresolved(rule: &TeamRule) -> LocalFinding {
    LocalFinding {
        control: rule.name.0.to_owned(),
        code: String::new(),
        severity: rule.severity,
        place: Place::START,
        message: String::new(),
        help: String::new(),
        item: String::new(),
        subject: String::new(),
        unresolved: true,
    }
}

#[cfg(test)]
mod tests;
