//! What a command makes and uses again: texts that it writes, links, and copies of programs.

use std::collections::BTreeMap;

use crate::{Effect, Place};

use super::word::Word;

/// How many files a reading keeps in mind.
const FILES_MAX: usize = 64;
/// How much of what an archive holds is kept in mind.
const PACKED_MAX: usize = 16;
/// Folders of programs: a link or a copy of what lies there is the same program.
const PROGRAMS: [&str; 4] = ["/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/"];

/// The files that the command has made so far.
#[derive(Debug, Default)]
pub(super) struct Made {
    texts: BTreeMap<String, String>,
    /// Links, and what they lead to.
    links: BTreeMap<String, String>,
    /// Archives and copies of streams, and what they hold.
    packs: BTreeMap<String, Vec<Place>>,
}

impl Made {
    /// Keeps in mind what an effect leaves behind.
    pub(super) fn note(&mut self, effect: &Effect) {
        let Effect::Write { at: Place::Known(path), content: Some(text), append, .. } = effect
        else {
            return;
        };
        if *append && let Some(before) = self.texts.get_mut(path) {
            before.push_str(text);
        } else if self.texts.len() < FILES_MAX {
            self.texts.insert(path.clone(), text.clone());
        }
    }

    /// Keeps in mind what an archive holds.
    pub(super) fn pack(&mut self, at: &Place, holds: &[Place]) {
        if let Place::Known(path) = at
            && self.packs.len() < FILES_MAX
        {
            let holds = holds.iter().take(PACKED_MAX).cloned().collect();
            self.packs.insert(path.clone(), holds);
        }
    }

    /// What goes along with an archive that the command made.
    pub(super) fn unpacked(&self, sends: &mut Vec<Place>) {
        if self.packs.is_empty() {
            return;
        }
        let held = |at: &Place| match at {
            Place::Known(path) => self.packs.get(path).cloned().unwrap_or_default(),
            Place::Below(_) | Place::Unknown => Vec::new(),
        };
        let more: Vec<Place> = sends.iter().take(PACKED_MAX).flat_map(held).collect();
        sends.extend(more);
    }

    /// The text that the command wrote into a file.
    pub(super) fn text(&self, at: &Place) -> Option<&str> {
        let Place::Known(path) = at else { return None };
        self.texts.get(path).map(String::as_str).filter(|text| !text.trim().is_empty())
    }

    /// The paths of the texts.
    pub(super) fn paths(&self) -> impl Iterator<Item = &String> {
        self.texts.keys()
    }

    /// `ln from to`, and a copy of a program.
    pub(super) fn link(&mut self, from: &Place, to: &Place, is_copy: bool) {
        let (Place::Known(from), Place::Known(to)) = (from, to) else { return };
        if (!is_copy || is_program(from)) && from != to && self.links.len() < FILES_MAX {
            self.links.insert(to.clone(), from.clone());
        }
    }

    /// Where a path leads if it goes through one of the links.
    pub(super) fn resolved(&self, path: &str) -> Option<String> {
        self.links.iter().find_map(|(link, target)| {
            let rest = path.strip_prefix(link.as_str())?;
            (rest.is_empty() || rest.starts_with('/')).then(|| format!("{target}{rest}"))
        })
    }

    /// The program that a link or a copy of it is.
    pub(super) fn program(&self, word: &Word, at: &Place) -> Option<String> {
        let text = word.text().filter(|_| !self.links.is_empty())?;
        let found = match at {
            // The way to it was followed already.
            Place::Known(path) if text.contains('/') && is_program(path) => Some(path.clone()),
            Place::Known(path) if text.contains('/') => self.resolved(path),
            // Found by way of `PATH`.
            _ => self.links.iter().find_map(|(link, target)| {
                (link.rsplit('/').next() == Some(text)).then(|| target.clone())
            }),
        };
        found.filter(|target| is_program(target))
    }
}

fn is_program(path: &str) -> bool {
    PROGRAMS.iter().any(|folder| path.starts_with(folder))
}
