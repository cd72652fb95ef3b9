//! JavaScript and TypeScript: one parse, then imports, exports, environment reads and function
//! bodies.
//!
//! What a file yields when it does not parse is its first errors and nothing else. Texts that only
//! look like JavaScript (Flow, templates of another language, Qt translations) are left unparsed.

mod bodies;
mod bundler;
mod calls;
mod cases;
mod env;
mod exports;
mod fallback;
mod foreign;
mod frames;
mod handlers;
mod imports;
mod routes;
mod stack;
mod stand_ins;
mod tangle;
mod twice;
mod walk;

use assize_model::Span;
use oxc_allocator::Allocator;
use oxc_ast_visit::Visit as _;
use oxc_parser::config::{NoTokensParserConfig, ParserConfig, TokensParserConfig};
use oxc_parser::{ParseOptions, Parser, ParserReturn};
use oxc_span::SourceType;

use crate::{Dialect, Extraction, FileFlags, Parsed};

/// Later errors mostly follow from the first ones.
const ERRORS_MAX: usize = 20;

pub(crate) use bundler::plain as plain_alias;

pub(crate) fn extract(sheet: &mut Extraction<'_>) {
    if foreign::is_other_language(sheet.text) {
        sheet.mark(FileFlags::OPEN_EXPORTS);
        return;
    }
    let text = sheet.text;
    // TypeScript takes types from the comments of a script.
    let script = matches!(sheet.dialect, Dialect::JavaScript | Dialect::Jsx);
    if script && (text.contains("@typedef") || text.contains("@callback")) {
        sheet.mark(FileFlags::OPEN_EXPORTS);
    }
    if tangle::is_tangled(text) || !stack::with_room(text, || read(sheet)) {
        sheet.mark(FileFlags::OPEN_EXPORTS);
        sheet.set_parsed(Parsed::Refused);
    }
}

fn read(sheet: &mut Extraction<'_>) {
    let allocator = Allocator::default();
    let types = source_types(sheet);
    let mut result = parse(&allocator, sheet.text, types[0]);
    if fails(&result) {
        // A file is at fault only when no way of reading it is without errors.
        let other = Allocator::default();
        let second = parse(&other, sheet.text, types[1]);
        if !fails(&second) {
            take(sheet, &second, types[1]);
            return;
        }
        if is_built(sheet, &result) {
            let typed = Allocator::default();
            let third = parse(&typed, sheet.text, SourceType::tsx());
            if !fails(&third) && third.module_record.has_module_syntax {
                take(sheet, &third, SourceType::tsx());
                return;
            }
        }
        if result.panicked && !second.panicked {
            result = parse(&allocator, sheet.text, types[1]);
        }
        if sheet.dialect == Dialect::Declarations {
            // Compilers skip what is wrong in declarations of libraries, and so do we.
            sheet.mark(FileFlags::OPEN_EXPORTS);
            return;
        }
        reject(sheet, &result);
        return;
    }
    take(sheet, &result, types[0]);
}

/// Whether a build may take types away from a script that does not say so: not where the ending
/// tells the runtime how to read it.
fn is_built(sheet: &Extraction<'_>, result: &ParserReturn<'_>) -> bool {
    matches!(sheet.dialect, Dialect::JavaScript | Dialect::Jsx)
        && matches!(sheet.path.extension(), Some("js" | "jsx"))
        && !result.is_flow_language
        && !foreign::is_flow(sheet.text)
}

/// Whether the text is no program. What only a type checker objects to, in a tree that is whole, is
/// none of ours: other compilers take it.
fn fails(result: &ParserReturn<'_>) -> bool {
    result.diagnostics.has_errors()
        && (result.panicked
            || result.diagnostics.errors().any(|error| error.code.scope.as_deref() != Some("TS")))
}

/// The two ways of reading the file: as its name says, and as the other kind of module.
fn source_types(sheet: &Extraction<'_>) -> [SourceType; 2] {
    match sheet.dialect {
        Dialect::Declarations => [SourceType::d_ts(), SourceType::d_ts().with_script(true)],
        Dialect::TypeScript => [SourceType::ts(), SourceType::ts().with_script(true)],
        Dialect::Tsx => [SourceType::tsx(), SourceType::tsx().with_script(true)],
        _ => match sheet.path.extension() {
            Some("cjs") => [SourceType::cjs().with_jsx(true), SourceType::script().with_jsx(true)],
            Some("mjs") => [SourceType::jsx(), SourceType::jsx()],
            _ => [SourceType::unambiguous().with_jsx(true), SourceType::jsx()],
        },
    }
}

fn parse<'t>(allocator: &'t Allocator, text: &'t str, source_type: SourceType) -> ParserReturn<'t> {
    parse_with(allocator, text, source_type, NoTokensParserConfig)
}

fn parse_with<'t, C: ParserConfig>(
    allocator: &'t Allocator,
    text: &'t str,
    source_type: SourceType,
    config: C,
) -> ParserReturn<'t> {
    let options = ParseOptions {
        allow_return_outside_function: true,
        preserve_parens: false,
        enable_ident_hashes: false,
        ..ParseOptions::default()
    };
    Parser::new(allocator, text, source_type).with_options(options).with_config(config).parse()
}

fn take(sheet: &mut Extraction<'_>, result: &ParserReturn<'_>, source_type: SourceType) {
    sheet.set_parsed(Parsed::Valid);
    let program = &result.program;
    let module_syntax = result.module_record.has_module_syntax;
    twice::of_program(sheet, program);
    imports::of_program(sheet, program);
    exports::of_program(sheet, program);
    let mut walk = walk::Walk::new(sheet);
    walk.visit_program(program);
    let seen = walk.finish();
    seen.exports.write(sheet, module_syntax);
    seen.env.write(sheet);
    sheet.spare_imports(&seen.mocked);
    if !seen.bodies.is_empty() {
        // The parser vouches for its tokens only where a text is valid, so they are asked for
        // when that is known; parsing is the cheapest part of all this.
        let allocator = Allocator::default();
        let again = parse_with(&allocator, sheet.text, source_type, TokensParserConfig);
        bodies::write(sheet, &again.tokens, seen.bodies);
    }
}

fn reject(sheet: &mut Extraction<'_>, result: &ParserReturn<'_>) {
    sheet.mark(FileFlags::OPEN_EXPORTS);
    // What marks Flow in plain JavaScript is everyday syntax in TypeScript.
    let plain = matches!(sheet.dialect, Dialect::JavaScript | Dialect::Jsx);
    if plain && (result.is_flow_language || foreign::is_flow(sheet.text)) {
        return;
    }
    if foreign::is_template(sheet.text) {
        sheet.mark(FileFlags::TEMPLATE);
        return;
    }
    // What a script assigns to a call fails when it runs, if its host does not provide for it.
    let script = plain && !result.module_record.has_module_syntax;
    let told: Vec<_> = result
        .diagnostics
        .errors()
        .filter(|error| {
            let label = error.labels.first();
            let target = label.map(|label| (label.offset() as usize, label.len() as usize));
            !script || !is_call_as_target(sheet.text, &error.message, target)
        })
        .take(ERRORS_MAX)
        .collect();
    if told.is_empty() {
        return;
    }
    sheet.set_parsed(Parsed::Invalid);
    // What is missing at the end is missing after the last word, not below it.
    let last = sheet.text.trim_end().len().saturating_sub(1);
    for diagnostic in told {
        let span = diagnostic.labels.first().map_or(Span::new(0, 0), |label| {
            let start = (label.offset() as usize).min(last);
            Span::new(start, start.saturating_add(label.len() as usize))
        });
        sheet.error(span, diagnostic.message.trim_end_matches('.'));
    }
}

/// Whether an error is that a call is assigned to, which only modules and strict scripts refuse.
fn is_call_as_target(text: &str, message: &str, target: Option<(usize, usize)>) -> bool {
    let target = target.and_then(|(start, length)| text.get(start..start.saturating_add(length)));
    message.starts_with("Cannot assign to this expression")
        && target.is_some_and(|target| target.ends_with(')') && !target.starts_with('('))
        && !text.contains("use strict")
}

/// A span of the parser as a span of ours.
fn span(span: oxc_span::Span) -> Span {
    Span::new(span.start as usize, span.end as usize)
}

#[cfg(test)]
mod tests;
