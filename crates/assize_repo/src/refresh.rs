//! Keeping the index fresh: only files whose metadata changed are read again.

use std::fs::Metadata;
use std::io::{Error, ErrorKind, Read as _};
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use assize_index::{
    Classifier, FileRecord, FileRef, FileStamp, Head, IndexedFile, Overlay, Snapshot,
    SnapshotWriter, View,
};
use assize_model::{FileClass, Problem, ProblemKind, RepoPath};
use assize_syntax::{Dialect, FileFlags, Parsed};
use rayon::prelude::*;

use crate::reading::{Links, open};
use crate::{Cache, Entry, EntryKind, FileSet};

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
pub type Intake = fn(&RepoPath, FileClass, &[u8], FileStamp, u32) -> IndexedFile;

/// What the index of a repository depends on.
#[expect(missing_debug_implementations, reason = "it holds closures of the caller")]
pub struct IndexRequest<'a> {
    pub files: &'a FileSet,
    /// Hash of the engine's version and of everything in the configuration that facts depend on.
    pub tag: [u8; 32],
    pub cache: Option<&'a Cache>,
    pub intake: Intake,
    /// The class that the configuration gives to a path.
    pub class_of: &'a (dyn Fn(&RepoPath) -> Option<FileClass> + Sync),
    /// Called with (done, all) while files are read.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
}

/// A fresh index.
#[derive(Debug)]
pub struct Indexed {
    pub snapshot: Snapshot,
    /// What could not be listed, read or kept.
    pub problems: Vec<Problem>,
    /// Bytes of all files.
    pub bytes: u64,
    /// The snapshot before, if there was one, and the files that were read or are gone since.
    pub previous: Option<(Snapshot, Vec<String>)>,
}

/// Brings the index up to date.
pub fn refresh(request: &IndexRequest<'_>) -> Indexed {
    let set = request.files;
    let mut problems = set.problems.clone();
    let known = open_known(request, &mut problems);
    let none = Overlay::new();
    let old = known.as_ref().map(|snapshot| View::new(snapshot, &none));
    if let Some(bytes) = old.and_then(|old| unchanged(set, old)) {
        let snapshot = known.unwrap_or_else(Snapshot::empty);
        return Indexed { snapshot, problems, bytes, previous: None };
    }
    let classifier = classifier(&set.entries);
    let plan: Vec<(&Entry, Plan<'_>)> = set
        .entries
        .par_iter()
        .filter_map(|entry| plan(request, entry, old, &classifier).map(|plan| (entry, plan)))
        .collect();
    let bytes = plan.iter().map(|(_, plan)| plan.stamp.size).sum();
    let to_read = plan.iter().filter(|(_, plan)| plan.kept.is_none()).count();
    let same_paths = known.as_ref().is_some_and(|old| old.file_count() as usize == plan.len());
    if to_read == 0 && same_paths {
        drop(plan);
        let snapshot = known.unwrap_or_else(Snapshot::empty);
        keep_watch(request, &snapshot);
        return Indexed { snapshot, problems, bytes, previous: None };
    }
    let read = gather(request, &plan, to_read, &classifier);
    let changed = changed_paths(&plan, old);
    let kept = plan.iter().filter_map(|(_, plan)| plan.kept);
    let files = kept.chain(read.iter().map(FileRef::from)).collect();
    let snapshot = keep(request, files, &mut problems);
    keep_watch(request, &snapshot);
    drop(plan);
    Indexed { snapshot, problems, bytes, previous: known.map(|known| (known, changed)) }
}

/// The bytes of all files, if the list of them is the old one and each is as the old snapshot has
/// it. Then nothing that says of what class files are has changed either.
fn unchanged(set: &FileSet, old: View<'_>) -> Option<u64> {
    set.watch.as_ref().filter(|watch| watch.held)?;
    set.entries
        .par_iter()
        .map(|entry| {
            let Seen { stamp, flags, problem } = look(entry)?;
            let file = old.file(entry.path.as_str())?;
            let same =
                same_problem(file.problem(), problem.as_ref()) && still_holds(file, stamp, flags);
            same.then_some(stamp.size)
        })
        .try_reduce(|| 0, |one, other| Some(one + other))
}

/// Keeps what the list of files rests on, for the snapshot that now has these files.
fn keep_watch(request: &IndexRequest<'_>, snapshot: &Snapshot) {
    if let (Some(cache), Some(watch)) = (request.cache, &request.files.watch) {
        watch.keep(cache, &snapshot.content_hash());
    }
}

/// The files that are not as the old snapshot has them.
fn changed_paths(plan: &[(&Entry, Plan<'_>)], old: Option<View<'_>>) -> Vec<String> {
    let read = plan
        .iter()
        .filter(|(_, plan)| plan.kept.is_none())
        .map(|(entry, _)| entry.path.as_str().to_owned());
    let listed: std::collections::BTreeSet<&str> =
        plan.iter().map(|(entry, _)| entry.path.as_str()).collect();
    let gone = old
        .into_iter()
        .flat_map(|view| view.files())
        .map(|file| file.path())
        .filter(|path| !listed.contains(path))
        .map(str::to_owned);
    read.chain(gone).collect()
}

/// The files that are read anew, in the order of the plan.
fn gather(
    request: &IndexRequest<'_>,
    plan: &[(&Entry, Plan<'_>)],
    to_read: usize,
    classifier: &Classifier,
) -> Vec<IndexedFile> {
    let done = AtomicUsize::new(0);
    plan.par_iter()
        .with_max_len(16)
        .filter(|(_, plan)| plan.kept.is_none())
        .map(|(entry, plan)| {
            let file = read(request, entry, plan, classifier);
            let count = done.fetch_add(1, Ordering::Relaxed) + 1;
            (request.progress)(count, to_read);
            file
        })
        .collect()
}

fn open_known(request: &IndexRequest<'_>, problems: &mut Vec<Problem>) -> Option<Snapshot> {
    let opened = request.cache?.open(&request.tag)?;
    let sound = opened.and_then(|snapshot| snapshot.verify().map(|()| snapshot));
    match sound {
        Ok(snapshot) => Some(snapshot),
        Err(assize_index::SnapshotError::OtherVersion) => None,
        Err(error) => {
            let message = format!("{error}: it was built anew");
            problems.push(Problem { path: RepoPath::root(), kind: ProblemKind::Cache, message });
            None
        }
    }
}

fn keep(
    request: &IndexRequest<'_>,
    files: Vec<FileRef<'_>>,
    problems: &mut Vec<Problem>,
) -> Snapshot {
    let mut cache_problem = |message: String| {
        problems.push(Problem { path: RepoPath::root(), kind: ProblemKind::Cache, message });
    };
    let bytes = match SnapshotWriter::write(files, &request.tag) {
        Ok(bytes) => bytes,
        Err(error) => {
            cache_problem(error.to_string());
            return Snapshot::empty();
        }
    };
    if let Some(cache) = request.cache
        && let Err(error) = cache.replace(&bytes)
    {
        cache_problem(error.to_string());
    }
    Snapshot::open(Box::new(bytes), &request.tag).unwrap_or_else(|error| {
        cache_problem(error.to_string());
        Snapshot::empty()
    })
}

fn classifier(entries: &[Entry]) -> Classifier {
    let texts: Vec<String> = entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::File && Classifier::mentions_folders(&entry.path))
        .filter_map(|entry| crate::read_up_to(&entry.disk, MENTIONS_BYTES_MAX).ok())
        .filter_map(|bytes| String::from_utf8(bytes).ok())
        .collect();
    let mentions: Vec<&str> = texts.iter().map(String::as_str).collect();
    Classifier::new(entries.iter().map(|entry| &entry.path), &mentions)
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

/// What is to be done with one entry.
struct Plan<'a> {
    stamp: FileStamp,
    flags: u32,
    /// The old record, when it still holds.
    kept: Option<FileRef<'a>>,
    problem: Option<(ProblemKind, String)>,
}

/// Decides whether an entry must be read; `None` when it is gone.
fn plan<'a>(
    request: &IndexRequest<'_>,
    entry: &Entry,
    old: Option<View<'a>>,
    classifier: &Classifier,
) -> Option<Plan<'a>> {
    let Seen { stamp, flags, problem } = look(entry)?;
    let kept = old.and_then(|view| view.file(entry.path.as_str())).filter(|file| {
        same_problem(file.problem(), problem.as_ref())
            && still_holds(*file, stamp, flags)
            && file.class() == class(request, entry, head_of(*file), classifier)
    });
    Some(Plan { stamp, flags, kept, problem })
}

/// Looks at an entry; `None` when it is gone.
fn look(entry: &Entry) -> Option<Seen> {
    let flags = if entry.tracked { FileFlags::TRACKED } else { 0 };
    let metadata = match std::fs::symlink_metadata(&entry.disk) {
        Ok(metadata) => metadata,
        Err(error) => return look_at_none(entry, flags, &error),
    };
    let mut seen = Seen { stamp: stamp_of(&metadata), flags, problem: None };
    if metadata.is_dir() {
        seen.flags |= FileFlags::GIT_LINK;
        seen.stamp.size = 0;
    } else if metadata.file_type().is_symlink() {
        seen.flags |= FileFlags::LINK;
        seen.stamp.size = 0;
        seen.problem = link_problem(entry);
    } else if is_special(&metadata) {
        let words = "neither a file nor a folder: it was not read".to_owned();
        seen.problem = Some((ProblemKind::NotRegular, words));
    } else {
        if metadata.mode() & 0o111 != 0 {
            seen.flags |= FileFlags::EXECUTABLE;
        }
        if metadata.len() > READ_MAX {
            let size = metadata.len();
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

fn class(
    request: &IndexRequest<'_>,
    entry: &Entry,
    head: Head,
    classifier: &Classifier,
) -> FileClass {
    (request.class_of)(&entry.path)
        .unwrap_or_else(|| classifier.class(&entry.path, head, entry.tracked))
}

const OUTSIDE: u32 =
    FileFlags::TRACKED | FileFlags::LINK | FileFlags::GIT_LINK | FileFlags::EXECUTABLE;

fn still_holds(file: FileRef<'_>, stamp: FileStamp, flags: u32) -> bool {
    file.stamp() == stamp && stamp.modified_ns != 0 && file.flags().0 & OUTSIDE == flags
}

pub(crate) fn stamp_of(metadata: &Metadata) -> FileStamp {
    let modified_ns = metadata.mtime() * 1_000_000_000 + metadata.mtime_nsec();
    let changed_ns = metadata.ctime() * 1_000_000_000 + metadata.ctime_nsec();
    FileStamp { size: metadata.len(), modified_ns, changed_ns, inode: metadata.ino() }
}

fn is_special(metadata: &Metadata) -> bool {
    let kind = metadata.file_type();
    kind.is_fifo() || kind.is_socket() || kind.is_block_device() || kind.is_char_device()
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

fn read(
    request: &IndexRequest<'_>,
    entry: &Entry,
    plan: &Plan<'_>,
    classifier: &Classifier,
) -> IndexedFile {
    let bare = |problem: Option<(ProblemKind, String)>| IndexedFile {
        record: FileRecord {
            path: entry.path.clone(),
            class: class(request, entry, Head::default(), classifier),
            dialect: Dialect::Other,
            parsed: Parsed::NotParsed,
            flags: FileFlags(plan.flags),
            stamp: plan.stamp,
            hash: [0; 16],
            problem,
        },
        facts: Vec::new(),
        findings: Vec::new(),
    };
    if plan.problem.is_some() || plan.flags & (FileFlags::LINK | FileFlags::GIT_LINK) != 0 {
        return bare(plan.problem.clone());
    }
    let (bytes, stamp) = match read_steady(entry) {
        Ok(read) => read,
        Err(problem) => return bare(Some(problem)),
    };
    let head = bytes.get(..HEAD_BYTES.min(bytes.len())).unwrap_or(&bytes);
    let head = Head::of(&String::from_utf8_lossy(head));
    let mut flags = plan.flags;
    if head.generated {
        flags |= FileFlags::SAYS_GENERATED;
    }
    if head.code {
        flags |= FileFlags::TEST_SUPPORT;
    }
    let class = class(request, entry, head, classifier);
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
