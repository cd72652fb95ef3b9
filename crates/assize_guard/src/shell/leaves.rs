//! Whole projects on their way out: what carries them, and programs that serve a folder.
//!
//! Only what is whole counts: the history, an archive of a folder, a dump of a database. Where it
//! may go is the business of the control.

use crate::{Effect, Place};

use super::call::Call;
use super::place::inside;
use super::walk::Walk;
use super::word::{Options, Stream, Word};

/// Programs that print a database: name, and the folder in which its engine keeps it.
const DUMPS: [(&str, &str); 6] = [
    ("pg_dump", "/var/lib/postgresql"),
    ("pg_dumpall", "/var/lib/postgresql"),
    ("mysqldump", "/var/lib/mysql"),
    ("mariadb-dump", "/var/lib/mysql"),
    ("mongodump", "/var/lib/mongodb"),
    ("mongoexport", "/var/lib/mongodb"),
];
const DUMP_VALUED: [&str; 12] = [
    "-f",
    "--file",
    "-h",
    "--host",
    "-p",
    "--port",
    "-U",
    "--username",
    "-d",
    "--dbname",
    "-r",
    "--result-file",
];
/// Forms of a difference from which nothing can be made again.
const SUMMARIES: [&str; 9] = [
    "--stat",
    "--shortstat",
    "--numstat",
    "--dirstat",
    "--summary",
    "--name-only",
    "--name-status",
    "--quiet",
    "--check",
];

impl Walk<'_> {
    /// Programs that print a database, or that hand a folder to the network.
    pub(super) fn leaving(&mut self, call: &Call<'_>) -> Option<Stream> {
        if let Some((_, folder)) = DUMPS.iter().find(|(name, _)| *name == call.name) {
            return Some(self.dump(folder, call));
        }
        if call.name.starts_with("python") {
            self.serves(call.words);
        }
        None
    }

    fn dump(&mut self, folder: &str, call: &Call<'_>) -> Stream {
        let places = vec![Place::Known(folder.to_owned())];
        let options = Options::of(call.words, &DUMP_VALUED);
        let Some(file) = options.value(&["-f", "--file", "-r", "--result-file"]).cloned() else {
            return Stream::Files(places);
        };
        let at = self.place(&file);
        self.write(at.clone(), None, crate::Reach::One);
        self.made.pack(&at, &places);
        Stream::Unknown
    }

    /// `python3 -m http.server --bind 0.0.0.0`: the folder is open to whoever reaches the machine.
    fn serves(&mut self, words: &[Word]) {
        let at = words.iter().position(|word| word.is("http.server"));
        let Some(at) = at.filter(|at| *at > 0 && words.get(at - 1).is_some_and(|w| w.is("-m")))
        else {
            return;
        };
        let valued = ["--bind", "-b", "--directory", "-d"];
        let options = Options::of(words.get(at + 1..).unwrap_or(&[]), &valued);
        let bound = options.value(&["--bind", "-b"]);
        if !bound.is_some_and(|host| host.is("0.0.0.0") || host.is("::")) {
            return;
        }
        let folder = options.value(&["--directory", "-d"]).map(|word| inside(self.place(word)));
        let folder = folder.unwrap_or_else(|| self.folder());
        self.push(Effect::Network { host: None, sends: vec![folder], upload: true });
    }

    /// What a step of git prints, or writes into a file, that holds the sources or their history.
    pub(super) fn carries_history(&mut self, verb: &str, words: &[Word]) -> Option<Stream> {
        let options = Options::of(words, &["-o", "--output", "--prefix", "--format", "-n"]);
        let summary = options.has(&SUMMARIES);
        let patch = options.has(&["-p", "--patch", "-u"]);
        let whole = match verb {
            "diff" | "format-patch" | "fast-export" | "archive" => !summary,
            "bundle" => options.verb(0) == "create",
            "log" => patch && !summary,
            _ => false,
        };
        if !whole {
            return None;
        }
        let places = vec![Place::Known(format!("{}/.git", self.surroundings.root))];
        let file = match verb {
            "archive" => options.value(&["-o", "--output"]),
            "bundle" => options.operand(1).filter(|word| !word.is("-")),
            _ => None,
        };
        let Some(file) = file.cloned() else { return Some(Stream::Files(places)) };
        let at = self.place(&file);
        self.made.pack(&at, &places);
        Some(Stream::Unknown)
    }
}

/// Whether a stream is what git prints of its own objects.
pub(super) fn is_history(input: &Stream) -> bool {
    let own = |at: &Place| matches!(at, Place::Known(path) if path.ends_with("/.git"));
    !input.files().is_empty() && input.files().iter().all(own)
}
