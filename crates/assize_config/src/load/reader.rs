//! Reads values of the right type out of one file and writes down what is wrong.

use assize_model::{LineIndex, Span, normalise};
use toml_edit::{Item, Key, TableLike, TomlError, Value};

use crate::error::{Mistakes, Slip};
use crate::nearest::nearest;
use crate::{Ignored, MistakeKind};

use super::ConfigFile;

/// One file being read.
#[derive(Debug)]
pub(crate) struct Reader<'r> {
    pub(crate) folder: &'r str,
    path: &'r str,
    text: &'r str,
    lines: &'r LineIndex,
    mistakes: &'r mut Mistakes,
    /// What does not count here, where the root has an authority and this is not its file.
    sieve: Option<Vec<Ignored>>,
}

/// A value with its place and the dotted key under which it stands.
#[derive(Debug, Clone)]
pub(crate) struct Entry<'t> {
    pub(crate) key: String,
    pub(crate) name: &'t str,
    /// The place of the key.
    pub(crate) span: Span,
    pub(crate) item: &'t Item,
}

impl<'r> Reader<'r> {
    pub(crate) fn new(
        file: &ConfigFile<'r>,
        text: &'r str,
        lines: &'r LineIndex,
        mistakes: &'r mut Mistakes,
    ) -> Self {
        Self { folder: file.folder, path: file.path, text, lines, mistakes, sieve: None }
    }

    /// From here on, what a key below the root would loosen is left out.
    pub(crate) fn only_adds(&mut self) {
        self.sieve = Some(Vec::new());
    }

    /// Whether a key does not count here, because what stands lower cannot loosen what stands
    /// above it.
    pub(crate) fn overrules(&mut self, entry: &Entry<'_>, why: &str) -> bool {
        let line = self.at(entry.span).0;
        let Some(ignored) = &mut self.sieve else { return false };
        let what = format!(
            "`{}` does not count below the root, which has an `[authority]`: {why}",
            entry.key
        );
        ignored.push(Ignored { file: self.path.to_owned(), line, what });
        true
    }

    /// What was left out.
    pub(crate) fn left_out(&mut self) -> Vec<Ignored> {
        self.sieve.take().unwrap_or_default()
    }

    pub(crate) fn is_nested(&self) -> bool {
        !self.folder.is_empty()
    }

    pub(crate) fn mistake(&mut self, kind: MistakeKind, key: &str, span: Span, what: String) {
        self.slip(span, Slip { kind, key: key.to_owned(), what, nearest: None });
    }

    fn slip(&mut self, span: Span, slip: Slip) {
        let at = self.at(span);
        self.mistakes.push(self.path, at, slip);
    }

    /// Line and column of the beginning of a span.
    pub(crate) fn at(&self, span: Span) -> (u32, u32) {
        let place = self.lines.place(span, self.text);
        (place.line, place.column)
    }

    pub(crate) const fn path(&self) -> &'r str {
        self.path
    }

    /// A mistake whose line and column are known.
    pub(crate) fn mistake_at(
        &mut self,
        kind: MistakeKind,
        key: &str,
        at: (u32, u32),
        what: String,
    ) {
        let slip = Slip { kind, key: key.to_owned(), what, nearest: None };
        self.mistakes.push(self.path, at, slip);
    }

    /// A word at a known place that is none of the valid ones.
    pub(crate) fn unknown_at(
        &mut self,
        kind: MistakeKind,
        key: &str,
        at: (u32, u32),
        what: String,
        (word, valid): (&str, &[&str]),
    ) {
        let nearest = nearest(word, valid).map(str::to_owned);
        self.mistakes.push(self.path, at, Slip { kind, key: key.to_owned(), what, nearest });
    }

    pub(crate) fn unreadable(&mut self, error: &TomlError) {
        let span = error.span().map_or(Span::new(0, 0), |span| Span::new(span.start, span.end));
        let words: Vec<&str> = error.message().split_whitespace().collect();
        let what = format!("the file is no valid TOML: {}", words.join(" "));
        self.mistake(MistakeKind::Unreadable, "", span, what);
    }

    /// A word that is none of the valid ones.
    pub(crate) fn unknown(
        &mut self,
        kind: MistakeKind,
        key: &str,
        span: Span,
        what: String,
        (word, valid): (&str, &[&str]),
    ) {
        let nearest = if self.mistakes.is_full() { None } else { nearest(word, valid) };
        let slip = Slip { kind, key: key.to_owned(), what, nearest: nearest.map(str::to_owned) };
        self.slip(span, slip);
    }

    /// A key that the table does not have.
    pub(crate) fn unknown_key(&mut self, entry: &Entry<'_>, valid: &[&str]) {
        let table = entry.key.strip_suffix(entry.name).unwrap_or("").trim_end_matches('.');
        let place = if table.is_empty() {
            "at the top level".to_owned()
        } else {
            format!("in `[{table}]`")
        };
        let what = format!("unknown key `{}` {place}", entry.name);
        let word = (entry.name, valid);
        self.unknown(MistakeKind::UnknownKey, &entry.key, entry.span, what, word);
    }

    fn wrong_type(&mut self, entry: &Entry<'_>, item: &str, span: Span, expected: &str) {
        let what = format!("`{}` must be {expected}, not {item}", entry.key);
        self.mistake(MistakeKind::WrongType, &entry.key, span, what);
    }

    /// The table that must stand here.
    pub(crate) fn table<'t>(&mut self, entry: &Entry<'t>) -> Option<&'t dyn TableLike> {
        let table = entry.item.as_table_like();
        if table.is_none() {
            self.wrong_type(entry, type_of(entry.item), value_span(entry), "a table");
        }
        table
    }

    pub(crate) fn flag(&mut self, entry: &Entry<'_>) -> Option<bool> {
        let flag = entry.item.as_bool();
        if flag.is_none() {
            self.wrong_type(entry, type_of(entry.item), value_span(entry), "`true` or `false`");
        }
        flag
    }

    /// A whole number from zero up.
    pub(crate) fn number(&mut self, entry: &Entry<'_>) -> Option<u32> {
        let Some(number) = entry.item.as_integer() else {
            self.wrong_type(entry, type_of(entry.item), value_span(entry), "a whole number");
            return None;
        };
        let small = u32::try_from(number).ok();
        if small.is_none() {
            let what = format!("`{}` must lie between 0 and {}", entry.key, u32::MAX);
            self.mistake(MistakeKind::OutOfRange, &entry.key, value_span(entry), what);
        }
        small
    }

    pub(crate) fn text<'t>(&mut self, entry: &Entry<'t>) -> Option<&'t str> {
        let text = entry.item.as_str();
        if text.is_none() {
            self.wrong_type(entry, type_of(entry.item), value_span(entry), "a text");
        }
        text
    }

    /// One of a closed set of values by its word.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        entry: &Entry<'_>,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let word = self.text(entry)?;
        let found = choices.iter().find(|(valid, _)| *valid == word).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            let listed: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            let what =
                format!("`{}` must be one of {}, not `{word}`", entry.key, listed.join(", "));
            let span = value_span(entry);
            self.unknown(MistakeKind::UnknownValue, &entry.key, span, what, (word, &words));
        }
        found
    }

    /// The texts of a list; one text alone counts as a list of one.
    pub(crate) fn texts<'t>(&mut self, entry: &Entry<'t>) -> Vec<(&'t str, Span)> {
        if let Some(text) = entry.item.as_str() {
            return vec![(text, value_span(entry))];
        }
        let Some(list) = entry.item.as_array() else {
            self.wrong_type(entry, type_of(entry.item), value_span(entry), "a list of texts");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for value in list {
            match value.as_str() {
                Some(text) => texts.push((text, to_span(value.span()))),
                None => {
                    let span = to_span(value.span());
                    self.wrong_type(entry, article(value), span, "a list of texts only");
                }
            }
        }
        texts
    }

    /// The paths of a list, made relative to the root.
    pub(crate) fn paths(&mut self, entry: &Entry<'_>) -> Vec<String> {
        let mut paths = Vec::new();
        for (text, span) in self.texts(entry) {
            if text.trim().is_empty() {
                let what = format!("`{}` holds an empty path", entry.key);
                self.mistake(MistakeKind::BadPath, &entry.key, span, what);
                continue;
            }
            match normalise(self.folder, text) {
                Ok(path) => paths.push(path),
                Err(error) => {
                    let what = format!("`{text}` in `{}` is {error}", entry.key);
                    self.mistake(MistakeKind::BadPath, &entry.key, span, what);
                }
            }
        }
        paths
    }
}

/// The entries of a table, with their keys spelled from the top.
pub(crate) fn entries<'t>(above: &str, table: &'t dyn TableLike) -> Vec<Entry<'t>> {
    table
        .iter()
        .map(|(name, item)| {
            let span = table.key(name).and_then(Key::span).or_else(|| item.span());
            let key = if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") };
            Entry { key, name, span: to_span(span), item }
        })
        .collect()
}

/// The place of a value; that of its key where the value has none, as tables made by dots.
pub(crate) fn value_span(entry: &Entry<'_>) -> Span {
    entry.item.span().map_or(entry.span, |span| Span::new(span.start, span.end))
}

fn to_span(span: Option<std::ops::Range<usize>>) -> Span {
    span.map_or(Span::new(0, 0), |span| Span::new(span.start, span.end))
}

fn type_of(item: &Item) -> &'static str {
    match item {
        Item::Value(value) => article(value),
        Item::Table(_) => "a table",
        Item::ArrayOfTables(_) => "a list of tables",
        Item::None => "nothing",
    }
}

fn article(value: &Value) -> &'static str {
    match value {
        Value::String(_) => "a text",
        Value::Integer(_) => "a whole number",
        Value::Float(_) => "a number with a fraction",
        Value::Boolean(_) => "a truth value",
        Value::Datetime(_) => "a date",
        Value::Array(_) => "a list",
        Value::InlineTable(_) => "a table",
    }
}
