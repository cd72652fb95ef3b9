//! The rule book as values: read once, checked as a whole, then immutable.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::LazyLock;

use assize_model::Severity;

use crate::error::RuleBookError;
use crate::id::{ClauseId, RuleId};
use crate::source::SeverityText;
use crate::source::{ClauseText, ControlText, ControlsText, KindText, Reader, RuleText};

/// No file of a rule book is longer; a rule is a page, not a volume.
const FILE_BYTES_MAX: usize = 1 << 20;

/// The file that lists the controls.
const CONTROLS_FILE: &str = "controls.toml";

/// One file of a rule book, before it is read.
#[derive(Debug, Clone, Copy)]
pub struct SourceFile<'a> {
    pub name: &'a str,
    pub text: &'a str,
}

/// Rules in order, and the controls that execute them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleBook {
    name: String,
    rules: Vec<Rule>,
    /// In the order of the file.
    controls: Vec<ControlEntry>,
    /// Position in `controls` by name.
    positions: BTreeMap<String, usize>,
    hash: RuleBookHash,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub id: RuleId,
    pub title: String,
    /// One sentence: what goes wrong without the rule.
    pub why: String,
    pub clauses: Vec<Clause>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    pub id: ClauseId,
    /// One sentence in the present tense: how things are where the clause is kept.
    pub text: String,
    /// The controls that execute it, the most telling one first.
    pub controls: Vec<String>,
}

/// What the rule book says of a control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlEntry {
    pub name: String,
    /// At least one, without repetition.
    pub kinds: Vec<Kind>,
    pub group: String,
    /// What the control is seeded with; the control's own metadata is the truth.
    pub severity: Option<Severity>,
    /// When the severity is another one.
    pub note: Option<String>,
    /// Whether it checks something itself, and does not merely carry other controls.
    pub has_body: bool,
    /// The clauses it serves, in order of id. The first is the primary one: the book states the
    /// general rule before the special one.
    pub clauses: Vec<ClauseId>,
    /// Obligations outside the rules that it serves.
    pub serves: Vec<String>,
    /// Rules of which it serves every clause by carrying that rule's other controls.
    pub wildcard: Vec<RuleId>,
}

/// What a control acts on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Check,
    Guard,
    Gate,
    Runtime,
    Judge,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Check, Self::Guard, Self::Gate, Self::Runtime, Self::Judge];

    /// The word used in data and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Guard => "guard",
            Self::Gate => "gate",
            Self::Runtime => "runtime",
            Self::Judge => "judge",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.word())
    }
}

impl ControlEntry {
    /// The kinds joined by `+`.
    pub fn kinds_word(&self) -> String {
        self.kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>().join("+")
    }
}

/// Identity of a rule book's content: names and texts of all its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleBookHash(pub [u8; 32]);

impl RuleBookHash {
    /// Files count in order of name, so it does not matter in which order they were found; a line
    /// ends with `\n`, so a checkout that writes `\r\n` has the same rule book.
    fn of(files: &[SourceFile<'_>]) -> Self {
        let mut sorted = files.to_vec();
        sorted.sort_by_key(|file| file.name);
        let mut hasher = blake3::Hasher::new();
        let mut field = |text: &str| {
            // The length before each field keeps ("ab","c") apart from ("a","bc").
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        };
        for file in sorted {
            field(file.name);
            field(&file.text.replace("\r\n", "\n"));
        }
        Self(*hasher.finalize().as_bytes())
    }
}

impl fmt::Display for RuleBookHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

macro_rules! backend {
    ($($file:literal),* $(,)?) => {
        &[$(SourceFile {
            name: $file,
            text: include_str!(concat!("../../../rulebooks/backend/", $file)),
        }),*]
    };
}

const BACKEND_FILES: &[SourceFile<'static>] = backend![
    "controls.toml",
    "r01.toml",
    "r02.toml",
    "r03.toml",
    "r04.toml",
    "r05.toml",
    "r06.toml",
    "r07.toml",
    "r08.toml",
    "r09.toml",
    "r10.toml",
    "r11.toml",
    "r12.toml",
    "r13.toml",
    "r14.toml",
    "r15.toml",
    "r16.toml",
    "r17.toml",
    "r18.toml",
    "r19.toml",
    "r20.toml",
];

static BACKEND: LazyLock<Result<RuleBook, RuleBookError>> =
    LazyLock::new(|| RuleBook::parse("backend", BACKEND_FILES));

impl RuleBook {
    /// The built-in rule book, read at the first call.
    ///
    /// # Errors
    /// Never in a released binary: the files are compiled in and the tests read them.
    pub fn backend() -> Result<&'static Self, &'static RuleBookError> {
        BACKEND.as_ref()
    }

    /// Reads a rule book from its files: `controls.toml`, and every other file a rule.
    ///
    /// # Errors
    /// The first thing that is wrong, with file and line.
    pub fn parse(name: &str, files: &[SourceFile<'_>]) -> Result<Self, RuleBookError> {
        if let Some(file) = files.iter().find(|file| file.text.len() > FILE_BYTES_MAX) {
            let file = file.name.to_owned();
            return Err(RuleBookError::TooLarge { file, limit: FILE_BYTES_MAX });
        }
        let hash = RuleBookHash::of(files);
        let listed = files.iter().find(|file| file.name == CONTROLS_FILE);
        let listed = listed.ok_or(RuleBookError::NoFile { file: CONTROLS_FILE })?;
        let (mut controls, positions) = read_controls(listed)?;
        let mut rules = Vec::new();
        let mut seen = BTreeSet::new();
        for file in files.iter().filter(|file| file.name != CONTROLS_FILE) {
            let rule = read_rule(file, &positions, &mut seen)?;
            rules.push(rule);
        }
        if rules.is_empty() {
            return Err(RuleBookError::NoRules);
        }
        rules.sort_by_key(|rule: &Rule| rule.id);
        for clause in rules.iter().flat_map(|rule| &rule.clauses) {
            for control in &clause.controls {
                let entry = positions.get(control).and_then(|position| controls.get_mut(*position));
                if let Some(entry) = entry {
                    entry.clauses.push(clause.id);
                }
            }
        }
        // Clauses of one rule may stand in any order in its file.
        controls.iter_mut().for_each(|entry| entry.clauses.sort_unstable());
        Ok(Self { name: name.to_owned(), rules, controls, positions, hash })
    }

    /// The book with a repository's own checks, each of them for one of its clauses.
    ///
    /// # Errors
    /// The first clause that the book does not have.
    pub fn with_checks<'c>(
        &self,
        own: impl IntoIterator<Item = (&'c str, Severity, ClauseId)>,
    ) -> Result<Self, ClauseId> {
        let mut book = self.clone();
        for (name, severity, id) in own {
            let clauses = book.rules.iter_mut().flat_map(|rule| &mut rule.clauses);
            let clause = clauses.into_iter().find(|clause| clause.id == id).ok_or(id)?;
            clause.controls.push(name.to_owned());
            book.positions.insert(name.to_owned(), book.controls.len());
            book.controls.push(ControlEntry {
                name: name.to_owned(),
                kinds: vec![Kind::Check],
                group: "team".to_owned(),
                severity: Some(severity),
                note: None,
                has_body: true,
                clauses: vec![id],
                serves: Vec::new(),
                wildcard: Vec::new(),
            });
        }
        Ok(book)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn hash(&self) -> RuleBookHash {
        self.hash
    }

    /// In order of id.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// In order of rule and number.
    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.rules.iter().flat_map(|rule| &rule.clauses)
    }

    /// In the order of the file: by group.
    pub fn controls(&self) -> &[ControlEntry] {
        &self.controls
    }

    pub fn rule(&self, id: RuleId) -> Option<&Rule> {
        let found = self.rules.binary_search_by_key(&id, |rule| rule.id).ok()?;
        self.rules.get(found)
    }

    pub fn clause(&self, id: ClauseId) -> Option<&Clause> {
        self.rule(id.rule())?.clauses.iter().find(|clause| clause.id == id)
    }

    pub fn control(&self, name: &str) -> Option<&ControlEntry> {
        self.controls.get(*self.positions.get(name)?)
    }

    /// The clauses that a control serves, primary first; none for a control that serves no clause
    /// or is not in the rule book.
    pub fn clauses_of(&self, control: &str) -> &[ClauseId] {
        self.control(control).map_or(&[], |entry| &entry.clauses)
    }

    /// The rule of the control's primary clause.
    pub fn rule_of(&self, control: &str) -> Option<RuleId> {
        self.clauses_of(control).first().map(|clause| clause.rule())
    }
}

type Controls = (Vec<ControlEntry>, BTreeMap<String, usize>);

fn read_controls(file: &SourceFile<'_>) -> Result<Controls, RuleBookError> {
    let reader = Reader { file: file.name, text: file.text };
    let listed: ControlsText = reader.read()?;
    let mut controls = Vec::with_capacity(listed.control.len());
    let mut positions = BTreeMap::new();
    for (position, text) in listed.control.iter().enumerate() {
        let entry = read_control(&reader, text)?;
        if positions.insert(entry.name.clone(), position).is_some() {
            return Err(RuleBookError::Duplicate { at: reader.at_of(&text.name), id: entry.name });
        }
        controls.push(entry);
    }
    Ok((controls, positions))
}

fn read_control(reader: &Reader<'_>, text: &ControlText) -> Result<ControlEntry, RuleBookError> {
    let name = text.name.get_ref();
    if !is_control_name(name) {
        let at = reader.at_of(&text.name);
        return Err(RuleBookError::ControlName { at, found: name.clone() });
    }
    let mut kinds = Vec::new();
    for kind in text.kinds.get_ref() {
        let kind = kind_of(*kind);
        if kinds.contains(&kind) {
            let at = reader.at_of(&text.kinds);
            return Err(RuleBookError::Duplicate { at, id: kind.word().to_owned() });
        }
        kinds.push(kind);
    }
    if kinds.is_empty() {
        let at = reader.at_of(&text.kinds);
        return Err(RuleBookError::NoKind { at, control: name.clone() });
    }
    let mut wildcard = Vec::new();
    for pattern in &text.wildcard {
        let rule = pattern.get_ref().strip_suffix(".*").and_then(|rule| rule.parse().ok());
        let Some(rule) = rule else {
            let found = pattern.get_ref().clone();
            return Err(RuleBookError::Wildcard { at: reader.at_of(pattern), found });
        };
        wildcard.push(rule);
    }
    Ok(ControlEntry {
        name: name.clone(),
        kinds,
        group: reader.filled(&text.group, "the group of a control")?,
        severity: text.severity.map(severity_of),
        note: text.note.clone(),
        has_body: text.body,
        clauses: Vec::new(),
        serves: text.serves.clone(),
        wildcard,
    })
}

fn read_rule(
    file: &SourceFile<'_>,
    positions: &BTreeMap<String, usize>,
    seen: &mut BTreeSet<String>,
) -> Result<Rule, RuleBookError> {
    let reader = Reader { file: file.name, text: file.text };
    let text: RuleText = reader.read()?;
    let id = text.id.get_ref().parse::<RuleId>().map_err(|source| RuleBookError::Id {
        at: reader.at_of(&text.id),
        found: text.id.get_ref().clone(),
        source,
    })?;
    if !seen.insert(id.to_string()) {
        return Err(RuleBookError::Duplicate { at: reader.at_of(&text.id), id: id.to_string() });
    }
    let mut clauses = Vec::with_capacity(text.clause.len());
    for clause in &text.clause {
        clauses.push(read_clause(&reader, id, clause, positions, seen)?);
    }
    clauses.sort_by_key(|clause: &Clause| clause.id);
    Ok(Rule {
        id,
        title: reader.filled(&text.title, "the title of a rule")?,
        why: reader.filled(&text.why, "the reason of a rule")?,
        clauses,
    })
}

fn read_clause(
    reader: &Reader<'_>,
    rule: RuleId,
    text: &ClauseText,
    positions: &BTreeMap<String, usize>,
    seen: &mut BTreeSet<String>,
) -> Result<Clause, RuleBookError> {
    let at = reader.at_of(&text.id);
    let found = text.id.get_ref().clone();
    let id = match found.parse::<ClauseId>() {
        Ok(id) => id,
        Err(source) => return Err(RuleBookError::Id { at, found, source }),
    };
    if id.rule() != rule {
        return Err(RuleBookError::ForeignClause { at, clause: found, rule: rule.to_string() });
    }
    if !seen.insert(found.clone()) {
        return Err(RuleBookError::Duplicate { at, id: found });
    }
    let mut controls: Vec<String> = Vec::new();
    for control in text.controls.get_ref() {
        let at = reader.at_of(control);
        let name = control.get_ref().clone();
        if !positions.contains_key(&name) {
            return Err(RuleBookError::UnknownControl { at, clause: found, control: name });
        }
        if controls.contains(&name) {
            return Err(RuleBookError::Duplicate { at, id: name });
        }
        controls.push(name);
    }
    if controls.is_empty() {
        let at = reader.at_of(&text.controls);
        return Err(RuleBookError::NoControl { at, clause: found });
    }
    Ok(Clause { id, text: reader.filled(&text.text, "the text of a clause")?, controls })
}

fn is_control_name(name: &str) -> bool {
    let word = |part: &str| {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !part.is_empty() && part.bytes().all(allowed)
    };
    name.starts_with(|first: char| first.is_ascii_lowercase()) && name.split('-').all(word)
}

const fn kind_of(text: KindText) -> Kind {
    match text {
        KindText::Check => Kind::Check,
        KindText::Guard => Kind::Guard,
        KindText::Gate => Kind::Gate,
        KindText::Runtime => Kind::Runtime,
        KindText::Judge => Kind::Judge,
    }
}

const fn severity_of(text: SeverityText) -> Severity {
    match text {
        SeverityText::Info => Severity::Info,
        SeverityText::Warn => Severity::Warn,
        SeverityText::Error => Severity::Error,
        SeverityText::Block => Severity::Block,
    }
}
