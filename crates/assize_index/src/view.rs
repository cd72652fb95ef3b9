//! The view: snapshot and overlay as one index. The only thing that a control asks.

use std::collections::BTreeSet;

use assize_model::{FileClass, Place, ProblemKind, RepoPath};
use assize_syntax::{Dialect, FactKind, FileFlags, Flags, Parsed, Role};

use crate::overlay::Spot;
use crate::{FileStamp, IndexedFile, LocalFinding, Overlay, Snapshot, segment};

/// Snapshot and overlay together.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    snapshot: &'a Snapshot,
    overlay: &'a Overlay,
}

/// One file of the index.
#[derive(Debug, Clone, Copy)]
pub struct FileRef<'a>(pub(crate) Inner<'a>);

#[derive(Debug, Clone, Copy)]
pub(crate) enum Inner<'a> {
    Kept(&'a Snapshot, u32),
    Laid(&'a IndexedFile),
}

/// One fact of the index and the file in which it stands.
#[derive(Debug, Clone, Copy)]
pub struct FactRef<'a> {
    pub kind: FactKind,
    pub role: Role,
    pub key: &'a str,
    pub value: &'a str,
    pub item: &'a str,
    pub flags: Flags,
    pub number: u32,
    pub place: Place,
    pub file: FileRef<'a>,
}

impl<'a> View<'a> {
    pub fn new(snapshot: &'a Snapshot, overlay: &'a Overlay) -> Self {
        Self { snapshot, overlay }
    }

    /// The file at this path.
    pub fn file(&self, path: &str) -> Option<FileRef<'a>> {
        if self.overlay.hides(path) {
            return self.overlay.file(path).map(|file| FileRef(Inner::Laid(file)));
        }
        self.snapshot.find(path).map(|file| FileRef(Inner::Kept(self.snapshot, file)))
    }

    pub fn is_file(&self, path: &str) -> bool {
        self.file(path).is_some()
    }

    /// Whether a file lies below this folder. The root always exists.
    pub fn is_folder(&self, path: &str) -> bool {
        if path.is_empty() {
            return true;
        }
        let prefix = format!("{path}/");
        let laid = self.overlay.files_from(&prefix).next();
        if laid.is_some_and(|file| file.record.path.as_str().starts_with(&prefix)) {
            return true;
        }
        let hidden = self.overlay.hidden_in(self.snapshot);
        (self.snapshot.first_not_below(&prefix)..self.snapshot.file_count())
            .take_while(|file| self.snapshot.path_starts_with(*file, &prefix))
            .any(|file| !hidden.has(file))
    }

    pub fn exists(&self, path: &str) -> bool {
        self.is_file(path) || self.is_folder(path)
    }

    /// Whether the path lies behind a symbolic link or in another repository: what is there
    /// cannot be known.
    pub fn is_opaque(&self, path: &str) -> bool {
        let mut rest = path;
        loop {
            let opaque = self.file(rest).is_some_and(|file| {
                let flags = file.flags();
                flags.has(FileFlags::LINK) || flags.has(FileFlags::GIT_LINK)
            });
            match rest.rsplit_once('/') {
                _ if opaque => return true,
                Some((folder, _)) => rest = folder,
                None => return false,
            }
        }
    }

    /// How many files there are.
    pub fn file_count(&self) -> usize {
        let laid = self.overlay.changes().filter(|(_, file)| file.is_some()).count();
        let hidden = self.overlay.hidden_in(self.snapshot).count();
        (self.snapshot.file_count() as usize).saturating_sub(hidden).saturating_add(laid)
    }

    /// All files, in order of path.
    pub fn files(&self) -> impl Iterator<Item = FileRef<'a>> + use<'a> {
        self.files_under("")
    }

    /// The files below a folder, in order of path.
    pub fn files_under(&self, folder: &str) -> impl Iterator<Item = FileRef<'a>> + use<'a> {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        self.files_starting_with(&prefix)
    }

    /// The files whose path begins with this text, in order of path.
    pub fn files_starting_with(&self, prefix: &str) -> impl Iterator<Item = FileRef<'a>> + use<'a> {
        let prefix = prefix.to_owned();
        let (snapshot, overlay) = (self.snapshot, self.overlay);
        let start = snapshot.first_not_below(&prefix);
        let below = prefix.clone();
        let hidden = overlay.hidden_in(snapshot);
        let mut kept = (start..snapshot.file_count())
            .take_while(move |file| snapshot.path_starts_with(*file, &below))
            .filter(move |file| !hidden.has(*file))
            .map(move |file| FileRef(Inner::Kept(snapshot, file)))
            .peekable();
        let mut laid = overlay
            .files_from(&prefix)
            .take_while(move |file| file.record.path.as_str().starts_with(&prefix))
            .map(|file| FileRef(Inner::Laid(file)))
            .peekable();
        std::iter::from_fn(move || match (kept.peek(), laid.peek()) {
            (Some(k), Some(l)) if k.path() < l.path() => kept.next(),
            (Some(_), None) => kept.next(),
            _ => laid.next(),
        })
    }

    /// Files with this base name, in order of path.
    pub fn files_named(&self, name: &str) -> Vec<FileRef<'a>> {
        let snapshot = self.snapshot;
        let hidden = self.overlay.hidden_in(snapshot);
        let mut files: Vec<FileRef<'a>> = snapshot
            .named(name)
            .filter(|file| !hidden.has(*file))
            .map(|file| FileRef(Inner::Kept(snapshot, file)))
            .collect();
        files.extend(
            self.overlay
                .files_from("")
                .filter(|file| file.record.path.name() == name)
                .map(|file| FileRef(Inner::Laid(file))),
        );
        files.sort_by_key(FileRef::path);
        files
    }

    /// The facts of a kind and role with this key, in order of path.
    pub fn lookup(&self, kind: FactKind, role: Role, key: &str) -> Vec<FactRef<'a>> {
        let laid = self.overlay.keyed(kind, role, key);
        let mut facts: Vec<FactRef<'a>> =
            self.kept(self.snapshot.keyed(kind, role, Some(key))).collect();
        if !laid.is_empty() {
            facts.extend(laid.iter().filter_map(|spot| self.laid(*spot)));
            facts.sort_by(|a, b| (a.file.path(), a.place).cmp(&(b.file.path(), b.place)));
        }
        facts
    }

    /// Whether anything has this kind, role and key.
    pub fn has(&self, kind: FactKind, role: Role, key: &str) -> bool {
        self.kept(self.snapshot.keyed(kind, role, Some(key))).next().is_some()
            || !self.overlay.keyed(kind, role, key).is_empty()
    }

    /// Whether any fact of this kind and role has a key that starts so.
    pub fn any_key_starts_with(&self, kind: FactKind, role: Role, prefix: &str) -> bool {
        self.find_key(kind, role, prefix, |_| true)
    }

    /// Whether any fact of this kind and role, with a key that starts so, is as wanted.
    pub fn find_key(
        &self,
        kind: FactKind,
        role: Role,
        prefix: &str,
        mut wanted: impl FnMut(&FactRef<'a>) -> bool,
    ) -> bool {
        self.kept(self.snapshot.keyed_from(kind, role, prefix))
            .take_while(|fact| fact.key.starts_with(prefix))
            .any(|fact| wanted(&fact))
            || self
                .overlay
                .keyed_from(kind, role, prefix)
                .filter_map(|spot| self.laid(spot))
                .any(|fact| wanted(&fact))
    }

    /// All facts of a kind and role, in order of key, then path.
    pub fn facts(&self, kind: FactKind, role: Role) -> Vec<FactRef<'a>> {
        let mut facts: Vec<FactRef<'a>> =
            self.kept(self.snapshot.keyed(kind, role, None)).collect();
        let before = facts.len();
        facts.extend(self.overlay.of_kind(kind, role).iter().filter_map(|spot| self.laid(*spot)));
        if facts.len() > before {
            facts.sort_by(|a, b| {
                (a.key, a.file.path(), a.place).cmp(&(b.key, b.file.path(), b.place))
            });
        }
        facts
    }

    /// References of a kind whose key ends with this segment: who might mean a changed file.
    pub fn referring(&self, kind: FactKind, tail: &str) -> Vec<FactRef<'a>> {
        let mut facts: Vec<FactRef<'a>> = self.kept(self.snapshot.tailed(kind, tail)).collect();
        facts.extend(self.overlay.tailed(kind, tail).iter().filter_map(|spot| self.laid(*spot)));
        facts
    }

    /// References of a kind whose key fits. Every key of the kind is looked at, so this is for the
    /// rare changes that no segment finds.
    pub fn referring_where(&self, kind: FactKind, fits: impl Fn(&str) -> bool) -> Vec<FactRef<'a>> {
        let snapshot = self.snapshot;
        let mut last: Option<(&str, bool)> = None;
        let fitting = snapshot.keyed(kind, Role::Reference, None).filter(|fact| {
            let key = snapshot.fact_key(*fact);
            // Equal keys stand beside each other.
            match last {
                Some((known, fit)) if known == key => fit,
                _ => {
                    let fit = fits(key);
                    last = Some((key, fit));
                    fit
                }
            }
        });
        let mut facts: Vec<FactRef<'a>> = self.kept(fitting).collect();
        let laid = self.overlay.of_kind(kind, Role::Reference);
        let laid = laid.iter().filter_map(|spot| self.laid(*spot));
        facts.extend(laid.filter(|fact| fits(fact.key)));
        facts
    }

    /// The same where `fits` can only be true of patterns and of keys that have one of these parts:
    /// no other key is looked at.
    pub fn referring_by(
        &self,
        kind: FactKind,
        parts: &BTreeSet<String>,
        fits: impl Fn(&str) -> bool,
    ) -> Vec<FactRef<'a>> {
        let snapshot = self.snapshot;
        if !segment::is_found_by_parts(kind) {
            return self.referring_where(kind, fits);
        }
        let parts = parts.iter().map(String::as_str).chain([segment::PATTERN]);
        // What only shares a hash does not fit, or is of another kind and looked up in vain.
        let keys: BTreeSet<&str> = parts
            .flat_map(|part| snapshot.parted(kind, part))
            .map(|fact| snapshot.fact_key(fact))
            .filter(|key| fits(key))
            .collect();
        let mut facts: Vec<FactRef<'a>> = keys
            .into_iter()
            .flat_map(|key| self.kept(snapshot.keyed(kind, Role::Reference, Some(key))))
            .collect();
        let laid = self.overlay.of_kind(kind, Role::Reference);
        let laid = laid.iter().filter_map(|spot| self.laid(*spot));
        facts.extend(laid.filter(|fact| fits(fact.key)));
        facts
    }

    fn kept<I: Iterator<Item = u32>>(&self, numbers: I) -> impl Iterator<Item = FactRef<'a>> {
        let snapshot = self.snapshot;
        let hidden = self.overlay.hidden_in(snapshot);
        numbers
            .filter(move |fact| !hidden.has(snapshot.fact_file(*fact)))
            .map(move |fact| kept_fact(snapshot, fact))
    }

    fn laid(&self, spot: Spot) -> Option<FactRef<'a>> {
        self.overlay.at(spot).map(|(file, fact)| laid_fact(file, fact))
    }
}

fn kept_fact(snapshot: &Snapshot, fact: u32) -> FactRef<'_> {
    FactRef {
        kind: snapshot.fact_kind(fact),
        role: snapshot.fact_role(fact),
        key: snapshot.fact_key(fact),
        value: snapshot.fact_value(fact),
        item: snapshot.fact_item(fact),
        flags: snapshot.fact_flags(fact),
        number: snapshot.fact_number(fact),
        place: snapshot.fact_place(fact),
        file: FileRef(Inner::Kept(snapshot, snapshot.fact_file(fact))),
    }
}

fn laid_fact<'a>(file: &'a IndexedFile, fact: &'a assize_syntax::Fact) -> FactRef<'a> {
    FactRef {
        kind: fact.kind,
        role: fact.role,
        key: &fact.key,
        value: &fact.value,
        item: &fact.item,
        flags: fact.flags,
        number: fact.number,
        place: fact.place,
        file: FileRef(Inner::Laid(file)),
    }
}

impl<'a> From<&'a IndexedFile> for FileRef<'a> {
    fn from(file: &'a IndexedFile) -> Self {
        Self(Inner::Laid(file))
    }
}

impl<'a> FileRef<'a> {
    pub fn path(&self) -> &'a str {
        match self.0 {
            Inner::Kept(snapshot, file) => snapshot.path(file),
            Inner::Laid(file) => file.record.path.as_str(),
        }
    }

    /// The path as an owned value.
    pub fn repo_path(&self) -> RepoPath {
        match self.0 {
            Inner::Kept(snapshot, file) => snapshot.owned_path(file),
            Inner::Laid(file) => file.record.path.clone(),
        }
    }

    /// The folder that holds the file; the root is the empty text.
    pub fn folder(&self) -> &'a str {
        self.path().rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The last part of the path.
    pub fn name(&self) -> &'a str {
        crate::snapshot::base_name(self.path())
    }

    pub fn class(&self) -> FileClass {
        match self.0 {
            Inner::Kept(snapshot, file) => snapshot.class(file),
            Inner::Laid(file) => file.record.class,
        }
    }

    pub fn dialect(&self) -> Dialect {
        match self.0 {
            Inner::Kept(snapshot, file) => snapshot.dialect(file),
            Inner::Laid(file) => file.record.dialect,
        }
    }

    pub fn parsed(&self) -> Parsed {
        match self.0 {
            Inner::Kept(snapshot, file) => snapshot.parsed(file),
            Inner::Laid(file) => file.record.parsed,
        }
    }

    pub fn flags(&self) -> FileFlags {
        match self.0 {
            Inner::Kept(snapshot, file) => snapshot.flags(file),
            Inner::Laid(file) => file.record.flags,
        }
    }

    pub fn stamp(&self) -> FileStamp {
        match self.0 {
            Inner::Kept(snapshot, file) => snapshot.stamp(file),
            Inner::Laid(file) => file.record.stamp,
        }
    }

    /// The hash of the bytes; zero where the file was not read.
    pub fn hash(&self) -> [u8; 16] {
        match self.0 {
            Inner::Kept(snapshot, file) => snapshot.hash(file),
            Inner::Laid(file) => file.record.hash,
        }
    }

    pub fn problem(&self) -> Option<(ProblemKind, &'a str)> {
        match self.0 {
            Inner::Kept(snapshot, file) => snapshot.problem(file),
            Inner::Laid(file) => {
                file.record.problem.as_ref().map(|(kind, words)| (*kind, words.as_str()))
            }
        }
    }

    /// All facts of the file, in order of place.
    pub fn facts(&self) -> Box<dyn Iterator<Item = FactRef<'a>> + 'a> {
        match self.0 {
            Inner::Kept(snapshot, file) => {
                Box::new(snapshot.facts_of(file).map(move |fact| kept_fact(snapshot, fact)))
            }
            Inner::Laid(file) => Box::new(file.facts.iter().map(move |fact| laid_fact(file, fact))),
        }
    }

    /// The facts of one kind and role, in order of place.
    pub fn facts_of(
        &self,
        kind: FactKind,
        role: Role,
    ) -> impl Iterator<Item = FactRef<'a>> + use<'a> {
        // Most facts are of other kinds: only their heads are read.
        let (kept, laid) = match self.0 {
            Inner::Kept(snapshot, file) => {
                let of = move |fact: &u32| {
                    snapshot.fact_kind(*fact) == kind && snapshot.fact_role(*fact) == role
                };
                let facts = snapshot.facts_of(file).filter(of);
                (Some(facts.map(move |fact| kept_fact(snapshot, fact))), None)
            }
            Inner::Laid(file) => {
                let of = move |fact: &&assize_syntax::Fact| fact.kind == kind && fact.role == role;
                (None, Some(file.facts.iter().filter(of).map(move |fact| laid_fact(file, fact))))
            }
        };
        kept.into_iter().flatten().chain(laid.into_iter().flatten())
    }

    /// The file as owned values, to be written into another snapshot.
    pub fn owned(&self) -> IndexedFile {
        match self.0 {
            Inner::Kept(snapshot, file) => snapshot.owned(file),
            Inner::Laid(file) => file.clone(),
        }
    }

    /// Findings that follow from the file alone.
    pub fn local_findings(&self) -> Vec<LocalFinding> {
        match self.0 {
            Inner::Kept(snapshot, file) => {
                snapshot.findings_of(file).map(|number| snapshot.finding(number)).collect()
            }
            Inner::Laid(file) => file.findings.clone(),
        }
    }
}
