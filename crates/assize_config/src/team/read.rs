//! From the text of a rule file to rules.

use std::collections::BTreeMap;

use assize_model::{ControlName, FileClass, LineIndex, Severity, Span};
use toml_edit::Document;

use crate::classes::{anchored, compile};
use crate::error::{Mistakes, Slip};
use crate::load::reader::{Entry, Reader, entries, value_span};
use crate::team::{
    RULE_FILE_BYTES_MAX, RULE_FILES_MAX, RULE_NAME_MAX, RULE_TEXT_MAX, RULE_TEXTS_MAX, RULES_MAX,
    Said, TeamRule, Wanted, Within,
};
use crate::{ConfigError, ConfigFile, MistakeKind};

/// The table that holds the rules of a file.
const RULES: &str = "rules";

/// What a rule may look for; each rule has one of these keys.
const KINDS: [&str; 5] = ["must-be-named", "must-exist", "must-not-exist", "pattern", "regex"];
/// Keys that only patterns have.
const OF_PATTERNS: [&str; 4] = ["inside", "not-inside", "selector", "unless"];
/// The key that only expressions have.
const WITHIN: &str = "in";
const OTHERS: [&str; 10] = [
    "classes",
    "clause",
    "except",
    "help",
    "languages",
    "match",
    "message",
    "no-match",
    "paths",
    "severity",
];

/// A file of rules; its folder counts for nothing, because globs are relative to the root.
pub type RuleFile<'a> = ConfigFile<'a>;

impl TeamRule {
    /// Reads the rules of these files; `languages` are the words of those that rules may name.
    ///
    /// # Errors
    /// All mistakes of all files, in order of file and place.
    pub fn read(files: &[RuleFile<'_>], languages: &[&str]) -> Result<Vec<Self>, ConfigError> {
        let mut mistakes = Mistakes::default();
        let mut rules: Vec<Self> = Vec::new();
        let whole = |what: String| Slip {
            kind: MistakeKind::TooLarge,
            key: String::new(),
            what,
            nearest: None,
        };
        for (number, file) in files.iter().enumerate() {
            let text = file.text.strip_prefix('\u{feff}').unwrap_or(file.text);
            if number >= RULE_FILES_MAX {
                let what = format!("more than {RULE_FILES_MAX} files of rules");
                mistakes.push(file.path, (1, 1), whole(what));
                break;
            }
            if text.len() > RULE_FILE_BYTES_MAX {
                let what = format!("the file is larger than {RULE_FILE_BYTES_MAX} bytes");
                mistakes.push(file.path, (1, 1), whole(what));
                continue;
            }
            let lines = LineIndex::new(text);
            let root = ConfigFile { folder: "", ..*file };
            let mut reader = Reader::new(&root, text, &lines, &mut mistakes);
            match Document::parse(text) {
                Ok(document) => {
                    for entry in entries("", document.as_table()) {
                        if entry.name == RULES {
                            table(&mut reader, &entry, languages, &mut rules);
                        } else {
                            reader.unknown_key(&entry, &[RULES]);
                        }
                    }
                }
                Err(error) => reader.unreadable(&error),
            }
        }
        mistakes.into_result(rules)
    }
}

fn table(
    reader: &mut Reader<'_>,
    section: &Entry<'_>,
    languages: &[&str],
    rules: &mut Vec<TeamRule>,
) {
    let Some(table) = reader.table(section) else { return };
    for entry in entries(RULES, table) {
        if rules.len() >= RULES_MAX {
            let what = format!("more than {RULES_MAX} rules in all files together");
            reader.mistake(MistakeKind::TooMany, &entry.key, entry.span, what);
            return;
        }
        if let Some(known) = rules.iter().find(|rule| rule.own_name() == entry.name) {
            let what = format!("the rule `{}` stands in `{}` as well", entry.name, known.file);
            reader.mistake(MistakeKind::Rule, &entry.key, entry.span, what);
            continue;
        }
        let Some(name) = name(reader, &entry) else { continue };
        rules.extend(Draft { reader, languages, at: &entry }.rule(name));
    }
}

fn name(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Option<ControlName> {
    let name = entry.name;
    let letters = name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    let whole = name.starts_with(|letter: char| letter.is_ascii_lowercase())
        && !name.ends_with('-')
        && !name.contains("--");
    if letters && whole && name.len() <= RULE_NAME_MAX {
        return Some(ControlName::team(name));
    }
    let what = format!(
        "`{name}` is no name of a rule: small letters, digits and hyphens between them, at most \
         {RULE_NAME_MAX}"
    );
    reader.mistake(MistakeKind::Rule, &entry.key, entry.span, what);
    None
}

/// One rule being read.
struct Draft<'d, 'r, 't> {
    reader: &'d mut Reader<'r>,
    languages: &'d [&'d str],
    at: &'d Entry<'t>,
}

type Keys<'t> = BTreeMap<&'t str, Entry<'t>>;

impl<'t> Draft<'_, '_, 't> {
    fn rule(mut self, name: ControlName) -> Option<TeamRule> {
        let table = self.reader.table(self.at)?;
        let keys: Keys<'t> =
            entries(&self.at.key, table).into_iter().map(|entry| (entry.name, entry)).collect();
        self.refuse_others(&keys);
        let wanted = self.wanted(&keys)?;
        let message = match keys.get("message") {
            Some(entry) => self.one(entry).map(|said| said.text),
            None => {
                self.lacks("message: the sentence that a finding says");
                None
            }
        };
        let rule = TeamRule {
            name,
            file: self.reader.path().to_owned(),
            place: self.said("", self.at.span),
            message: message?,
            help: keys.get("help").and_then(|entry| self.one(entry)).map_or_else(
                || "repair it, or allow it with a reason and a last day".to_owned(),
                |said| said.text,
            ),
            severity: keys.get("severity").map_or(Some(Severity::Warn), |entry| {
                self.reader.choice(entry, &Severity::ALL.map(|one| (one.word(), one)))
            })?,
            languages: self.languages(&keys),
            paths: self.globs(keys.get("paths")),
            except: self.globs(keys.get("except")),
            classes: self.classes(keys.get("classes"), &wanted),
            clause: keys.get("clause").and_then(|entry| self.clause(entry)),
            wanted,
            matches: self.texts(keys.get("match")),
            no_matches: self.texts(keys.get("no-match")),
        };
        self.complete(&rule, &keys);
        Some(rule)
    }

    /// Keys that no rule has, or that a rule of this kind does not have.
    fn refuse_others(&mut self, keys: &Keys<'t>) {
        let kind = KINDS.into_iter().find(|kind| keys.contains_key(kind));
        let mut valid: Vec<&str> = KINDS.into_iter().chain(OTHERS).collect();
        match kind {
            Some("pattern") => valid.extend(OF_PATTERNS),
            Some("regex") => valid.push(WITHIN),
            _ => {}
        }
        for entry in keys.values().filter(|entry| !valid.contains(&entry.name)) {
            if OF_PATTERNS.contains(&entry.name) || entry.name == WITHIN {
                let with = if entry.name == WITHIN { "regex" } else { "pattern" };
                let what = format!("`{}` only goes with `{with}`", entry.key);
                self.reader.mistake(MistakeKind::Rule, &entry.key, entry.span, what);
            } else {
                self.reader.unknown_key(entry, &valid);
            }
        }
    }

    fn wanted(&mut self, keys: &Keys<'t>) -> Option<Wanted> {
        let mut named = KINDS.into_iter().filter_map(|kind| keys.get(kind));
        let (Some(entry), None) = (named.next(), named.next()) else {
            let listed = KINDS.map(|kind| format!("`{kind}`")).join(", ");
            let what = format!("`{}` must have exactly one of {listed}", self.at.key);
            self.reader.mistake(MistakeKind::Rule, &self.at.key, self.at.span, what);
            return None;
        };
        Some(match entry.name {
            "pattern" => Wanted::Code {
                any: self.some(entry)?,
                unless: self.texts(keys.get("unless")),
                inside: self.texts(keys.get("inside")),
                outside: self.texts(keys.get("not-inside")),
                selector: keys.get("selector").and_then(|entry| self.one(entry)),
            },
            "regex" => Wanted::Text {
                any: self.some(entry)?,
                within: keys.get(WITHIN).map_or(Some(Within::All), |entry| {
                    self.reader.choice(entry, &Within::ALL.map(|one| (one.word(), one)))
                })?,
            },
            "must-not-exist" => {
                if !self.reader.flag(entry)? {
                    let what = format!("`{}` can only be `true`", entry.key);
                    self.reader.mistake(MistakeKind::Rule, &entry.key, value_span(entry), what);
                }
                Wanted::NoFile
            }
            "must-be-named" => Wanted::Named(self.some(entry)?),
            _ => {
                let said = self.some(entry)?;
                let globs = self.globs(Some(entry));
                Wanted::File(
                    said.into_iter().zip(globs).map(|(said, text)| Said { text, ..said }).collect(),
                )
            }
        })
    }

    /// What a rule of its kind cannot do without.
    fn complete(&mut self, rule: &TeamRule, keys: &Keys<'t>) {
        let has = |key| keys.contains_key(key);
        match rule.wanted {
            Wanted::File(_) => {
                for key in ["paths", "except", "languages", "classes", "match", "no-match"] {
                    if let Some(entry) = keys.get(key) {
                        let what = format!("`{}` says nothing beside `must-exist`", entry.key);
                        self.reader.mistake(MistakeKind::Rule, &entry.key, entry.span, what);
                    }
                }
                return;
            }
            Wanted::Code { .. } if !has("languages") => {
                self.lacks("languages: the languages that the pattern is written in");
            }
            Wanted::Text { within, .. } if within != Within::All && !has("languages") => {
                self.lacks("languages: what a comment or a string is hangs on them");
            }
            Wanted::NoFile | Wanted::Named(_) | Wanted::Text { .. }
                if !has("paths") && !has("languages") =>
            {
                self.lacks("paths: globs of the files that are meant");
            }
            _ => {}
        }
        if !has("match") {
            self.lacks("match: at least one example that it finds");
        }
    }

    fn lacks(&mut self, what: &str) {
        let (key, why) = what.split_once(": ").unwrap_or((what, ""));
        let what = format!("`{}` lacks `{key}`: {why}", self.at.key);
        self.reader.mistake(MistakeKind::Rule, &self.at.key, self.at.span, what);
    }

    fn said(&self, text: &str, span: Span) -> Said {
        let (line, column) = self.reader.at(span);
        Said { text: text.to_owned(), line, column }
    }

    /// The texts of a list, none of them empty or long.
    fn texts(&mut self, entry: Option<&Entry<'t>>) -> Vec<Said> {
        let Some(entry) = entry else { return Vec::new() };
        let texts = self.reader.texts(entry);
        if texts.len() > RULE_TEXTS_MAX {
            let what = format!("`{}` holds more than {RULE_TEXTS_MAX} texts", entry.key);
            self.reader.mistake(MistakeKind::TooMany, &entry.key, value_span(entry), what);
        }
        let mut found = Vec::new();
        for (text, span) in texts.into_iter().take(RULE_TEXTS_MAX) {
            let wrong = if text.trim().is_empty() {
                "holds an empty text".to_owned()
            } else if text.len() > RULE_TEXT_MAX {
                format!("holds a text of more than {RULE_TEXT_MAX} bytes")
            } else {
                found.push(self.said(text, span));
                continue;
            };
            let what = format!("`{}` {wrong}", entry.key);
            self.reader.mistake(MistakeKind::BadText, &entry.key, span, what);
        }
        found
    }

    /// The same, and at least one.
    fn some(&mut self, entry: &Entry<'t>) -> Option<Vec<Said>> {
        let found = self.texts(Some(entry));
        if found.is_empty() && entry.item.as_array().is_some_and(toml_edit::Array::is_empty) {
            let what = format!("`{}` is empty", entry.key);
            self.reader.mistake(MistakeKind::BadText, &entry.key, value_span(entry), what);
        }
        (!found.is_empty()).then_some(found)
    }

    fn one(&mut self, entry: &Entry<'t>) -> Option<Said> {
        self.reader.text(entry)?;
        self.texts(Some(entry)).pop()
    }

    /// Globs, spelled from the root. There are no alternatives in braces: several globs say it.
    fn globs(&mut self, entry: Option<&Entry<'t>>) -> Vec<String> {
        let said = self.texts(entry);
        let Some(entry) = entry else { return Vec::new() };
        let mut globs = Vec::new();
        for one in said {
            let why = match compile(&one.text) {
                Err(why) => why,
                Ok(_) if one.text.contains(['{', '\\']) => {
                    "braces and `\\` have no meaning here: list several globs".to_owned()
                }
                Ok(_) => {
                    globs.push(anchored(&one.text));
                    continue;
                }
            };
            let what = format!("bad glob `{}` in `{}`: {why}", one.text, entry.key);
            self.reader.mistake_at(MistakeKind::BadGlob, &entry.key, (one.line, one.column), what);
        }
        globs
    }

    fn classes(&mut self, entry: Option<&Entry<'t>>, wanted: &Wanted) -> Vec<FileClass> {
        let Some(entry) = entry else {
            return match wanted {
                // Names and places are a matter of every file.
                Wanted::NoFile | Wanted::Named(_) | Wanted::File(_) => FileClass::ALL.to_vec(),
                Wanted::Code { .. } | Wanted::Text { .. } => {
                    vec![FileClass::Production, FileClass::Test, FileClass::Example, FileClass::Doc]
                }
            };
        };
        let words = FileClass::ALL.map(FileClass::word);
        let mut classes = Vec::new();
        for said in self.texts(Some(entry)) {
            match FileClass::from_word(&said.text) {
                Some(class) => classes.push(class),
                None => self.unknown_word(entry, &said, "class", &words),
            }
        }
        classes
    }

    fn languages(&mut self, keys: &Keys<'t>) -> Vec<String> {
        let Some(entry) = keys.get("languages") else { return Vec::new() };
        let said = self.texts(Some(entry));
        let mut found = Vec::new();
        for one in said {
            if self.languages.contains(&one.text.as_str()) {
                found.push(one.text);
            } else {
                self.unknown_word(entry, &one, "language", self.languages);
            }
        }
        found
    }

    fn unknown_word(&mut self, entry: &Entry<'t>, said: &Said, noun: &str, valid: &[&str]) {
        let what = format!("unknown {noun} `{}` in `{}`", said.text, entry.key);
        let at = (said.line, said.column);
        self.reader.unknown_at(
            MistakeKind::UnknownValue,
            &entry.key,
            at,
            what,
            (&said.text, valid),
        );
    }

    fn clause(&mut self, entry: &Entry<'t>) -> Option<Said> {
        let said = self.one(entry)?;
        let digits = |text: &str| {
            !text.is_empty() && text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit())
        };
        let whole = said.text.strip_prefix('R').and_then(|rest| rest.split_once('.'));
        if whole.is_some_and(|(rule, clause)| digits(rule) && digits(clause)) {
            return Some(said);
        }
        let what = format!("`{}` in `{}` is no clause such as `R05.2`", said.text, entry.key);
        self.reader.mistake(MistakeKind::BadText, &entry.key, value_span(entry), what);
        None
    }
}
