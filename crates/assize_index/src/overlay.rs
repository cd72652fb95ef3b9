//! The overlay: files that changed since the snapshot, or that someone only wants to write.

use std::sync::{Arc, OnceLock};

use assize_syntax::{Fact, FactKind, Role};

use crate::bytes::narrow;
use crate::snapshot::{Snapshot, tail};
use crate::{FileRef, IndexedFile};

/// Where a fact of the overlay stands: the number of its file, and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    file: u32,
    fact: u32,
}

/// Changed, added and deleted files. A rename is a deletion and an addition.
#[derive(Debug, Default, Clone)]
pub struct Overlay {
    /// In order of path; nothing where the path is gone.
    files: Vec<(String, Option<Arc<IndexedFile>>)>,
    /// Made when somebody asks.
    tables: OnceLock<Tables>,
    /// The files of a snapshot that are hidden, and which snapshot that was.
    hidden: OnceLock<([u8; 32], Vec<u32>)>,
}

/// The facts in the orders in which they are looked for.
#[derive(Debug, Default, Clone)]
struct Tables {
    /// By kind, role and key.
    keys: Vec<Spot>,
    /// References by kind and last segment of the key.
    tails: Vec<Spot>,
}

impl Overlay {
    /// The overlay of no changes.
    pub fn new() -> Self {
        Self::default()
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Puts a file over whatever the snapshot says of its path.
    pub fn put(&mut self, file: IndexedFile) {
        let path = file.record.path.as_str().to_owned();
        self.set(path, Some(Arc::new(file)));
    }

    /// Says that the path is gone.
    pub fn delete(&mut self, path: &str) {
        self.set(path.to_owned(), None);
    }

    /// Lays all changes of another overlay over these.
    pub fn lay(&mut self, other: &Self) {
        for (path, file) in &other.files {
            self.set(path.clone(), file.clone());
        }
    }

    fn set(&mut self, path: String, file: Option<Arc<IndexedFile>>) {
        (self.tables, self.hidden) = (OnceLock::new(), OnceLock::new());
        match self.place(&path) {
            Ok(at) => {
                if let Some(place) = self.files.get_mut(at) {
                    place.1 = file;
                }
            }
            Err(at) => self.files.insert(at, (path, file)),
        }
    }

    fn place(&self, path: &str) -> Result<usize, usize> {
        self.files.binary_search_by(|(other, _)| other.as_str().cmp(path))
    }

    /// The paths that the overlay speaks of, in order; `None` is a deletion.
    pub fn changes(&self) -> impl Iterator<Item = (&str, Option<&IndexedFile>)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file.as_deref()))
    }

    /// Whether the overlay hides the snapshot's facts of this path.
    pub(crate) fn hides(&self, path: &str) -> bool {
        self.place(path).is_ok()
    }

    /// The numbers of a snapshot's files that are hidden, in order.
    pub(crate) fn hidden_in<'a>(&'a self, snapshot: &Snapshot) -> Hidden<'a> {
        let find = || {
            let paths = self.files.iter().map(|(path, _)| path.as_str());
            paths.filter_map(|path| snapshot.find(path)).collect()
        };
        let hash = snapshot.content_hash();
        let (known, numbers) = self.hidden.get_or_init(|| (hash, find()));
        // An overlay may lie over several snapshots, but hardly ever does.
        if *known == hash { Hidden::Known(numbers) } else { Hidden::Found(find()) }
    }

    pub(crate) fn file(&self, path: &str) -> Option<&IndexedFile> {
        let at = self.place(path).ok()?;
        self.files.get(at)?.1.as_deref()
    }

    /// Files whose path is not below `start`, in order of path.
    pub(crate) fn files_from<'a>(
        &'a self,
        start: &str,
    ) -> impl Iterator<Item = &'a IndexedFile> + use<'a> {
        let at = self.files.partition_point(|(path, _)| path.as_str() < start);
        self.files.get(at..).unwrap_or(&[]).iter().filter_map(|(_, file)| file.as_deref())
    }

    /// The file of a spot, and the fact.
    pub(crate) fn at(&self, spot: Spot) -> Option<(&IndexedFile, &Fact)> {
        let file = self.files.get(spot.file as usize)?.1.as_deref()?;
        Some((file, file.facts.get(spot.fact as usize)?))
    }

    pub(crate) fn keyed(&self, kind: FactKind, role: Role, key: &str) -> &[Spot] {
        let from = self.from(kind, role, key);
        from.get(..from.partition_point(|spot| self.head(*spot) <= (kind, role, key)))
            .unwrap_or(&[])
    }

    /// All spots of a kind and role, in order of key.
    pub(crate) fn of_kind(&self, kind: FactKind, role: Role) -> &[Spot] {
        let from = self.from(kind, role, "");
        let end = from.partition_point(|spot| {
            let (other, that, _) = self.head(*spot);
            (other, that) <= (kind, role)
        });
        from.get(..end).unwrap_or(&[])
    }

    /// The spots of this kind and role whose key starts so, in order of key.
    pub(crate) fn keyed_from(
        &self,
        kind: FactKind,
        role: Role,
        prefix: &str,
    ) -> impl Iterator<Item = Spot> {
        let from = self.from(kind, role, prefix).iter().copied();
        from.take_while(move |spot| {
            let (other, that, key) = self.head(*spot);
            (other, that) == (kind, role) && key.starts_with(prefix)
        })
    }

    /// The spots from this key on.
    fn from(&self, kind: FactKind, role: Role, key: &str) -> &[Spot] {
        let keys = &self.tables().keys;
        keys.get(keys.partition_point(|spot| self.head(*spot) < (kind, role, key))..).unwrap_or(&[])
    }

    pub(crate) fn tailed(&self, kind: FactKind, tail: &str) -> &[Spot] {
        let tails = &self.tables().tails;
        let start = tails.partition_point(|spot| self.last(*spot) < (kind, tail));
        let end = tails.partition_point(|spot| self.last(*spot) <= (kind, tail));
        tails.get(start..end).unwrap_or(&[])
    }

    fn head(&self, spot: Spot) -> (FactKind, Role, &str) {
        let fact = self.at(spot).map(|(_, fact)| fact);
        fact.map_or((FactKind::Package, Role::Definition, ""), |fact| {
            (fact.kind, fact.role, fact.key.as_str())
        })
    }

    fn last(&self, spot: Spot) -> (FactKind, &str) {
        let (kind, _, key) = self.head(spot);
        (kind, tail(kind, key))
    }

    fn tables(&self) -> &Tables {
        self.tables.get_or_init(|| {
            let mut tables = Tables::default();
            for (number, (_, file)) in (0..).zip(&self.files) {
                let count = file.as_ref().map_or(0, |file| narrow(file.facts.len()));
                tables.keys.extend((0..count).map(|fact| Spot { file: number, fact }));
            }
            let reference = |spot: &&Spot| self.head(**spot).1 == Role::Reference;
            tables.tails = tables.keys.iter().filter(reference).copied().collect();
            tables.keys.sort_by(|a, b| (self.head(*a), a).cmp(&(self.head(*b), b)));
            tables.tails.sort_by(|a, b| (self.last(*a), a).cmp(&(self.last(*b), b)));
            tables
        })
    }
}

impl<'a> FromIterator<FileRef<'a>> for Overlay {
    fn from_iter<I: IntoIterator<Item = FileRef<'a>>>(files: I) -> Self {
        let mut overlay = Self::new();
        files.into_iter().for_each(|file| overlay.put(file.owned()));
        overlay
    }
}

/// Which files of a snapshot an overlay hides.
pub(crate) enum Hidden<'a> {
    Known(&'a [u32]),
    Found(Vec<u32>),
}

impl Hidden<'_> {
    fn numbers(&self) -> &[u32] {
        match self {
            Self::Known(numbers) => numbers,
            Self::Found(numbers) => numbers,
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.numbers().len()
    }

    pub(crate) fn has(&self, file: u32) -> bool {
        !self.numbers().is_empty() && self.numbers().binary_search(&file).is_ok()
    }
}
