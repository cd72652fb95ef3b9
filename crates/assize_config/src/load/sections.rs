//! The top level and every section but `[controls]`.

use assize_model::{FileClass, Severity, Span};
use toml_edit::TableLike;

use crate::classes::compile;
use crate::{
    ApprovalStrength, Authority, ControlTable, Escalation, GLOBS_MAX, GuardMode, MistakeKind,
    PermitSettings, Profile, SCRIPT_DUTIES, Settings,
};
use crate::{authority, brief, freeze};

use super::reader::{Entry, Reader, entries, value_span};
use super::{Found, controls, gates, permit};

const TOP: &[&str] = &[
    "agents",
    "approvals",
    "authority",
    "brief",
    "classes",
    "controls",
    "docs",
    "env",
    "escalate",
    "freeze",
    "gate",
    "gates",
    "guard",
    "permit",
    "ports",
    "profile",
    "root",
    "scripts",
];

/// Keys with one value for the whole repository.
const ROOT_ONLY: &[&str] = &[
    "approvals",
    "authority",
    "brief",
    "escalate",
    "freeze",
    "gate",
    "gates",
    "guard",
    "permit",
    "profile",
];

/// Reads one file into the settings.
pub(super) fn read(
    reader: &mut Reader<'_>,
    table: &dyn TableLike,
    known: &ControlTable<'_>,
    settings: &mut Settings,
    globs_left: &mut usize,
) {
    let top = entries("", table);
    let mut found = Found::default();
    found.layer.folder = reader.folder.to_owned();
    found.layer.file = reader.path().to_owned();
    if reader.is_nested() && settings.authority_root.is_some() {
        reader.only_adds();
    }
    if let Some(entry) = top.iter().find(|entry| entry.name == "root") {
        let flag = reader.flag(entry).unwrap_or(false);
        let alone = "what stands above it would no longer count";
        found.layer.root = flag && !reader.overrules(entry, alone);
    }
    // A root below the root is checked in full, but rules the repository only when it is its top.
    let mut aside = Settings::plain(settings.today);
    for entry in &top {
        if ROOT_ONLY.contains(&entry.name) && reader.is_nested() {
            if found.layer.root {
                single(reader, entry, &mut aside);
            } else {
                root_only(reader, entry);
            }
            continue;
        }
        match entry.name {
            "root" => {}
            "classes" => classes(reader, entry, &mut found, globs_left),
            "controls" => controls::read(reader, entry, known, &mut found.layer),
            "env" => list(reader, entry, "external", |reader, entry| {
                let names = variables(reader, entry);
                if !reader.overrules(entry, "it says of variables that nobody need define them") {
                    settings.env_external.extend(names);
                }
            }),
            "ports" => list(reader, entry, "registry", |reader, entry| {
                settings.port_registries.extend(reader.paths(entry));
            }),
            "agents" => list(reader, entry, "paths", |reader, entry| {
                settings.agent_paths.extend(reader.paths(entry));
            }),
            "scripts" => keys(reader, entry, &SCRIPT_DUTIES, |reader, entry| {
                let paths = reader.paths(entry);
                settings.script_folders.entry(entry.name.to_owned()).or_default().extend(paths);
            }),
            "docs" => list(reader, entry, "authority", |reader, entry| {
                settings.authority.extend(reader.paths(entry));
            }),
            _ if ROOT_ONLY.contains(&entry.name) => single(reader, entry, settings),
            _ => reader.unknown_key(entry, TOP),
        }
    }
    let Found { layer, globs } = found;
    if let Err(what) = settings.classes.push(&layer.folder, layer.root, globs) {
        let what = format!("the globs of `[classes]` cannot be used together: {what}");
        reader.mistake(MistakeKind::BadGlob, "classes", Span::new(0, 0), what);
    }
    settings.layers.push(layer);
    settings.ignored.extend(reader.left_out());
}

fn root_only(reader: &mut Reader<'_>, entry: &Entry<'_>) {
    let shown = if entry.name == "profile" { "`profile`" } else { &format!("`[{}]`", entry.name) };
    let what = format!(
        "{shown} holds for the whole repository and can only stand in the `assize.toml` of its root"
    );
    reader.mistake(MistakeKind::RootOnly, &entry.key, entry.span, what);
}

/// A section with one list.
fn list(
    reader: &mut Reader<'_>,
    section: &Entry<'_>,
    key: &'static str,
    mut take: impl FnMut(&mut Reader<'_>, &Entry<'_>),
) {
    keys(reader, section, &[key], |reader, entry| take(reader, entry));
}

/// Calls `take` for each known key of a section.
fn keys(
    reader: &mut Reader<'_>,
    section: &Entry<'_>,
    valid: &[&str],
    mut take: impl FnMut(&mut Reader<'_>, &Entry<'_>),
) {
    let Some(table) = reader.table(section) else { return };
    for entry in entries(&section.key, table) {
        if valid.contains(&entry.name) {
            take(reader, &entry);
        } else {
            reader.unknown_key(&entry, valid);
        }
    }
}

/// The settings with one value for the whole repository.
fn single(reader: &mut Reader<'_>, entry: &Entry<'_>, settings: &mut Settings) {
    match entry.name {
        "profile" => {
            let choices = Profile::ALL.map(|profile| (profile.word(), profile));
            settings.profile = reader.choice(entry, &choices).unwrap_or_default();
        }
        "guard" => keys(reader, entry, &["mode"], |reader, entry| {
            let choices = GuardMode::ALL.map(|mode| (mode.word(), mode));
            settings.guard_mode = reader.choice(entry, &choices).unwrap_or_default();
        }),
        "gate" => keys(reader, entry, &["unattributed"], |reader, entry| {
            let (warn, error) = (Some(Severity::Warn), Some(Severity::Error));
            let choices = [("off", None), ("warn", warn), ("error", error)];
            settings.gate_unattributed = reader.choice(entry, &choices).unwrap_or(warn);
        }),
        "gates" => settings.gates = gates::read(reader, entry),
        "permit" => keys(reader, entry, &PermitSettings::KEYS, |reader, entry| {
            permit::list(reader, entry, &mut settings.permit);
        }),
        "approvals" => keys(reader, entry, &["strength"], |reader, entry| {
            let choices = ApprovalStrength::ALL.map(|strength| (strength.word(), strength));
            settings.approval_strength = reader.choice(entry, &choices).unwrap_or_default();
        }),
        "authority" => decides(reader, entry, settings),
        "brief" => keys(reader, entry, &["moments"], |reader, entry| {
            settings.brief_moments = brief::moments(reader, entry);
        }),
        "freeze" => keys(reader, entry, &["windows"], |reader, entry| {
            settings.freezes = freeze::windows(reader, entry);
        }),
        _ => keys(reader, entry, &["command"], |reader, entry| {
            settings.escalation = escalation(reader, entry);
        }),
    }
}

/// The folder that decides; its documents count as authority like those of `[docs]`.
fn decides(reader: &mut Reader<'_>, section: &Entry<'_>, settings: &mut Settings) {
    let mut found = Authority::default();
    keys(reader, section, &["required", "root"], |reader, entry| match entry.name {
        "root" => found.root = authority::root(reader, entry).unwrap_or_default(),
        _ => found.required = authority::required(reader, entry),
    });
    if found.root.is_empty() {
        return authority::nameless(reader, section);
    }
    settings.authority.extend(found.places().into_iter().map(str::to_owned));
    settings.authority_root = Some(found);
}

fn escalation(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Option<Escalation> {
    let texts = reader.texts(entry);
    if texts.first().is_none_or(|(first, _)| first.trim().is_empty()) {
        if entry.item.is_str() || entry.item.is_array() {
            let what = format!("`{}` names no command", entry.key);
            reader.mistake(MistakeKind::BadText, &entry.key, value_span(entry), what);
        }
        return None;
    }
    let mut words = texts.into_iter().map(|(text, _)| text.to_owned());
    if entry.item.is_str() {
        return words.next().map(Escalation::Shell);
    }
    Some(Escalation::Program(words.collect()))
}

/// Names of variables, each perhaps with a `*` at its end.
fn variables(reader: &mut Reader<'_>, entry: &Entry<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for (text, span) in reader.texts(entry) {
        let stem = text.strip_suffix('*').unwrap_or(text);
        let valid = stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if valid && !stem.is_empty() {
            names.push(text.to_owned());
        } else {
            let what = format!(
                "`{text}` in `{}` is no variable: letters, digits and `_`, and `*` only at the end",
                entry.key
            );
            reader.mistake(MistakeKind::BadText, &entry.key, span, what);
        }
    }
    names
}

fn classes(reader: &mut Reader<'_>, section: &Entry<'_>, found: &mut Found, left: &mut usize) {
    let Some(table) = reader.table(section) else { return };
    for entry in entries(&section.key, table) {
        let Some(class) = FileClass::from_word(entry.name) else {
            let words = FileClass::ALL.map(FileClass::word);
            let what = format!("unknown class `{}` in `[classes]`", entry.name);
            let word = (entry.name, &words[..]);
            reader.unknown(MistakeKind::UnknownClass, &entry.key, entry.span, what, word);
            continue;
        };
        if class != FileClass::Production
            && reader.overrules(&entry, "fewer controls read such files")
        {
            continue;
        }
        for (pattern, span) in reader.texts(&entry) {
            if *left == 0 {
                let what = format!("more than {GLOBS_MAX} globs in all `[classes]` together");
                reader.mistake(MistakeKind::TooMany, &entry.key, span, what);
                return;
            }
            *left -= 1;
            match compile(pattern) {
                Ok(globs) => found.globs.extend(globs.into_iter().map(|glob| (glob, class))),
                Err(why) => {
                    let what = format!("bad glob `{pattern}` in `{}`: {why}", entry.key);
                    reader.mistake(MistakeKind::BadGlob, &entry.key, span, what);
                }
            }
        }
    }
}
