//! Patches that stand in the command: which files they name.

use crate::{Effect, Reach};

use super::walk::Walk;
use super::word::{Stream, Word};

/// Marks before the path of a file, and whether the file goes.
const MARKS: [(&str, bool); 7] = [
    ("*** Delete File: ", true),
    ("*** Add File: ", false),
    ("*** Update File: ", false),
    ("*** Move to: ", false),
    ("+++ b/", false),
    ("+++ ", false),
    ("rename to ", false),
];

impl Walk<'_> {
    /// The files of a patch whose text is known.
    pub(super) fn patched(&mut self, input: &Stream) {
        let Stream::Text(text) = input else { return };
        let mut before = "";
        for line in text.lines() {
            let found =
                MARKS.iter().find_map(|(mark, goes)| Some((line.strip_prefix(mark)?, *goes)));
            match found {
                Some(("/dev/null", _)) => self.of_patch(before.trim_start_matches("a/"), true),
                Some((path, goes)) => self.of_patch(path, goes),
                None => {}
            }
            before = line.strip_prefix("--- ").unwrap_or(before);
        }
    }

    fn of_patch(&mut self, path: &str, goes: bool) {
        let path = path.split('\t').next().unwrap_or(path).trim();
        let at = self.place(&Word::known(path));
        if goes {
            self.push(Effect::Delete { at, reach: Reach::One });
        } else {
            self.write(at, None, Reach::One);
        }
    }
}
