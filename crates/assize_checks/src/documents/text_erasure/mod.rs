//! text-erasure: what blind replacement of words leaves behind.

mod holes;

use assize_model::{ControlName, FileClass, Severity};
use assize_syntax::Language;

use crate::{Control, Report, Scope, Sink, Source};

pub(crate) const CONTROL: Control = Control {
    name: ControlName("text-erasure"),
    summary: "names, entries and paths from which a word was cut out",
    version: 1,
    severity: Severity::Warn,
    languages: &[
        Language::Python,
        Language::Markdown,
        Language::Shell,
        Language::Sql,
        Language::Yaml,
    ],
    classes: &[FileClass::Production, FileClass::Doc, FileClass::RuleSelf],
    scope: Scope::File(check),
    options: &[],
    applies: Control::always,
    doc: include_str!("doc.md"),
};

fn check(source: &Source<'_>, sink: &mut Sink) {
    let dialect = source.facts.dialect;
    let language = dialect.language();
    let import_only = |code: &str| code != "import" || is_python_or_prose(language);
    if !CONTROL.languages.contains(&language) {
        return;
    }
    // A document shows in fences what others wrote.
    let prose = (source.class == FileClass::Doc && language == Language::Markdown)
        .then(|| without_fences(source.text));
    let text = prose.as_deref().unwrap_or(source.text);
    for hole in holes::holes(text).into_iter().filter(|hole| import_only(hole.code)) {
        let words = source.text.get(hole.span.start..hole.span.end).unwrap_or("").trim();
        sink.report(Report {
            code: hole.code,
            severity: None,
            path: None,
            place: source.lines.place(hole.span, source.text),
            message: format!(
                "`{words}` has a hole where a word was: text was replaced without regard to what \
                 it means"
            ),
            help: "look the line up in the history and write the word again, or what is meant \
                   instead"
                .to_owned(),
            item: String::new(),
            subject: words.to_owned(),
        });
    }
}

/// A document with blanks in the place of what stands in fences.
fn without_fences(text: &str) -> String {
    let mut prose = String::with_capacity(text.len());
    let mut fenced = false;
    for line in text.split_inclusive('\n') {
        let fence = line.trim_start().starts_with("```");
        if fence || fenced {
            let end = line.len() - line.trim_end_matches('\n').len();
            prose.extend(std::iter::repeat_n(' ', line.len() - end));
            prose.push_str(line.get(line.len() - end..).unwrap_or(""));
        } else {
            prose.push_str(line);
        }
        fenced ^= fence;
    }
    prose
}

fn is_python_or_prose(language: Language) -> bool {
    matches!(language, Language::Python | Language::Markdown)
}
