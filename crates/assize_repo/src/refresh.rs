//! Keeping the index fresh: only files whose metadata changed are read again.

use std::collections::BTreeSet;
use std::io::{Error, ErrorKind, Read as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use assize_index::{
    Classifier, FileRecord, FileRef, FileStamp, Head, IndexedFile, Layers, Overlay, Snapshot,
    SnapshotError, SnapshotWriter, View,
};
use assize_model::{FileClass, Problem, ProblemKind, RepoPath};
use assize_syntax::{Dialect, FileFlags, Parsed};
use rayon::prelude::*;

use crate::reading::{Links, open};
use crate::status::{Base, stamp_of};
use crate::{CONFIG_NAME, Cache, CacheError, Entry, EntryKind, FileSet};

/// A file above this size is not read: no source file is that large.
pub const READ_MAX: u64 = 16 << 20;
/// The bytes in which a file's head is looked for.
const HEAD_BYTES: usize = 4096;
/// Larger texts are not searched for the folders that they mention.
const MENTIONS_BYTES_MAX: u64 = 1 << 20;
/// A file changed this shortly before the snapshot was written may change again without a new
/// time stamp: it is read anew (git's rule for racy files).
const RACY_NS: i64 = 2_000_000_000;

/// How bytes become an indexed file; given by the caller, so that this crate knows no control.
pub type Intake<'a> =
    &'a (dyn Fn(&RepoPath, FileClass, &[u8], FileStamp, u32) -> IndexedFile + Sync);

/// What the index of a repository depends on.
#[expect(missing_debug_implementations, reason = "it holds closures of the caller")]
pub struct IndexRequest<'a> {
    pub files: &'a FileSet,
    /// Hash of the engine's version and of everything in the configuration that facts depend on.
    pub tag: [u8; 32],
    pub cache: Option<&'a Cache>,
    /// The index as it was kept.
    pub known: Option<Layers>,
    pub intake: Intake<'a>,
    /// The class that the configuration gives to a path.
    pub class_of: &'a (dyn Fn(&RepoPath) -> Option<FileClass> + Sync),
    /// Called with (done, all) while files are read.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
}

/// A fresh index.
#[derive(Debug)]
pub struct Indexed {
    pub layers: Layers,
    /// What could not be listed, read or kept.
    pub problems: Vec<Problem>,
    /// Bytes of all files.
    pub bytes: u64,
    /// The index before, if there was one, and the files that were read or are gone since.
    pub previous: Option<(Layers, Vec<String>)>,
}

/// Brings the index up to date.
pub fn refresh(request: &IndexRequest<'_>) -> Indexed {
    let set = request.files;
    let mut problems = set.problems.clone();
    let old = request.known.as_ref().map(Layers::view);
    let base = Base::of(&set.folder);
    let looks: Vec<Look<'_>> =
        set.entries.par_iter().filter_map(|entry| Look::at(entry, &base, old)).collect();
    let bytes = looks.iter().map(|look| look.seen.stamp.size).sum();
    let gone = gone(&looks, old);
    let classes = Classes::of(request, &looks, &gone);
    let fresh: Vec<&Look<'_>> = looks.par_iter().filter(|look| !classes.hold(look)).collect();
    let known = request.known.clone();
    if let Some(layers) = known.clone().filter(|_| fresh.is_empty() && gone.is_empty()) {
        keep_watch(request, &layers);
        return Indexed { layers, problems, bytes, previous: None };
    }
    let read = gather(request, &fresh, &classes);
    let changed = fresh.iter().map(|look| look.entry.path.as_str());
    let changed = changed.chain(gone.iter().copied()).map(str::to_owned).collect();
    let layers = layers(request, read, &gone).unwrap_or_else(|error| {
        let message = error.to_string();
        problems.push(Problem { path: RepoPath::root(), kind: ProblemKind::Cache, message });
        Layers::over(Arc::new(Snapshot::empty()))
    });
    if let Err(error) = keep(request, &layers) {
        let message = error.to_string();
        problems.push(Problem { path: RepoPath::root(), kind: ProblemKind::Cache, message });
    }
    keep_watch(request, &layers);
    Indexed { layers, problems, bytes, previous: known.map(|known| (known, changed)) }
}

/// The files of the old index that are on the list no more.
fn gone<'a>(looks: &[Look<'_>], old: Option<View<'a>>) -> Vec<&'a str> {
    let Some(old) = old else { return Vec::new() };
    if looks.iter().filter(|look| look.known.is_some()).count() == old.file_count() {
        return Vec::new();
    }
    let listed: BTreeSet<&str> = looks.iter().map(|look| look.entry.path.as_str()).collect();
    old.files().map(|file| file.path()).filter(|path| !listed.contains(path)).collect()
}

/// The known index with these files over it, or a new one.
fn layers(
    request: &IndexRequest<'_>,
    read: Vec<IndexedFile>,
    gone: &[&str],
) -> Result<Layers, SnapshotError> {
    let none = Overlay::new();
    let known = request.known.as_ref();
    let mut changes = known.map_or(&none, Layers::changes).clone();
    read.into_iter().for_each(|file| changes.put(file));
    gone.iter().for_each(|path| changes.delete(path));
    if let Some(layers) = known.and_then(|known| known.changed(&changes)) {
        return Ok(layers);
    }
    let nothing = Snapshot::empty();
    let base = known.map_or(&nothing, |known| known.base());
    let bytes = SnapshotWriter::write(View::new(base, &changes).files().collect(), &request.tag)?;
    Ok(Layers::over(Arc::new(Snapshot::open(Box::new(bytes), &request.tag)?)))
}

fn keep(request: &IndexRequest<'_>, layers: &Layers) -> Result<(), CacheError> {
    let Some(cache) = request.cache else { return Ok(()) };
    let known = request.known.as_ref();
    let is_new = known.is_none_or(|known| !Arc::ptr_eq(known.base(), layers.base()));
    cache.replace(&layers.encode(&request.tag), is_new.then(|| &**layers.base()))
}

/// Keeps what the list of files rests on, for the index that now has these files.
fn keep_watch(request: &IndexRequest<'_>, layers: &Layers) {
    let watch = request.files.watch.as_ref();
    // What was taken from the kept index still stands there, unless the index is another one now.
    let known = request.known.as_ref().map(Layers::identity);
    let watch = watch.filter(|watch| !watch.held || known != Some(layers.identity()));
    if let (Some(cache), Some(watch)) = (request.cache, watch) {
        watch.keep(cache, &layers.identity());
    }
}

/// The files that are read anew, in the order of the list.
fn gather(
    request: &IndexRequest<'_>,
    fresh: &[&Look<'_>],
    classes: &Classes<'_>,
) -> Vec<IndexedFile> {
    let done = AtomicUsize::new(0);
    fresh
        .par_iter()
        .with_max_len(16)
        .map(|look| {
            let file = read(request, look, classes);
            let count = done.fetch_add(1, Ordering::Relaxed) + 1;
            (request.progress)(count, fresh.len());
            file
        })
        .collect()
}

/// What decides the classes of these files, or of one of them.
fn classifier(entries: &[Entry], of: Option<&RepoPath>) -> Classifier {
    let paths = entries.iter().map(|entry| &entry.path);
    let concerned = paths.filter(|path| of.is_none_or(|of| Classifier::concerns(path, of)));
    let text = |entry: &Entry| {
        let bytes = crate::read_up_to(&entry.disk, MENTIONS_BYTES_MAX).ok()?;
        String::from_utf8(bytes).ok()
    };
    let mut files = entries.iter().filter(|entry| entry.kind == EntryKind::File);
    let attributes = files.clone().find(|entry| entry.path.as_str() == Classifier::ATTRIBUTES);
    let mentions = || {
        let told = files.by_ref().filter(|entry| Classifier::mentions_folders(&entry.path));
        told.filter_map(text).collect()
    };
    Classifier::new(concerned, mentions, attributes.and_then(text).as_deref())
}

/// The stamp of what is known by name only: in another repository, left out by a sparse checkout,
/// or behind a closed folder.
pub(crate) const UNSEEN: FileStamp =
    FileStamp { size: 0, modified_ns: -1, changed_ns: -1, inode: 0 };

/// What the disk says of an entry without its content.
struct Seen {
    stamp: FileStamp,
    flags: u32,
    problem: Option<(ProblemKind, String)>,
}

/// An entry as it is, and as the old index knew it.
struct Look<'a> {
    entry: &'a Entry,
    seen: Seen,
    known: Option<FileRef<'a>>,
    /// Whether the old record still holds, whatever its class is now.
    holds: bool,
}

impl<'a> Look<'a> {
    /// Nothing where the entry is gone.
    fn at(entry: &'a Entry, base: &Base, old: Option<View<'a>>) -> Option<Self> {
        let seen = look(entry, base)?;
        let known = old.and_then(|view| view.file(entry.path.as_str()));
        let holds = known.is_some_and(|file| {
            same_problem(file.problem(), seen.problem.as_ref())
                && still_holds(file, seen.stamp, seen.flags)
        });
        Some(Self { entry, seen, known, holds })
    }
}

/// Of so few files each is classified by what stands above it alone.
const FEW: usize = 8;

/// Of what class files are.
struct Classes<'a> {
    request: &'a IndexRequest<'a>,
    /// Nothing changed on which the class of another file rests.
    settled: bool,
    /// How many files are read anew at least.
    fresh: usize,
    /// Made when somebody asks.
    classifier: OnceLock<Classifier>,
}

impl<'a> Classes<'a> {
    fn of(request: &'a IndexRequest<'a>, looks: &[Look<'_>], gone: &[&str]) -> Self {
        let rests = |path: &RepoPath| path.name() == CONFIG_NAME || Classifier::rests_on(path);
        // What a link leads to changes without a trace in the link.
        let leads =
            |entry: &Entry| entry.kind == EntryKind::Link && entry.path.name() == CONFIG_NAME;
        let may_differ = |look: &Look<'_>| !look.holds && rests(&look.entry.path);
        let settled = request.known.is_some()
            && !looks.iter().any(|look| may_differ(look) || leads(look.entry))
            && !gone.iter().any(|path| RepoPath::new(path).map_or(true, |path| rests(&path)));
        let fresh = looks.iter().filter(|look| !look.holds).count();
        Self { request, settled, fresh, classifier: OnceLock::new() }
    }

    fn hold(&self, look: &Look<'_>) -> bool {
        let same = |file: FileRef<'_>| file.class() == self.class(look, head_of(file));
        look.holds && (self.settled || look.known.is_some_and(same))
    }

    fn class(&self, look: &Look<'_>, head: Head) -> FileClass {
        let (entry, request) = (look.entry, self.request);
        let known = look.known.filter(|file| {
            self.settled
                && head_of(*file) == head
                && file.flags().has(FileFlags::TRACKED) == entry.tracked
        });
        if let Some(known) = known {
            return known.class();
        }
        (request.class_of)(&entry.path).unwrap_or_else(|| {
            let entries = &request.files.entries;
            if self.settled && self.fresh <= FEW {
                let alone = classifier(entries, Some(&entry.path));
                return alone.class(&entry.path, head, entry.tracked);
            }
            let classifier = self.classifier.get_or_init(|| classifier(entries, None));
            classifier.class(&entry.path, head, entry.tracked)
        })
    }
}

/// Looks at an entry; `None` when it is gone.
fn look(entry: &Entry, base: &Base) -> Option<Seen> {
    let flags = if entry.tracked { FileFlags::TRACKED } else { 0 };
    let status = match base.status(entry) {
        Ok(status) => status,
        Err(error) => return look_at_none(entry, flags, &error),
    };
    let mut seen = Seen { stamp: status.stamp, flags, problem: None };
    if status.kind.is_dir() {
        seen.flags |= FileFlags::GIT_LINK;
        seen.stamp.size = 0;
    } else if status.kind.is_symlink() {
        seen.flags |= FileFlags::LINK;
        seen.stamp.size = 0;
        seen.problem = link_problem(entry);
    } else if !status.kind.is_file() {
        let words = "neither a file nor a folder: it was not read".to_owned();
        seen.problem = Some((ProblemKind::NotRegular, words));
    } else {
        if status.can_run {
            seen.flags |= FileFlags::EXECUTABLE;
        }
        if status.stamp.size > READ_MAX {
            let size = status.stamp.size;
            let words = format!("{size} bytes; files above {} MiB are not read", READ_MAX >> 20);
            seen.problem = Some((ProblemKind::TooLarge, words));
        }
    }
    Some(seen)
}

fn look_at_none(entry: &Entry, flags: u32, error: &Error) -> Option<Seen> {
    let seen = |flags, problem| Some(Seen { stamp: UNSEEN, flags, problem });
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => match entry.kind {
            EntryKind::GitLink | EntryKind::Sparse => seen(flags | FileFlags::GIT_LINK, None),
            EntryKind::File | EntryKind::Link => None,
        },
        _ => seen(flags, Some((ProblemKind::Unreadable, error.to_string()))),
    }
}

/// Whether the old record's problem is the one seen now, or one that follows from the content.
fn same_problem(old: Option<(ProblemKind, &str)>, now: Option<&(ProblemKind, String)>) -> bool {
    match (old, now) {
        (None, None) => true,
        (Some((kind, _)), None) => {
            matches!(kind, ProblemKind::NotUtf8 | ProblemKind::TooDeep | ProblemKind::Panic)
        }
        (None, Some(_)) => false,
        (Some((kind, words)), Some(now)) => kind == now.0 && words == now.1,
    }
}

fn head_of(file: FileRef<'_>) -> Head {
    let flags = file.flags();
    Head {
        generated: flags.has(FileFlags::SAYS_GENERATED),
        code: flags.has(FileFlags::TEST_SUPPORT),
    }
}

const OUTSIDE: u32 =
    FileFlags::TRACKED | FileFlags::LINK | FileFlags::GIT_LINK | FileFlags::EXECUTABLE;

fn still_holds(file: FileRef<'_>, stamp: FileStamp, flags: u32) -> bool {
    file.stamp() == stamp && stamp.modified_ns != 0 && file.flags().0 & OUTSIDE == flags
}

fn link_problem(entry: &Entry) -> Option<(ProblemKind, String)> {
    let error = std::fs::metadata(&entry.disk).err()?;
    Some(match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => {
            (ProblemKind::DanglingLink, "the link points to nothing".to_owned())
        }
        _ if error.raw_os_error() == Some(libc::ELOOP) => {
            (ProblemKind::LinkLoop, "the link leads back to itself".to_owned())
        }
        _ => (ProblemKind::Unreadable, error.to_string()),
    })
}

fn read(request: &IndexRequest<'_>, look: &Look<'_>, classes: &Classes<'_>) -> IndexedFile {
    let Look { entry, seen, .. } = look;
    let bare = |problem: Option<(ProblemKind, String)>| IndexedFile {
        record: FileRecord {
            path: entry.path.clone(),
            class: classes.class(look, Head::default()),
            dialect: Dialect::Other,
            parsed: Parsed::NotParsed,
            flags: FileFlags(seen.flags),
            stamp: seen.stamp,
            hash: [0; 16],
            problem,
        },
        facts: Vec::new(),
        findings: Vec::new(),
    };
    if seen.flags & FileFlags::LINK != 0
        && let Ok(target) = std::fs::read_link(&entry.disk)
    {
        let class = classes.class(look, Head::default());
        let target = target.as_os_str().as_encoded_bytes();
        let mut file = (request.intake)(&entry.path, class, target, seen.stamp, seen.flags);
        file.record.problem.clone_from(&seen.problem);
        return file;
    }
    if seen.problem.is_some() || seen.flags & (FileFlags::LINK | FileFlags::GIT_LINK) != 0 {
        return bare(seen.problem.clone());
    }
    let (bytes, stamp) = match read_steady(entry) {
        Ok(read) => read,
        Err(problem) => return bare(Some(problem)),
    };
    let head = bytes.get(..HEAD_BYTES.min(bytes.len())).unwrap_or(&bytes);
    let head = Head::of(&String::from_utf8_lossy(head));
    let mut flags = seen.flags;
    if head.generated {
        flags |= FileFlags::SAYS_GENERATED;
    }
    if head.code {
        flags |= FileFlags::TEST_SUPPORT;
    }
    let class = classes.class(look, head);
    (request.intake)(&entry.path, class, &bytes, unless_racy(stamp), flags)
}

/// Reads a file whose metadata is the same before and after; tries twice.
fn read_steady(entry: &Entry) -> Result<(Vec<u8>, FileStamp), (ProblemKind, String)> {
    let unreadable = |error: Error| match error.kind() {
        ErrorKind::NotFound => {
            (ProblemKind::Changed, "the file went away before it was read".to_owned())
        }
        _ => (ProblemKind::Unreadable, error.to_string()),
    };
    for _ in 0..2 {
        // It was an ordinary file when it was listed; it need not be one any more.
        let (file, metadata) = open(&entry.disk, Links::Refused).map_err(unreadable)?;
        let before = stamp_of(&metadata);
        let mut bytes = Vec::with_capacity(usize::try_from(before.size).unwrap_or(0).min(1 << 24));
        (&file).take(READ_MAX + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        let after = stamp_of(&file.metadata().map_err(unreadable)?);
        if before == after && bytes.len() as u64 == before.size {
            return Ok((bytes, before));
        }
    }
    Err((ProblemKind::Changed, "the file changed while it was read".to_owned()))
}

/// A stamp that never compares equal for a file that was changed just now.
fn unless_racy(stamp: FileStamp) -> FileStamp {
    unless_racy_since(stamp, now_ns())
}

/// A stamp that never compares equal for what changed after a moment, or shortly before.
pub(crate) fn unless_racy_since(stamp: FileStamp, moment_ns: i64) -> FileStamp {
    if moment_ns.saturating_sub(stamp.modified_ns.max(stamp.changed_ns)) < RACY_NS {
        FileStamp { modified_ns: 0, ..stamp }
    } else {
        stamp
    }
}

pub(crate) fn now_ns() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_nanos()).unwrap_or(i64::MAX)
}
