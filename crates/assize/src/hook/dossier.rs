//! The homework before files go: `delete-dossier`.
//!
//! What refers to them is asked of the index as it would be after the call, what names them and
//! where they come from of git. Whatever the answer, what was found out is recorded.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use assize_guard::controls::delete_dossier::{
    FILES_MAX, GUARD, Needles, Reference, references, unsearched,
};
use assize_guard::controls::doc_move_safe;
use assize_guard::{Effect, Effects, Place, Reach, Reason};
use assize_index::{FileRef, Layers, View};
use assize_ledger::{Map, Value};
use assize_model::{FileClass, Severity};
use assize_repo::{Git, Past, READ_MAX, read_up_to};
use assize_session::Session;
use assize_syntax::FileFlags;

use super::call;
use super::judge::{self, Future, Laid};
use super::rewritten::Rewritten;
use super::scene::Scene;
use super::simulate::Found;
use crate::state;

/// The control.
pub(super) const NAME: &str = GUARD.name;
/// How many files of a folder are looked into.
const LOOKED_MAX: usize = 2_000;
/// How many references an answer names, and a record.
const NAMED_MAX: usize = 3;
const RECORDED_MAX: usize = 20;
/// How long git may take for each of its two answers.
const GIT_WAIT: Duration = Duration::from_millis(500);
/// Shorter names say nothing in a search.
const STEM_CHARS_MIN: usize = 3;
/// A file of fewer lines is no loss that a warning is worth.
const LINES_MIN: usize = 20;
/// The part of its lines, in hundredths, without which a file is another one.
const LOST_MIN: usize = 60;

/// Whether an effect takes something away inside of the tree.
pub(super) fn concerns(effects: &Effects, scene: &Scene) -> bool {
    effects
        .iter()
        .any(|effect| place(effect).is_some_and(|path| call::inside(path, scene).is_some()))
}

/// What an effect takes away: a path, or a beginning with a slash at its end.
fn place(effect: &Effect) -> Option<&str> {
    match effect {
        Effect::Delete { reach: Reach::Made, .. } => None,
        Effect::Delete { at: Place::Known(path) | Place::Below(path), .. }
        | Effect::Move { from: Place::Known(path) | Place::Below(path), .. } => Some(path),
        _ => None,
    }
}

/// The tracked files that would go.
#[derive(Default)]
struct Gone {
    files: BTreeSet<String>,
    /// Folders of which it cannot be told what goes.
    vague: Vec<String>,
}

impl Gone {
    fn of(
        futures: &[Future],
        effects: &Effects,
        view: View<'_>,
        scene: &Scene,
        session: &Session,
    ) -> Self {
        let mut gone = Self::default();
        let counts = |file: &FileRef<'_>| {
            file.flags().has(FileFlags::TRACKED)
                && !matches!(file.class(), FileClass::Generated | FileClass::Vendored)
                && !session.made(file.path())
                && scene.root.join(file.path()).symlink_metadata().is_ok()
        };
        for path in effects.iter().filter_map(place) {
            let Some(inside) = call::inside(path, scene) else { continue };
            let inside = inside.trim_end_matches('/');
            let mut below =
                view.file(inside).into_iter().chain(view.files_under(inside)).filter(counts);
            if path.ends_with('/') {
                gone.vague.extend(below.next().map(|_| inside.to_owned()));
            } else {
                gone.files.extend(below.take(LOOKED_MAX + 1).map(|file| file.path().to_owned()));
            }
        }
        // A file that is written anew at its old place is still there.
        for future in futures.iter().filter(|future| future.after.is_some()) {
            gone.files.remove(future.path.as_str());
        }
        let deleted = futures.iter().filter(|future| future.after.is_none());
        let files = deleted.filter_map(|future| view.file(future.path.as_str())).filter(counts);
        gone.files.extend(files.map(|file| file.path().to_owned()));
        gone
    }
}

/// Looks into everything that would go.
pub(super) fn look(
    (futures, effects): (&[Future], &Effects),
    rewritten: &Rewritten,
    index: &Layers,
    scene: &Scene,
    session: &Session,
    found: &mut Found,
) {
    let gone = Gone::of(futures, effects, index.view(), scene, session);
    found.looked_into = true;
    if let Some(folder) = gone.vague.first() {
        let message = format!("it cannot be told which tracked files below `{folder}` would go");
        found.judged.push((Severity::Error, reason(message, "name the files".to_owned())));
    }
    if gone.files.is_empty() {
        return;
    }
    let written = futures.iter().filter(|future| future.after.is_some());
    let before = Laid::new(written, index, scene);
    let mut after = Laid::new(futures.iter(), index, scene);
    gone.files.iter().for_each(|path| after.delete(path));
    let more = gone.files.iter().any(|path| !futures.iter().any(|one| one.path.as_str() == path));
    if more && gone.files.len() <= FILES_MAX {
        let more = judge::by_result(&after, rewritten);
        let fresh: Vec<_> = more.into_iter().filter(|one| !found.findings.contains(one)).collect();
        found.findings.extend(fresh);
    }
    let known = references(before.view(), after.view(), &gone.files);
    let (told, unsure): (Vec<Reference>, Vec<Reference>) = known
        .into_iter()
        .filter(|one| !rewritten.holds(&one.path))
        .partition(|_| !rewritten.anything);
    let homework = Homework { gone: &gone.files, scene, session, view: before.view() };
    let known = homework.gather(told, unsure, rewritten);
    found.dossiers.extend(homework.record(&known));
    homework.answer(&known, found);
}

/// What is asked about the files that would go.
struct Homework<'a> {
    gone: &'a BTreeSet<String>,
    scene: &'a Scene,
    session: &'a Session,
    view: View<'a>,
}

/// What was found out.
struct Known {
    /// What surely refers to the files.
    told: Vec<Reference>,
    /// What may, and the session has not looked for.
    unsure: Vec<Reference>,
    /// Why the users of a file cannot be told.
    unknown: BTreeSet<String>,
    past: Option<Past>,
}

impl Homework<'_> {
    /// Gathers what can be known of the files. Where something surely refers to them, or a person
    /// decides anyway, nobody need look for more.
    fn gather(&self, told: Vec<Reference>, unsure: Vec<Reference>, rewritten: &Rewritten) -> Known {
        let git = Git::discover(&self.scene.root).ok().flatten();
        let paths: Vec<&str> = self.gone.iter().take(FILES_MAX).map(String::as_str).collect();
        let past = git.as_ref().and_then(|git| git.past(&self.scene.root, &paths, GIT_WAIT));
        let unsearched = self.gone.iter().filter(|path| !self.was_searched(path));
        let mut unknown: BTreeSet<String> =
            unsearched.clone().filter_map(|path| unsearched_by_index(path)).collect();
        let mut unsure = unsure;
        if told.is_empty() && self.gone.len() <= FILES_MAX {
            match git.as_ref().and_then(|git| self.mentions(git)) {
                Some(mentions) => {
                    unsure.extend(mentions.into_iter().filter(|one| !rewritten.holds(&one.path)));
                }
                None if unsearched.count() == 0 => {}
                None => {
                    unknown.insert("the texts of the tree were not searched in time".to_owned());
                }
            }
        }
        unsure.retain(|one| !self.was_searched(&one.to));
        Known { told, unsure, unknown, past }
    }

    /// What follows from it: a denial, a question, or nothing.
    fn answer(&self, known: &Known, found: &mut Found) {
        let history = known.past.as_ref().map_or_else(String::new, history);
        let first = self.gone.first().map_or("", String::as_str);
        let why: Vec<&str> = known.unknown.iter().map(String::as_str).collect();
        let (message, help) = if !known.told.is_empty() {
            found.findings.retain(|finding| !known.tells(&judge::told(finding).message));
            found.judged.retain(|(_, other)| !known.tells(&other.message));
            found.judged.splice(0..0, self.used(known, &history));
            return;
        } else if self.gone.len() > FILES_MAX {
            let message = format!("{} tracked files would go at once{history}", self.count());
            (message, format!("delete fewer at a time; {}", self.way_back("PATH")))
        } else if let Some(first) = known.unsure.first() {
            let unsure: Vec<&Reference> = known.unsure.iter().collect();
            let (named, places) = (self.named(&first.to), listed(&unsure));
            let message = format!("{named} may still be used: {places}{history}");
            (message, self.search_first(&first.to))
        } else if !why.is_empty() {
            let why = why.join(", ");
            let message = format!("who uses {} cannot be told: {why}{history}", self.named(first));
            (message, self.search_first(first))
        } else {
            return;
        };
        found.asked.push(reason(message, help));
    }

    /// What is still used: documents, and all other files.
    fn used(&self, known: &Known, history: &str) -> Vec<(Severity, Reason)> {
        let is_document = |one: &&Reference| doc_move_safe::is_document(&one.to, self.view);
        let (documents, others): (Vec<&Reference>, Vec<&Reference>) =
            known.told.iter().partition(is_document);
        let mut said = Vec::new();
        if let Some(first) = others.first() {
            let (named, places) = (self.named(&first.to), listed(&others));
            let help =
                format!("change what is named in the same call; {}", self.way_back(&first.to));
            let message = format!("{named} is still used: {places}{history}");
            said.push((Severity::Error, reason(message, help)));
        }
        if let Some(first) = documents.first() {
            let (named, places) = (self.named(&first.to), listed(&documents));
            let help = format!(
                "change the links in the same call or before it, or leave a file at the old place \
                 that says where it went; {}",
                self.way_back(&first.to)
            );
            let message = format!("{named} is still linked to: {places}{history}");
            let control = doc_move_safe::GUARD.name;
            let severity = doc_move_safe::GUARD.severity;
            said.push((severity, Reason { control, message, help }));
        }
        said
    }

    /// Whether the session has looked for the file's name or its path.
    fn was_searched(&self, path: &str) -> bool {
        let stem = stem(path).to_lowercase();
        let lower = path.to_lowercase();
        self.session.searches().any(|search| {
            search.contains(&lower)
                || stem.chars().count() >= STEM_CHARS_MIN && search.contains(&stem)
        })
    }

    /// Lines of the tree that name a file; nothing where they could not be gathered.
    fn mentions(&self, git: &Git) -> Option<Vec<Reference>> {
        let needles: Vec<Needles> = self.gone.iter().map(|path| Needles::of(path)).collect();
        let texts: BTreeSet<&str> = needles.iter().flat_map(Needles::texts).collect();
        let lines = git.lines(&self.scene.root, &Vec::from_iter(texts), GIT_WAIT)?;
        let mut found = Vec::new();
        for line in lines.iter().filter(|line| !self.gone.contains(&line.path)) {
            let named = needles.iter().find(|one| one.meant(&line.path, &line.text, self.view));
            found.extend(named.map(|one| Reference {
                path: line.path.clone(),
                line: line.number,
                to: one.path().to_owned(),
            }));
        }
        Some(found)
    }

    fn named(&self, path: &str) -> String {
        match self.gone.len() {
            1 => format!("`{path}`"),
            count => format!("`{path}`, one of {count} files,"),
        }
    }

    fn count(&self) -> String {
        if self.gone.len() > LOOKED_MAX {
            format!("more than {LOOKED_MAX}")
        } else {
            self.gone.len().to_string()
        }
    }

    fn search_first(&self, path: &str) -> String {
        format!("search for `{}`, then delete it; {}", stem(path), self.way_back(path))
    }

    fn way_back(&self, path: &str) -> String {
        format!("`{}` brings it back", restore(self.scene, path))
    }

    /// What was found out, one entry for each file.
    fn record(&self, known: &Known) -> Vec<Map> {
        let places = |all: &[Reference], path: &str| -> Value {
            let of = all.iter().filter(|one| one.to == path).take(RECORDED_MAX);
            Value::List(of.map(|one| format!("{}:{}", one.path, one.line).into()).collect())
        };
        let entry = |path: &String| {
            let mut map = BTreeMap::from([
                ("path".to_owned(), path.as_str().into()),
                ("references".to_owned(), places(&known.told, path)),
                ("mentions".to_owned(), places(&known.unsure, path)),
                ("restore".to_owned(), restore(self.scene, path).into()),
            ]);
            let unknown = known.unknown.iter().map(|what| what.as_str().into()).collect();
            map.insert("unsearched".to_owned(), Value::List(unknown));
            if let Some(past) = &known.past {
                map.insert("history".to_owned(), state::redacted(&history(past)).into());
            }
            map
        };
        self.gone.iter().take(RECORDED_MAX).map(entry).collect()
    }
}

impl Known {
    /// Whether a finding speaks of a place that is named anyway.
    fn tells(&self, message: &str) -> bool {
        self.told.iter().any(|one| message.starts_with(&format!("{}:{}:", one.path, one.line)))
    }
}

/// Why the index cannot tell who uses a file, by its language.
fn unsearched_by_index(path: &str) -> Option<String> {
    Some(format!("the index does not follow {}", unsearched(path)?))
}

fn reason(message: String, help: String) -> Reason {
    Reason { control: GUARD.name, message, help }
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.split('.').next() {
        Some("" | "__init__" | "index" | "mod") | None => path,
        Some(stem) => stem,
    }
}

/// The first references in words.
fn listed(all: &[&Reference]) -> String {
    let places: Vec<String> =
        all.iter().take(NAMED_MAX).map(|one| format!("{}:{}", one.path, one.line)).collect();
    let more = all.len().saturating_sub(NAMED_MAX);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    places.join(", ") + &rest
}

fn history(past: &Past) -> String {
    let Past { commits, hash, day, author, subject } = past;
    match commits {
        0 => String::new(),
        1 => format!("; 1 commit, {hash} of {day} by {author}: {subject}"),
        count => format!("; {count} commits, the last {hash} of {day} by {author}: {subject}"),
    }
}

/// The command that brings a file back.
fn restore(scene: &Scene, path: &str) -> String {
    let head: String = state::head(&scene.root).chars().take(12).collect();
    let plain = path.chars().all(|c| c.is_alphanumeric() || "/._-+@".contains(c));
    if plain {
        format!("git restore --source={head} -- {path}")
    } else {
        format!("git restore --source={head} -- '{}'", path.replace('\'', "'\\''"))
    }
}

/// Warns of tracked files of which most would go.
pub(super) fn overwrites(
    futures: &[Future],
    laid: &Laid<'_>,
    scene: &Scene,
    session: &Session,
    found: &mut Found,
) {
    let view = laid.index.view();
    for future in futures {
        let Some(after) = &future.after else { continue };
        let path = future.path.as_str();
        let Some(file) = view.file(path).filter(|file| file.flags().has(FileFlags::TRACKED)) else {
            continue;
        };
        let kept = matches!(file.class(), FileClass::Production | FileClass::Test | FileClass::Doc);
        if !kept || session.made(path) {
            continue;
        }
        let Ok(before) = read_up_to(&scene.root.join(path), READ_MAX) else { continue };
        if let Some(lost) = lost(&before, after) {
            let message = format!("{lost} % of the lines of `{path}` would go");
            let help = format!("`{}` brings the old content back", restore(scene, path));
            found.judged.push((Severity::Warn, reason(message, help)));
        }
    }
}

/// How many of the lines are no longer there, in hundredths, where it is most of them.
fn lost(before: &[u8], after: &[u8]) -> Option<usize> {
    let lines = |bytes| std::str::from_utf8(bytes).ok();
    let (before, after) = (lines(before)?, lines(after)?);
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for line in after.lines().map(str::trim) {
        *left.entry(line).or_insert(0) += 1;
    }
    let (mut all, mut gone) = (0, 0);
    for line in before.lines().map(str::trim).filter(|line| !line.is_empty()) {
        all += 1;
        match left.get_mut(line) {
            Some(count) if *count > 0 => *count -= 1,
            _ => gone += 1,
        }
    }
    let share = gone * 100 / all.max(1);
    (all >= LINES_MIN && share >= LOST_MIN).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::lost;

    #[test]
    fn what_is_lost_is_counted_in_lines() {
        let before: String = (0..30).map(|number| format!("line {number}\n")).collect();
        let kept = |count: usize| -> String {
            before.lines().take(count).map(|line| format!("  {line}\n")).collect()
        };
        assert_eq!(lost(before.as_bytes(), b""), Some(100));
        assert_eq!(lost(before.as_bytes(), kept(12).as_bytes()), Some(60));
        assert_eq!(lost(before.as_bytes(), kept(13).as_bytes()), None);
        assert_eq!(lost(kept(19).as_bytes(), b""), None);
        assert_eq!(lost(b"\xff", b""), None);
    }
}
