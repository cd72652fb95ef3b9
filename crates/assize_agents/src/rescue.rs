//! The second and the third pass: what can still be had where strict YAML gives up.

use assize_model::Span;

use crate::front::{Front, Line, key_of, lines_within};
use crate::strict::{self, Found, Refusal};
use crate::{Defect, Field, Fix, Value};

/// Fields whose one-line values are texts, whatever they look like.
const TEXT_KEYS: [&str; 4] = ["name", "description", "tools", "model"];

/// Fields that definitions are known to have. At column 0 one of them ends the field before it,
/// while prose such as `Note: ...` does not.
pub(crate) const KNOWN: [&str; 36] = [
    "name",
    "description",
    "tools",
    "model",
    "color",
    "type",
    "version",
    "priority",
    "author",
    "created",
    "updated",
    "metadata",
    "capabilities",
    "hooks",
    "proactive_triggers",
    "triggers",
    "specializations",
    "specialization",
    "experience_level",
    "experience_years",
    "seniority_level",
    "years_experience",
    "expertise_domains",
    "constraints",
    "behavior",
    "communication",
    "integration",
    "optimization",
    "examples",
    "permissionMode",
    "disallowedTools",
    "skills",
    "mcpServers",
    "maxTurns",
    "memory",
    "background",
];

/// How many lines above the place where YAML stopped are searched for the mistake.
const LINES_BACK_MAX: usize = 4;

/// The outcome of the second pass.
#[derive(Debug)]
pub(crate) struct Requoted {
    /// The fields, if quoting was enough.
    pub(crate) found: Option<Found>,
    /// What strict readers stumble over, each with its exact edit where there is one.
    pub(crate) defects: Vec<Defect>,
}

/// Quotes the one-line text values that strict YAML cannot read, and parses again.
pub(crate) fn requote(text: &str, front: &Front, error: &Refusal) -> Requoted {
    let fixes = quotable(text, front.block);
    if fixes.is_empty() {
        return Requoted { found: None, defects: vec![refused(text, front, error)] };
    }
    let mut quoted = String::with_capacity(text.len() / 8);
    let mut from = front.block.start;
    for (_, fix) in &fixes {
        quoted.push_str(text.get(from..fix.span.start).unwrap_or(""));
        quoted.push_str(&fix.replacement);
        from = fix.span.end;
    }
    quoted.push_str(text.get(from..front.block.end).unwrap_or(""));
    let parsed = strict::parse(&quoted, Span::new(0, quoted.len()));
    let mut defects: Vec<Defect> =
        fixes.iter().map(|(key, fix)| unquoted(front, key, fix)).collect();
    let back = |at: usize| original(at, front.block, &fixes);
    match parsed {
        Ok(mut found) => {
            for field in &mut found.fields {
                field.key_span = move_span(field.key_span, &back);
                field.value_span = move_span(field.value_span, &back);
            }
            for defect in &mut found.defects {
                defect.span = move_span(defect.span, &back);
            }
            Requoted { found: Some(found), defects }
        }
        Err(second) => {
            let at = Refusal { at: back(second.at), reason: second.reason };
            defects.push(refused(text, front, &at));
            Requoted { found: None, defects }
        }
    }
}

fn move_span(span: Span, back: &impl Fn(usize) -> usize) -> Span {
    Span::new(back(span.start), back(span.end))
}

/// The offset in the whole text of an offset in the block with its values quoted.
fn original(at: usize, block: Span, fixes: &[(&str, Fix)]) -> usize {
    let mut place = block.start + at;
    for (_, fix) in fixes {
        let width = fix.span.end - fix.span.start;
        if place <= fix.span.start {
            break;
        }
        if place < fix.span.start + fix.replacement.len() {
            return fix.span.start;
        }
        place = place + width - fix.replacement.len();
    }
    place.min(block.end)
}

/// The plain one-line values of text fields that need quotes.
fn quotable(text: &str, block: Span) -> Vec<(&str, Fix)> {
    let mut fixes = Vec::new();
    let mut lines = lines_within(text, block).peekable();
    while let Some(line) = lines.next() {
        let words = line.text(text);
        let Some(key) = key_of(words).filter(|key| TEXT_KEYS.contains(key)) else { continue };
        // A value that goes on in the next line is not a single-line value.
        let goes_on = lines.peek().is_some_and(|next| {
            let next = next.text(text);
            next.starts_with([' ', '\t']) && !next.trim().is_empty()
        });
        let Some(value) = value_of(line, key, text).filter(|_| !goes_on) else { continue };
        let plain = text.get(value.start..value.end).unwrap_or("");
        if needs_quotes(plain) {
            fixes.push((key, Fix { span: value, replacement: quoted(plain) }));
        }
    }
    fixes
}

/// The span of what follows `key:` in its line, without blanks around it.
fn value_of(line: Line, key: &str, text: &str) -> Option<Span> {
    let start = line.start + key.len() + 1;
    let rest = text.get(start..line.end)?;
    let value = rest.trim();
    let start = start + (rest.len() - rest.trim_start().len());
    (!value.is_empty()).then(|| Span::new(start, start + value.len()))
}

fn needs_quotes(value: &str) -> bool {
    let Some(first) = value.chars().next() else { return false };
    match first {
        '"' | '\'' => !closes_itself(value, first),
        '|' | '>' => value.contains(' ') && !value.contains(" #"),
        '[' => !value.ends_with(']'),
        '{' => !value.ends_with('}'),
        '*' | '&' | '!' | '%' | '@' | '`' | '#' | ',' | ']' | '}' => true,
        '-' | '?' | ':' if value.get(1..).is_some_and(|rest| rest.starts_with(' ')) => true,
        _ => value.contains(": ") || value.contains(":\t") || value.ends_with(':'),
    }
}

/// Whether a quoted value ends with its own closing quote and has no other before it.
fn closes_itself(value: &str, quote: char) -> bool {
    let mut letters = value.chars().skip(1).peekable();
    while let Some(letter) = letters.next() {
        if quote == '"' && letter == '\\' {
            letters.next();
        } else if letter == quote {
            if quote == '\'' && letters.peek() == Some(&'\'') {
                letters.next();
                continue;
            }
            let rest: String = letters.collect();
            return rest.trim().is_empty() || rest.trim_start().starts_with('#');
        }
    }
    // The closing quote may stand in a later line.
    true
}

/// The text as a double-quoted scalar that every reader reads back as that text.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            _ => out.push(letter),
        }
    }
    out.push('"');
    out
}

fn unquoted(front: &Front, key: &str, fix: &Fix) -> Defect {
    let replacement = &fix.replacement;
    let (code, message) = if front.crlf {
        let message = format!(
            "`{key}` has unquoted text that is not valid YAML in a file with carriage returns, \
             and a client skips such an agent without a word"
        );
        ("crlf-colon", message)
    } else {
        let message = format!(
            "`{key}` is not valid YAML: its text needs quotes, and readers refuse the file or \
             lose the field"
        );
        ("yaml-invalid", message)
    };
    Defect {
        code,
        span: fix.span,
        message,
        help: format!("quote the text: `{key}: {replacement}`"),
        key: key.to_owned(),
        fix: Some(fix.clone()),
    }
}

/// The defect at the place where strict YAML stopped.
///
/// A parser often stops some lines after the mistake, so a known mistake is looked for in the line
/// where it stopped first and then upwards.
fn refused(text: &str, front: &Front, error: &Refusal) -> Defect {
    let stopped: Vec<Line> =
        lines_within(text, front.block).take_while(|line| line.start <= error.at).collect();
    let here = Line { start: error.at, end: error.at, next: error.at };
    let found = stopped.iter().rev().take(LINES_BACK_MAX).find_map(|line| {
        let cause = cause(line.text(text), *line)?;
        Some((*line, cause))
    });
    let line = found.as_ref().map_or(stopped.last().copied().unwrap_or(here), |(line, _)| *line);
    let (reason, help, fix) = match found {
        Some((_, cause)) => (cause.reason.to_owned(), cause.help, cause.fix),
        None => (error.reason.clone(), "write one YAML mapping, with quotes around texts", None),
    };
    Defect {
        code: "yaml-invalid",
        span: Span::new(line.start, line.end),
        message: format!("the front matter is not valid YAML: {reason}"),
        help: help.to_owned(),
        key: key_of(line.text(text)).unwrap_or("").to_owned(),
        fix,
    }
}

/// A known mistake.
#[derive(Debug)]
struct Cause {
    reason: &'static str,
    help: &'static str,
    fix: Option<Fix>,
}

/// The known mistake in a line, if it has one.
fn cause(words: &str, line: Line) -> Option<Cause> {
    let trimmed = words.trim();
    let item = trimmed.strip_prefix('-').filter(|rest| !rest.is_empty());
    if let Some(rest) = item.filter(|rest| !rest.starts_with([' ', '-'])) {
        let at = line.start + words.trim_end().len() - rest.len();
        return Some(Cause {
            reason: "the dash of a list item has no space after it",
            help: "put a space after the dash",
            fix: Some(Fix { span: Span::new(at, at), replacement: " ".to_owned() }),
        });
    }
    if words.starts_with("- ") {
        return Some(Cause {
            reason: "a list item at column 0 belongs to no key",
            help: "indent the item below its key, or move it out of the front matter",
            fix: None,
        });
    }
    let flush = !words.starts_with([' ', '\t', '#', '-']) && !trimmed.is_empty();
    if flush && key_of(words).is_none() {
        return Some(Cause {
            reason: "a line of prose stands among the fields",
            help: "move the prose below the closing `---`",
            fix: None,
        });
    }
    if trimmed.contains(": [") && !trimmed.ends_with(']') && trimmed.contains(']') {
        return Some(Cause {
            reason: "text follows a list in brackets",
            help: "write the list in full, or quote the whole value",
            fix: None,
        });
    }
    None
}

/// The third pass: known keys at column 0, each with its own line and the indented or dashed lines
/// after it. The first occurrence wins, everything else is passed over.
pub(crate) fn scan(text: &str, block: Span) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    let mut current: Option<Gathered<'_>> = None;
    for line in lines_within(text, block) {
        let words = line.text(text);
        if let Some(key) = key_of(words).filter(|key| KNOWN.contains(key)) {
            keep(&mut fields, current.take());
            let value = value_of(line, key, text);
            let from = Span::new(line.end, line.end);
            current = Some(Gathered {
                key,
                key_span: Span::new(line.start, line.start + key.len()),
                value_span: value.unwrap_or(from),
                parts: value.and_then(|span| text.get(span.start..span.end)).into_iter().collect(),
                items: Vec::new(),
            });
            continue;
        }
        let Some(open) = current.as_mut() else { continue };
        let continues = words.starts_with([' ', '\t', '-']);
        let trimmed = words.trim();
        if !continues || trimmed.is_empty() {
            continue;
        }
        open.value_span.end = line.end;
        match trimmed.strip_prefix('-') {
            Some(item) => open.items.push(item.trim()),
            None => open.parts.push(trimmed),
        }
    }
    keep(&mut fields, current);
    fields
}

/// A field of which more lines may follow.
#[derive(Debug)]
struct Gathered<'a> {
    key: &'a str,
    key_span: Span,
    value_span: Span,
    parts: Vec<&'a str>,
    items: Vec<&'a str>,
}

fn keep(fields: &mut Vec<Field>, gathered: Option<Gathered<'_>>) {
    let Some(gathered) = gathered else { return };
    if fields.iter().any(|field| field.key == gathered.key) {
        return;
    }
    let value = if gathered.parts.is_empty() && !gathered.items.is_empty() {
        Value::List(gathered.items.iter().map(|item| unwrapped(item)).collect())
    } else {
        let mut parts = gathered.parts.as_slice();
        if let [first, rest @ ..] = parts
            && first.len() <= 3
            && first.starts_with(['|', '>'])
        {
            parts = rest;
        }
        Value::Text(unwrapped(&parts.join(" ")))
    };
    fields.push(Field {
        key: gathered.key.to_owned(),
        key_span: gathered.key_span,
        value,
        value_span: gathered.value_span,
    });
}

/// The text inside quotes, if quotes enclose it, with what is escaped in it written out.
fn unwrapped(text: &str) -> String {
    let text = text.trim();
    for quote in ['"', '\''] {
        let inner = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        // Of several quoted pieces the outer quotes are no pair: a fix keeps them as text.
        if let Some(inner) = inner.filter(|_| closes_itself(text, quote)) {
            return if quote == '"' { unescaped(inner) } else { inner.replace("''", "'") };
        }
    }
    text.to_owned()
}

/// The escapes that [`quoted`] writes and line breaks; others stay as they are written.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let meant = match (letter, letters.peek()) {
            ('\\', Some('t')) => '\t',
            ('\\', Some('n')) => '\n',
            ('\\', Some(other @ ('"' | '\\'))) => *other,
            _ => {
                out.push(letter);
                continue;
            }
        };
        out.push(meant);
        letters.next();
    }
    out
}
