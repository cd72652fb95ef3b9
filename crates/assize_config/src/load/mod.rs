//! From texts to settings: which keys there are, what they hold, and what is wrong with them.
//!
//! Files are read from the root down. Every key is known here; whatever is not is a mistake, and
//! all mistakes of all files are collected before anything is refused.

mod controls;
mod gates;
mod permit;
pub(crate) mod reader;
mod sections;

use assize_model::LineIndex;
use globset::Glob;
use toml_edit::Document;

use crate::error::{Mistakes, Slip};
use crate::{ConfigError, ControlTable, Date, Layer, MistakeKind, Settings};

use reader::Reader;

/// The largest `assize.toml` that is read.
pub const FILE_BYTES_MAX: usize = 1024 * 1024;

/// One `assize.toml`.
#[derive(Debug, Clone, Copy)]
pub struct ConfigFile<'a> {
    /// The folder that holds it, relative to the root; the root is the empty text.
    pub folder: &'a str,
    /// How messages name it.
    pub path: &'a str,
    pub text: &'a str,
}

/// What one file adds, besides the settings of the whole repository.
#[derive(Debug, Default)]
struct Found {
    layer: Layer,
    globs: Vec<(Glob, assize_model::FileClass)>,
}

impl Settings {
    /// Merges the files of a repository: the nearest file wins for each key, lists add.
    ///
    /// # Errors
    /// All mistakes of all files, in order of file and place.
    pub fn load(
        files: &[ConfigFile<'_>],
        controls: &ControlTable<'_>,
        today: Date,
    ) -> Result<Self, ConfigError> {
        let mut files: Vec<&ConfigFile<'_>> = files.iter().collect();
        files.sort_by_key(|file| (depth(file.folder), file.folder));
        let mut settings = Self::plain(today);
        let mut mistakes = Mistakes::default();
        let mut globs_left = crate::GLOBS_MAX;
        for file in files {
            let text = file.text.strip_prefix('\u{feff}').unwrap_or(file.text);
            if text.len() > FILE_BYTES_MAX {
                let what = format!("the file is larger than {FILE_BYTES_MAX} bytes");
                let (kind, key) = (MistakeKind::TooLarge, String::new());
                mistakes.push(file.path, (1, 1), Slip { kind, key, what, nearest: None });
                continue;
            }
            let lines = LineIndex::new(text);
            let mut reader = Reader::new(file, text, &lines, &mut mistakes);
            match Document::parse(text) {
                Ok(document) => {
                    let table = document.as_table();
                    sections::read(&mut reader, table, controls, &mut settings, &mut globs_left);
                }
                Err(error) => reader.unreadable(&error),
            }
        }
        mistakes.into_result(settings)
    }
}

fn depth(folder: &str) -> usize {
    folder.split('/').filter(|part| !part.is_empty()).count()
}

#[cfg(test)]
mod tests;
