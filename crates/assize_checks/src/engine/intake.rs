//! From bytes to what the index keeps of a file.

use std::panic::{AssertUnwindSafe, catch_unwind};

use assize_agents::Mention;
use assize_index::{FileRecord, FileStamp, IndexedFile, LocalFinding};
use assize_model::{FileClass, LineIndex, Place, ProblemKind, RepoPath, Severity, Span};
use assize_syntax::{FactKind, FileFacts, FileFlags, Flags, Parsed, Role, extract};

use super::meter::{judging, parsing};
use crate::team::Page;
use crate::{CONTROLS, Control, Meter, Scope, Sink, Source, TeamRules};

/// Reads one file into the form in which the index takes it, with the findings that follow from it
/// alone. Bytes that are no text yield a record without facts.
pub fn index_text(
    path: &RepoPath,
    class: FileClass,
    bytes: &[u8],
    stamp: FileStamp,
    flags: u32,
) -> IndexedFile {
    index_text_by(&Intake::default(), path, class, bytes, stamp, flags)
}

/// What takes part in reading a file, where it is there.
#[derive(Debug, Clone, Copy, Default)]
pub struct Intake<'a> {
    /// Where the cost is written down.
    pub meter: Option<&'a Meter>,
    /// The team's own rules.
    pub rules: Option<&'a TeamRules>,
}

/// The same, by a team's rules as well, or on a meter.
pub fn index_text_by(
    intake: &Intake<'_>,
    path: &RepoPath,
    class: FileClass,
    bytes: &[u8],
    stamp: FileStamp,
    flags: u32,
) -> IndexedFile {
    let mut hash = [0; 16];
    hash.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    let mut record = FileRecord {
        path: path.clone(),
        class,
        dialect: assize_syntax::Dialect::Other,
        parsed: Parsed::NotParsed,
        flags: FileFlags(flags),
        stamp,
        hash,
        problem: None,
    };
    if flags & FileFlags::LINK != 0 {
        return link(record, bytes);
    }
    let mut facts = content_fact(bytes, &hash, flags);
    facts.extend(super::variant::fact(path, flags));
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let Ok(text) = std::str::from_utf8(body) else {
        return not_text(record, facts, "the text is not UTF-8: the file was not parsed");
    };
    if memchr::memchr(0, body.get(..8192.min(body.len())).unwrap_or(body)).is_some() {
        return not_text(record, facts, "the text holds NUL: the file was not parsed");
    }
    if class == FileClass::Fixture {
        return IndexedFile { record, facts, findings: Vec::new() };
    }
    facts.extend(folded_fact(path, class, text));
    let lines = LineIndex::new(text);
    let parse = || catch_unwind(AssertUnwindSafe(|| extract(path, class, text, &lines)));
    let parsed = parsing(intake.meter, parse, |parsed| {
        let read = parsed.as_ref();
        read.map_or(assize_syntax::Language::Other, |found| found.dialect.language())
    });
    let Ok(mut found) = parsed else {
        record.problem = Some((ProblemKind::Panic, "the parser panicked: please report".into()));
        return IndexedFile { record, facts, findings: Vec::new() };
    };
    if body.len() < bytes.len() {
        found.flags.0 |= FileFlags::BOM;
    }
    take_agent(path, text, &lines, &mut found);
    record.dialect = found.dialect;
    record.parsed = found.parsed;
    record.flags.0 |= found.flags.0;
    if found.parsed == Parsed::Refused {
        let limit = assize_syntax::NESTING_MAX;
        let words = format!("brackets nest deeper than {limit}: the file was not parsed");
        record.problem = Some((ProblemKind::TooDeep, words));
    }
    let source = Source { path, class, text, lines: &lines, facts: &found };
    let mut findings = local_findings(&source, &mut record, intake.meter);
    if let Some(rules) = intake.rules {
        findings.extend(team_findings(rules, &source, &mut record));
    }
    facts.extend(found.facts);
    IndexedFile { record, facts, findings }
}

/// A symbolic link: its bytes are where it leads. It has no content of its own.
fn link(record: FileRecord, target: &[u8]) -> IndexedFile {
    let target = String::from_utf8_lossy(target).into_owned();
    let folder = record.path.folder();
    let key = match assize_model::normalise(folder, &target) {
        Ok(key) if !target.starts_with('/') => key,
        _ => target.clone(),
    };
    let fact = assize_syntax::Fact {
        kind: FactKind::Path,
        role: Role::Reference,
        key,
        value: target,
        item: "link".to_owned(),
        // Whether it is there is a question of the disk.
        flags: Flags::OPTIONAL,
        number: 0,
        place: Place::START,
    };
    let record = FileRecord { hash: [0; 16], ..record };
    IndexedFile { record, facts: vec![fact], findings: Vec::new() }
}

/// Adds the agent that the file defines, in order of place.
fn take_agent(path: &RepoPath, text: &str, lines: &LineIndex, found: &mut FileFacts) {
    let Some(reading) = assize_agents::read_definition(path.as_str(), text) else { return };
    if reading.status == assize_agents::Status::NotAgent {
        return;
    }
    let span = reading.field("name").map_or(Span::default(), |field| field.value_span);
    let unnamed = reading.name.is_none();
    let asked = reading.field("tools").map(|field| field.value_span);
    let servers = match (&reading.tools, asked) {
        (Some(tools), Some(span)) => servers_of(tools, span, lines, text),
        _ => Vec::new(),
    };
    let stem = path.name().rsplit_once('.').map_or(path.name(), |(stem, _)| stem);
    let fact = assize_syntax::Fact {
        kind: FactKind::Agent,
        role: Role::Definition,
        key: reading.name.unwrap_or_else(|| stem.to_owned()),
        value: reading.status.word().to_owned(),
        item: String::new(),
        flags: if unnamed { Flags::UNRESOLVED } else { Flags::NONE },
        number: 0,
        place: lines.place(span, text),
    };
    let at = found.facts.partition_point(|other| other.place <= fact.place);
    found.facts.insert(at, fact);
    let named = assize_agents::mentions(text).into_iter();
    let named = named.map(|mention| named_agent(mention, lines, text));
    for fact in servers.into_iter().chain(named) {
        let at = found.facts.partition_point(|other| other.place <= fact.place);
        found.facts.insert(at, fact);
    }
}

/// The servers whose tools the definition asks for, each where the tool is named.
fn servers_of(
    tools: &[String],
    span: Span,
    lines: &LineIndex,
    text: &str,
) -> Vec<assize_syntax::Fact> {
    let field = text.get(span.start..span.end).unwrap_or("");
    let fact = |tool: &String| {
        let called = tool.strip_prefix("mcp__")?;
        let (server, name) = called.split_once("__").unwrap_or((called, ""));
        let start = span.start + field.find(tool.as_str())?;
        Some(assize_syntax::Fact {
            kind: FactKind::McpServer,
            role: Role::Reference,
            key: server.to_owned(),
            value: if name == "*" { String::new() } else { name.to_owned() },
            item: String::new(),
            flags: Flags::NONE,
            number: 0,
            place: lines.place(Span::new(start, start + tool.len()), text),
        })
    };
    tools.iter().filter_map(fact).collect()
}

fn named_agent(mention: Mention, lines: &LineIndex, text: &str) -> assize_syntax::Fact {
    assize_syntax::Fact {
        kind: FactKind::Agent,
        role: Role::Reference,
        key: mention.name,
        value: String::new(),
        item: String::new(),
        flags: Flags::NONE,
        number: 0,
        place: lines.place(mention.span, text),
    }
}

fn content_fact(bytes: &[u8], hash: &[u8; 16], flags: u32) -> Vec<assize_syntax::Fact> {
    if bytes.is_empty() || flags & FileFlags::GIT_LINK != 0 {
        return Vec::new();
    }
    vec![content(hex(hash), bytes.len())]
}

fn content(key: String, size: usize) -> assize_syntax::Fact {
    assize_syntax::Fact {
        kind: FactKind::Content,
        role: Role::Definition,
        key,
        value: String::new(),
        item: String::new(),
        flags: Flags::NONE,
        number: u32::try_from(size).unwrap_or(u32::MAX),
        place: Place::START,
    }
}

fn hex(hash: &[u8]) -> String {
    let mut out = String::with_capacity(hash.len() * 2);
    for byte in hash {
        for digit in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
        }
    }
    out
}

/// Larger texts are data; two that differ in white space alone are nobody's mistake.
const FOLDED_BYTES_MAX: usize = 512 * 1024;
/// Smaller texts are alike by chance.
const FOLDED_BYTES_MIN: usize = 64;

/// The content without regard to white space, under a key that starts with `ws:`. Where white
/// space has meaning only what is at the ends of lines, and blank lines, are folded.
fn folded_fact(path: &RepoPath, class: FileClass, text: &str) -> Option<assize_syntax::Fact> {
    let judged = matches!(class, FileClass::Production | FileClass::Test | FileClass::Doc);
    if !judged || !(FOLDED_BYTES_MIN..=FOLDED_BYTES_MAX).contains(&text.len()) {
        return None;
    }
    let mut folded = String::with_capacity(text.len() + 1);
    if indents(path) {
        folded.push('l');
        for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty()) {
            folded.push_str(line);
            folded.push('\n');
        }
    } else {
        folded.push('w');
        for word in text.split_ascii_whitespace() {
            folded.push_str(word);
            folded.push(' ');
        }
    }
    let hash = blake3::hash(folded.as_bytes());
    let key = format!("ws:{}", hex(hash.as_bytes().get(..16).unwrap_or(&[])));
    Some(content(key, text.len()))
}

/// Whether indentation has meaning in a file of this name.
fn indents(path: &RepoPath) -> bool {
    let name = path.name();
    name.eq_ignore_ascii_case("makefile")
        || matches!(
            path.extension(),
            Some(
                "py" | "pyi"
                    | "pyx"
                    | "yml"
                    | "yaml"
                    | "mk"
                    | "md"
                    | "rst"
                    | "sass"
                    | "pug"
                    | "haml"
                    | "slim"
                    | "coffee"
                    | "hs"
                    | "fs"
                    | "nim"
                    | "ini"
                    | "cfg"
                    | "tpl"
            )
        )
}

/// A file that is no text: a problem where its name says that it should be one. Otherwise a byte in
/// a comment would take a file out of sight.
fn not_text(mut record: FileRecord, facts: Vec<assize_syntax::Fact>, words: &str) -> IndexedFile {
    record.flags.0 |= FileFlags::BINARY;
    record.dialect = assize_syntax::Dialect::of(&record.path, "");
    if record.dialect.language() != assize_syntax::Language::Other {
        record.problem = Some((ProblemKind::NotUtf8, words.to_owned()));
    }
    IndexedFile { record, facts, findings: Vec::new() }
}

fn local_findings(
    source: &Source<'_>,
    record: &mut FileRecord,
    meter: Option<&Meter>,
) -> Vec<LocalFinding> {
    let mut findings = Vec::new();
    for control in CONTROLS {
        let Scope::File(run) = control.scope else { continue };
        if !control.classes.contains(&source.class) {
            continue;
        }
        let mut sink = Sink::default();
        let judge = || catch_unwind(AssertUnwindSafe(|| run(source, &mut sink)));
        if judging(meter, control.name, 1, judge).is_err() {
            let words = format!("{} panicked: please report", control.name);
            record.problem = Some((ProblemKind::Panic, words));
            continue;
        }
        for _ in 0..sink.unresolved {
            findings.push(unresolved_mark(control));
        }
        findings.extend(sink.reports.into_iter().map(|report| LocalFinding {
            control: control.name.0.to_owned(),
            code: report.code.to_owned(),
            severity: report.severity.unwrap_or(control.severity),
            place: report.place,
            message: report.message,
            help: report.help,
            item: report.item,
            subject: report.subject,
            unresolved: false,
        }));
    }
    findings
}

/// What the team's own rules find. The engine of patterns is not ours: a panic of it is told.
fn team_findings(
    rules: &TeamRules,
    source: &Source<'_>,
    record: &mut FileRecord,
) -> Vec<LocalFinding> {
    let Source { path, class, text, lines, facts } = *source;
    let page = Page { path, class, dialect: facts.dialect, text, lines };
    catch_unwind(AssertUnwindSafe(|| rules.judge(&page))).unwrap_or_else(|_| {
        let words = "a rule of the team panicked: please report".to_owned();
        record.problem = Some((ProblemKind::Panic, words));
        Vec::new()
    })
}

fn unresolved_mark(control: &Control) -> LocalFinding {
    LocalFinding {
        control: control.name.0.to_owned(),
        code: String::new(),
        severity: Severity::Info,
        place: Place::START,
        message: String::new(),
        help: String::new(),
        item: String::new(),
        subject: String::new(),
        unresolved: true,
    }
}
