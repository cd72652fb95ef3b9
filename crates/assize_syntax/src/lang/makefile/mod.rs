//! Makefiles: targets, variables, and the commands of recipes.
//!
//! Read line by line, as make reads them; both sides of a conditional count. What make computes
//! (functions, included files, generated rules) opens the set of targets: then a target
//! `make:*` stands for those that nobody can list.

mod expand;

use assize_model::Span;

use self::expand::{Variables, expanded};
use super::shell::{Script, commands};
use crate::{Extraction, FactKind, Flags, Parsed, Role};

/// Longer recipes are not read.
const LINES_MAX: usize = 20_000;

pub(crate) fn extract(sheet: &mut Extraction<'_>) {
    let text = sheet.text;
    // Doubled braces alone are a format string of docker's.
    if text.contains("{%") && super::mark_template(sheet) {
        return;
    }
    sheet.set_parsed(Parsed::Valid);
    let mut reader = Reader::new(sheet);
    for line in logical_lines(text) {
        reader.line(&line);
    }
    reader.finish();
}

/// A line with its continuations.
#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    start: usize,
}

impl Line<'_> {
    fn span(&self) -> Span {
        let kept = self.text.trim_end().len();
        let skipped = self.text.len() - self.text.trim_start().len();
        Span::new(self.start + skipped.min(kept), self.start + kept)
    }
}

fn logical_lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut end = 0;
    for physical in text.split_inclusive('\n') {
        end += physical.len();
        let body = physical.trim_end_matches(['\n', '\r']);
        let slashes = body.bytes().rev().take_while(|byte| *byte == b'\\').count();
        if slashes % 2 == 1 && end < text.len() {
            continue;
        }
        lines.push(Line { text: text.get(start..end).unwrap_or(""), start });
        start = end;
    }
    lines
}

struct Reader<'r, 't> {
    sheet: &'r mut Extraction<'t>,
    variables: Variables,
    /// The targets of the rule to which recipe lines belong.
    rule: Option<String>,
    defining: bool,
    /// The set of targets cannot be listed, since this place.
    open: Option<Span>,
    prefix: char,
    one_shell: bool,
    recipes: Vec<(String, Line<'t>)>,
}

impl<'r, 't> Reader<'r, 't> {
    fn new(sheet: &'r mut Extraction<'t>) -> Self {
        Self {
            sheet,
            variables: Variables::default(),
            rule: None,
            defining: false,
            open: None,
            prefix: '\t',
            one_shell: false,
            recipes: Vec::new(),
        }
    }

    fn line(&mut self, line: &Line<'t>) {
        let bare = line.text.trim();
        if self.defining {
            self.defining = bare.split_whitespace().next() != Some("endef");
            return;
        }
        if line.text.starts_with(self.prefix) {
            if let Some(rule) = &self.rule
                && self.recipes.len() < LINES_MAX
            {
                self.recipes.push((rule.clone(), *line));
            }
            return;
        }
        let plain = without_comment(line.text);
        if plain.trim().is_empty() {
            return;
        }
        self.statement(plain, line);
    }

    fn statement(&mut self, plain: &'t str, line: &Line<'t>) {
        let bare = plain.trim();
        let (word, rest) = bare.split_once(char::is_whitespace).unwrap_or((bare, ""));
        match word {
            "ifeq" | "ifneq" | "ifdef" | "ifndef" | "else" | "endif" => return,
            "include" | "-include" | "sinclude" | "load" | "-load" => {
                self.open.get_or_insert(line.span());
                return;
            }
            "define" => {
                self.defining = true;
                return;
            }
            "vpath" | "undefine" | "unexport" => return,
            "export" | "override" | "private" if !rest.trim_start().starts_with([':', '=']) => {
                self.exported(rest, line);
                return;
            }
            _ => {}
        }
        match Statement::of(plain) {
            Statement::Assignment { name, value, appends } => {
                self.rule = None;
                self.assign(name, value, appends, line.span());
            }
            Statement::Rule { targets, at, rest } => self.rule(targets, at, rest, line),
            Statement::Expansion => {
                // `$(eval ..)`, `$(call ..)`: rules may come from there.
                self.open.get_or_insert(line.span());
            }
            Statement::Nothing => self.stray(plain, line),
        }
    }

    fn exported(&mut self, rest: &str, line: &Line<'t>) {
        if let Statement::Assignment { name, value, appends } = Statement::of(rest) {
            self.assign(name, value, appends, line.span());
            return;
        }
        for name in rest.split_whitespace() {
            self.define(name, "", line.span());
        }
    }

    fn assign(&mut self, name: &str, value: &str, appends: bool, span: Span) {
        if name == ".RECIPEPREFIX" {
            self.prefix = value.chars().next().unwrap_or('\t');
            return;
        }
        self.variables.set(name, value, appends);
        self.define(name, value, span);
    }

    fn define(&mut self, name: &str, value: &str, span: Span) {
        let upper = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
        if name.len() < 2 || !name.bytes().all(upper) {
            return;
        }
        let value = if value.contains('$') { "" } else { value };
        self.sheet
            .fact(FactKind::Env, Role::Definition, name, span)
            .value(value)
            .flags(Flags::IN_MAKEFILE)
            .done();
    }

    fn rule(&mut self, targets: &str, at: usize, rest: &'t str, line: &Line<'t>) {
        let mut first = None;
        let mut offset = 0;
        for word in targets.split_whitespace() {
            let found = targets.get(offset..).and_then(|tail| tail.find(word)).unwrap_or(0);
            let start = line.start + offset + found;
            offset += found + word.len();
            let span = Span::new(start, start + word.len());
            if word.contains('$') {
                match expanded(word, &self.variables) {
                    Some(names) => {
                        for name in names.split_whitespace() {
                            self.target(name, span);
                        }
                    }
                    None => {
                        self.open.get_or_insert(span);
                    }
                }
            } else {
                self.target(word, span);
            }
            first.get_or_insert_with(|| word.to_owned());
        }
        self.one_shell |= targets.trim() == ".ONESHELL";
        self.rule = first;
        // `target: NAME = value` sets a variable for the target.
        if let Some(semicolon) = rest.find(';')
            && let Some(rule) = &self.rule
        {
            let start = line.start + at + semicolon + 1;
            let text = rest.get(semicolon + 1..).unwrap_or("");
            self.recipes.push((rule.clone(), Line { text, start }));
        }
    }

    fn target(&mut self, name: &str, span: Span) {
        let special = name.starts_with('.')
            && name.bytes().skip(1).all(|b| b.is_ascii_uppercase() || b == b'_');
        if name == ".DEFAULT" || name == "%" {
            self.open.get_or_insert(span);
        }
        if special || name == "&" || name.is_empty() {
            return;
        }
        let flags = if name.contains('%') { Flags::GLOB } else { Flags::NONE };
        let folder = self.sheet.path.folder().to_owned();
        self.sheet
            .fact(FactKind::Target, Role::Definition, format!("make:{name}"), span)
            .value(folder)
            .flags(flags)
            .done();
    }

    /// A line that is neither rule nor assignment: make stops at it.
    fn stray(&mut self, plain: &str, line: &Line<'t>) {
        // Other makes have directives and operators of their own; a carriage return or an
        // expansion may hide anything.
        if plain.contains(['$', '!', '\r', '\\', '{', '%']) || plain.trim_start().starts_with('.') {
            return;
        }
        // make stops at the first one.
        let name = self.sheet.path.name();
        if self.sheet.has_errors()
            || !matches!(name, "Makefile" | "makefile" | "GNUmakefile")
            || self.prefix != '\t'
        {
            return;
        }
        let message = if plain.starts_with(' ') && self.rule.is_some() {
            "a recipe line begins with a tab, not with blanks"
        } else {
            "this line is neither a rule nor an assignment"
        };
        self.sheet.error(line.span(), message);
    }

    fn finish(self) {
        let Self { sheet, variables, open, one_shell, recipes, .. } = self;
        if let Some(span) = open {
            let folder = sheet.path.folder().to_owned();
            sheet
                .fact(FactKind::Target, Role::Definition, "make:*", span)
                .value(folder)
                .flags(Flags::GLOB)
                .done();
        }
        // A file that others include runs in their folder.
        let included = sheet.path.name().ends_with(".mk");
        let folder = (!included).then(|| sheet.path.folder().to_owned());
        for group in recipes.chunk_by(|a, b| one_shell && a.0 == b.0) {
            let mut text = String::new();
            let mut span = Span::new(usize::MAX, 0);
            for (_, line) in group {
                text.push_str(&expand::recipe(line.text, &variables));
                text.push('\n');
                let own = line.span();
                span = Span::new(span.start.min(own.start), span.end.max(own.end));
            }
            let item = group.first().map_or("", |(rule, _)| rule.as_str());
            let script = Script {
                text: &text,
                span,
                exact: false,
                folder: folder.as_deref(),
                surface: Flags::IN_MAKEFILE,
                item,
            };
            commands(sheet, &script);
        }
    }
}

/// What a line says.
enum Statement<'a> {
    Assignment {
        name: &'a str,
        value: &'a str,
        appends: bool,
    },
    /// The text before the colon, and the text after it with its offset in the line.
    Rule {
        targets: &'a str,
        at: usize,
        rest: &'a str,
    },
    /// Nothing but expansions.
    Expansion,
    Nothing,
}

impl<'a> Statement<'a> {
    fn of(line: &'a str) -> Self {
        let bytes = line.as_bytes();
        let mut depth = 0_usize;
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'(' | b'{' if at > 0 && (depth > 0 || bytes.get(at - 1) == Some(&b'$')) => {
                    depth += 1;
                }
                b')' | b'}' => depth = depth.saturating_sub(1),
                b'=' if depth == 0 => return Self::assignment(line, at),
                b':' if depth == 0 => {
                    let tail = line.get(at..).unwrap_or("");
                    let colons = tail.bytes().take_while(|byte| *byte == b':').count();
                    if tail.as_bytes().get(colons) == Some(&b'=') {
                        return Self::assignment(line, at + colons);
                    }
                    // `C:\x` and `C:/x` are no rules.
                    let targets = line.get(..at).unwrap_or("");
                    let rest = tail.get(colons..).unwrap_or("");
                    return Self::Rule { targets, at: at + colons, rest };
                }
                _ => {}
            }
        }
        if line.contains('$') { Self::Expansion } else { Self::Nothing }
    }

    fn assignment(line: &'a str, equals: usize) -> Self {
        let left = line.get(..equals).unwrap_or("");
        let name = left.trim_end_matches([':', '?', '+', '!']).trim();
        let value = line.get(equals + 1..).unwrap_or("").trim();
        let computed = left.ends_with('!');
        if name.is_empty() || name.contains(char::is_whitespace) || name.contains('$') {
            return Self::Expansion;
        }
        let value = if computed { "$" } else { value };
        Self::Assignment { name, value, appends: left.ends_with('+') }
    }
}

fn without_comment(line: &str) -> &str {
    let mut before = b' ';
    for (at, byte) in line.bytes().enumerate() {
        if byte == b'#' && before != b'\\' {
            return line.get(..at).unwrap_or(line);
        }
        before = byte;
    }
    line
}

#[cfg(test)]
mod tests;
