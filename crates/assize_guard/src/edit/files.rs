//! What changed so far, laid over the files that are there.

use super::{After, FILE_BYTES_MAX, FILES_MAX, Failed, Simulation};
use crate::Place;

/// The files as a step of an action finds them.
pub(super) struct Files<'a> {
    read: &'a dyn Fn(&str) -> Option<Vec<u8>>,
    simulation: Simulation,
}

/// What a step finds at a path.
pub(super) enum Content<T> {
    Known(T),
    Absent,
    Unknown(String),
}

impl<'a> Files<'a> {
    pub(super) fn new(read: &'a dyn Fn(&str) -> Option<Vec<u8>>) -> Self {
        Self { read, simulation: Simulation::default() }
    }

    pub(super) fn into_simulation(self) -> Simulation {
        self.simulation
    }

    pub(super) fn bytes(&self, path: &str) -> Content<Vec<u8>> {
        let bytes = match self.simulation.files.get(path) {
            Some(After::Written(bytes)) => bytes.clone(),
            Some(After::Deleted) => return Content::Absent,
            Some(After::Unknown(why)) => return Content::Unknown(why.clone()),
            None => match (self.read)(path) {
                Some(bytes) => bytes,
                None => return Content::Absent,
            },
        };
        if bytes.len() > FILE_BYTES_MAX {
            return Content::Unknown(too_large());
        }
        Content::Known(bytes)
    }

    pub(super) fn text(&self, path: &str) -> Content<String> {
        match self.bytes(path) {
            Content::Known(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Content::Known(text),
                Err(_) => Content::Unknown("the file is not UTF-8".to_owned()),
            },
            Content::Absent => Content::Absent,
            Content::Unknown(why) => Content::Unknown(why),
        }
    }

    pub(super) fn write(&mut self, path: &str, bytes: Vec<u8>) {
        if bytes.len() > FILE_BYTES_MAX {
            self.put(path, After::Unknown(too_large()));
        } else {
            self.put(path, After::Written(bytes));
        }
    }

    pub(super) fn delete(&mut self, path: &str) {
        self.put(path, After::Deleted);
    }

    /// Deletes what was written so far in a folder.
    pub(super) fn delete_below(&mut self, folder: &str) {
        let folder = folder.trim_end_matches('/');
        for (path, after) in &mut self.simulation.files {
            if path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')) {
                *after = After::Deleted;
            }
        }
    }

    pub(super) fn unknown(&mut self, path: &str, why: impl Into<String>) {
        self.put(path, After::Unknown(why.into()));
    }

    pub(super) fn fail(&mut self, path: Option<&str>, why: impl Into<String>) {
        let path = path.map(str::to_owned);
        self.simulation.failed.push(Failed { path, why: why.into() });
    }

    /// Something changes there, and no file can be named.
    pub(super) fn unplaced(&mut self, place: Place) {
        if !self.simulation.unplaced.contains(&place) {
            self.simulation.unplaced.push(place);
        }
    }

    fn put(&mut self, path: &str, after: After) {
        let files = &mut self.simulation.files;
        if files.len() < FILES_MAX || files.contains_key(path) {
            files.insert(path.to_owned(), after);
        } else {
            self.unplaced(Place::Unknown);
        }
    }
}

/// The reason of every content that is beyond the limit.
pub(super) fn too_large() -> String {
    format!("the file is larger than {FILE_BYTES_MAX} bytes")
}
