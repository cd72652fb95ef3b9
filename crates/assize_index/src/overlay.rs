//! The overlay: files that changed since the snapshot, or that someone only wants to write.

use std::collections::BTreeMap;

use assize_syntax::{FactKind, Role};

use crate::IndexedFile;
use crate::snapshot::tail;

/// Where a fact of the overlay stands: its file's path and its position there.
pub(crate) type Spot = (String, usize);

/// Changed, added and deleted files. A rename is a deletion and an addition.
#[derive(Debug, Default, Clone)]
pub struct Overlay {
    files: BTreeMap<String, Option<IndexedFile>>,
    keys: BTreeMap<(FactKind, Role, String), Vec<Spot>>,
    tails: BTreeMap<(FactKind, String), Vec<Spot>>,
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
        self.forget(&path);
        for (position, fact) in file.facts.iter().enumerate() {
            let spot = (path.clone(), position);
            let key = (fact.kind, fact.role, fact.key.clone());
            self.keys.entry(key).or_default().push(spot.clone());
            if fact.role == Role::Reference {
                let key = (fact.kind, tail(fact.kind, &fact.key).to_owned());
                self.tails.entry(key).or_default().push(spot);
            }
        }
        self.files.insert(path, Some(file));
    }

    /// Says that the path is gone.
    pub fn delete(&mut self, path: &str) {
        self.forget(path);
        self.files.insert(path.to_owned(), None);
    }

    fn forget(&mut self, path: &str) {
        let Some(Some(old)) = self.files.remove(path) else { return };
        for fact in &old.facts {
            let key = (fact.kind, fact.role, fact.key.clone());
            if let Some(spots) = self.keys.get_mut(&key) {
                spots.retain(|spot| spot.0 != path);
            }
            let key = (fact.kind, tail(fact.kind, &fact.key).to_owned());
            if let Some(spots) = self.tails.get_mut(&key) {
                spots.retain(|spot| spot.0 != path);
            }
        }
        self.keys.retain(|_, spots| !spots.is_empty());
        self.tails.retain(|_, spots| !spots.is_empty());
    }

    /// The paths that the overlay speaks of, in order; `None` is a deletion.
    pub fn changes(&self) -> impl Iterator<Item = (&str, Option<&IndexedFile>)> {
        self.files.iter().map(|(path, file)| (path.as_str(), file.as_ref()))
    }

    /// Whether the overlay hides the snapshot's facts of this path.
    pub(crate) fn hides(&self, path: &str) -> bool {
        !self.files.is_empty() && self.files.contains_key(path)
    }

    pub(crate) fn file(&self, path: &str) -> Option<&IndexedFile> {
        self.files.get(path)?.as_ref()
    }

    /// Files whose path is not below `start`, in order of path.
    pub(crate) fn files_from(&self, start: String) -> impl Iterator<Item = &IndexedFile> {
        self.files.range(start..).filter_map(|(_, file)| file.as_ref())
    }

    pub(crate) fn keyed(&self, kind: FactKind, role: Role, key: &str) -> &[Spot] {
        if self.keys.is_empty() {
            return &[];
        }
        self.keys.get(&(kind, role, key.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// All spots of a kind and role, in order of key.
    pub(crate) fn of_kind(&self, kind: FactKind, role: Role) -> impl Iterator<Item = &Spot> {
        self.keys
            .range((kind, role, String::new())..)
            .take_while(move |((k, r, _), _)| (*k, *r) == (kind, role))
            .flat_map(|(_, spots)| spots)
    }

    /// The spots of this kind and role whose key starts so, in order of key.
    pub(crate) fn keyed_from(
        &self,
        kind: FactKind,
        role: Role,
        prefix: &str,
    ) -> impl Iterator<Item = &Spot> {
        self.keys
            .range((kind, role, prefix.to_owned())..)
            .take_while(move |((k, r, key), _)| (*k, *r) == (kind, role) && key.starts_with(prefix))
            .flat_map(|(_, spots)| spots)
    }

    pub(crate) fn tailed(&self, kind: FactKind, tail: &str) -> &[Spot] {
        if self.tails.is_empty() {
            return &[];
        }
        self.tails.get(&(kind, tail.to_owned())).map_or(&[], Vec::as_slice)
    }
}
