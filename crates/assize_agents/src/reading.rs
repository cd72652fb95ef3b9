//! What reading a definition yields, and the three passes in their order.

use assize_model::Span;

use crate::front::{self, Front};
use crate::rescue;
use crate::strict::{self, Found, Refusal};

/// How far a definition can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Every YAML reader reads it, and it has a name and a description.
    Valid,
    /// Some readers refuse it; this pass still got name and description.
    Rescued(Pass),
    /// An agent is meant, but its name or its description cannot be had.
    Broken,
    /// No definition at all.
    NotAgent,
}

impl Status {
    /// The word used in facts and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Rescued(_) => "rescued",
            Self::Broken => "broken",
            Self::NotAgent => "not-agent",
        }
    }
}

/// What it took to read a definition that is not valid as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pass {
    /// The front matter is valid YAML, but not where a client looks for it.
    Moved,
    /// Plain text values had to be quoted.
    Requoted,
    /// Only a scan of the lines got anything.
    Scanned,
}

impl Pass {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::Requoted => "requoted",
            Self::Scanned => "scanned",
        }
    }
}

/// The value of a top-level field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Text(String),
    /// A number, a truth value or nothing: as written.
    Other(String),
    List(Vec<String>),
    /// The entries whose values are scalars.
    Map(Vec<(String, String)>),
}

/// A top-level field of the front matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub key: String,
    pub key_span: Span,
    pub value: Value,
    pub value_span: Span,
}

/// An exact edit: this span of the text becomes this replacement, and nothing else changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    pub span: Span,
    pub replacement: String,
}

/// One thing that a strict reader stumbles over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    pub code: &'static str,
    pub span: Span,
    /// What is wrong and why, without a full stop.
    pub message: String,
    /// What to do instead.
    pub help: String,
    /// The field that it concerns, or empty.
    pub key: String,
    pub fix: Option<Fix>,
}

/// Everything that one text yields. Spans are in bytes of the text that was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub status: Status,
    pub name: Option<String>,
    /// The top-level description; what stands under `metadata` is not it.
    pub description: Option<String>,
    pub model: Option<String>,
    /// `None`: the field is absent and the agent inherits every tool.
    pub tools: Option<Vec<String>>,
    pub fields: Vec<Field>,
    pub defects: Vec<Defect>,
}

impl Reading {
    /// The field with this key; of several, the first.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The description under `metadata`, where no client looks for it.
    pub fn nested_description(&self) -> Option<&str> {
        let Value::Map(entries) = &self.field("metadata")?.value else { return None };
        let entry = entries.iter().find(|(key, _)| key == "description")?;
        Some(entry.1.trim()).filter(|text| !text.is_empty())
    }

    fn not_agent() -> Self {
        Self {
            status: Status::NotAgent,
            name: None,
            description: None,
            model: None,
            tools: None,
            fields: Vec::new(),
            defects: Vec::new(),
        }
    }
}

/// Reads the definition in `text`. The path tells documents from agents where the text does not.
///
/// All fixes of a reading together leave the name as it is and make the definition no worse.
pub fn read(path: &str, text: &str) -> Reading {
    let mut reading = read_once(path, text);
    let Some(fixed) = fixed(&reading, text) else { return reading };
    let again = read_once(path, &fixed);
    // In a text with several mistakes, mending one may let another be read differently.
    if again.status > reading.status || again.name != reading.name {
        for defect in &mut reading.defects {
            defect.fix = None;
        }
    }
    reading
}

/// The text after all fixes, of two that overlap the first. Nothing where no fix is offered, or
/// where the reading has no name that a fix could keep.
fn fixed(reading: &Reading, text: &str) -> Option<String> {
    let mut fixes: Vec<&Fix> = reading.defects.iter().filter_map(|d| d.fix.as_ref()).collect();
    if fixes.is_empty() || matches!(reading.status, Status::Broken | Status::NotAgent) {
        return None;
    }
    fixes.sort_by_key(|fix| fix.span);
    let (mut out, mut at) = (String::with_capacity(text.len() + fixes.len()), 0);
    for fix in fixes {
        if fix.span.start >= at {
            out.push_str(text.get(at..fix.span.start)?);
            out.push_str(&fix.replacement);
            at = fix.span.end;
        }
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

fn read_once(path: &str, text: &str) -> Reading {
    let Some(front) = front::find(text) else { return Reading::not_agent() };
    let (front, parsed) = first_pass(text, front);
    let mut defects = front.defects.clone();
    let (fields, pass) = match parsed {
        Ok(found) => {
            defects.extend(found.defects);
            (found.fields, front.moved.then_some(Pass::Moved))
        }
        Err(error) => rescue(text, &front, &error, &mut defects),
    };
    let mut reading = Reading { fields, defects, ..Reading::not_agent() };
    reading.name = reading.field("name").and_then(text_of);
    reading.description = reading.field("description").and_then(text_of);
    reading.model = reading.field("model").and_then(text_of);
    reading.tools = reading.field("tools").map(tools_of);
    if reading.fields.iter().all(|field| !is_telling(&field.key)) && is_document(path) {
        return Reading::not_agent();
    }
    missing(&mut reading, &front);
    let complete = reading.name.is_some()
        && (reading.description.is_some() || reading.nested_description().is_some());
    reading.status = match pass {
        _ if !complete => Status::Broken,
        Some(pass) => Status::Rescued(pass),
        None => Status::Valid,
    };
    reading.defects.sort_by_key(|defect| (defect.span, defect.code));
    reading
}

/// Reads a file that may define an agent, where no configuration tells: one in a folder that a
/// client reads, or elsewhere in a folder called `agents` if its front matter, at the very top, has
/// both name and description. Nothing for any other file.
pub fn read_definition(path: &str, text: &str) -> Option<Reading> {
    if crate::is_standard_path(path) {
        return Some(read(path, text));
    }
    if !text.starts_with("---") || !crate::path::is_in_agents_folder(path) {
        return None;
    }
    let reading = read(path, text);
    (reading.field("name").is_some() && reading.field("description").is_some()).then_some(reading)
}

/// Strict YAML, on the whole front matter or on the part before a body that ran into it.
fn first_pass(text: &str, front: Front) -> (Front, Result<Found, Refusal>) {
    let parsed = strict::parse(text, front.block);
    if parsed.is_err()
        && let Some(shorter) = front::without_body(text, &front)
    {
        let parsed = strict::parse(text, shorter.block);
        return (shorter, parsed);
    }
    (front, parsed)
}

/// The second and third pass.
fn rescue(
    text: &str,
    front: &Front,
    error: &Refusal,
    defects: &mut Vec<Defect>,
) -> (Vec<Field>, Option<Pass>) {
    let requoted = rescue::requote(text, front, error);
    defects.extend(requoted.defects);
    match requoted.found {
        Some(found) => {
            defects.extend(found.defects);
            (found.fields, Some(Pass::Requoted))
        }
        None => (rescue::scan(text, front.block), Some(Pass::Scanned)),
    }
}

fn missing(reading: &mut Reading, front: &Front) {
    let at = Span::new(front.block.start, front.block.start);
    for key in ["name", "description"] {
        let found = reading.field(key);
        let nested = key == "description" && reading.nested_description().is_some();
        let (code, span, message) = match found {
            None if nested => continue,
            None => (if key == "name" { "name-missing" } else { "description-missing" }, at, {
                format!("the definition has no `{key}`, and clients skip an agent without one")
            }),
            Some(field) => match &field.value {
                Value::Text(text) if !text.trim().is_empty() => continue,
                Value::Other(text) if !is_null(text) => {
                    let defect = not_text(field, text);
                    reading.defects.push(defect);
                    continue;
                }
                Value::Text(_) | Value::Other(_) => (
                    if key == "name" { "name-missing" } else { "description-missing" },
                    field.key_span,
                    format!("`{key}` is empty, and clients skip an agent without one"),
                ),
                Value::List(_) | Value::Map(_) => (
                    if key == "name" { "name-not-text" } else { "description-not-text" },
                    field.key_span,
                    format!("`{key}` is a list or a mapping where clients expect a text"),
                ),
            },
        };
        let help = match key {
            "name" => "give the agent a `name` in kebab case, equal to the file's stem",
            _ => "say in one `description` at top level when the agent is to be used",
        };
        reading.defects.push(Defect {
            code,
            span,
            message,
            help: help.to_owned(),
            key: key.to_owned(),
            fix: None,
        });
    }
}

fn not_text(field: &Field, text: &str) -> Defect {
    let quoted = rescue::quoted(text);
    Defect {
        code: if field.key == "name" { "name-not-text" } else { "description-not-text" },
        span: field.value_span,
        message: format!("`{}` is the value {text}, which YAML does not read as a text", field.key),
        help: format!("quote it: `{}: {quoted}`", field.key),
        key: field.key.clone(),
        fix: Some(Fix { span: field.value_span, replacement: quoted }),
    }
}

/// Fields that no ordinary document has.
fn is_telling(key: &str) -> bool {
    matches!(key, "name" | "description" | "tools" | "model")
}

/// Whether the file's name is that of a document which folders of agents also hold.
fn is_document(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split('.').next().unwrap_or(name);
    ["readme", "changelog", "license", "contributing", "index"]
        .iter()
        .any(|word| stem.eq_ignore_ascii_case(word))
}

fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// The text of a field. A value that YAML reads as a number still has the words that were meant.
fn text_of(field: &Field) -> Option<String> {
    let text = match &field.value {
        Value::Text(text) => text,
        Value::Other(text) if !is_null(text) => text,
        _ => return None,
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn tools_of(field: &Field) -> Vec<String> {
    match &field.value {
        Value::Text(text) | Value::Other(text) => split_tools(text),
        Value::List(items) => items.clone(),
        Value::Map(entries) => entries.iter().map(|(key, _)| key.clone()).collect(),
    }
}

/// Splits at commas outside parentheses: `Bash(git log, git diff), Read` are two tools.
fn split_tools(text: &str) -> Vec<String> {
    let mut tools = Vec::new();
    let mut depth = 0_u32;
    let mut from = 0;
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                tools.push(text.get(from..at).unwrap_or(""));
                from = at + 1;
            }
            _ => {}
        }
    }
    tools.push(text.get(from..).unwrap_or(""));
    let tools = tools.into_iter().map(|tool| tool.trim().to_owned());
    tools.filter(|tool| !tool.is_empty()).collect()
}
