//! Programs that change files.

use crate::{Effect, Place, Reach};

use super::call::Call;
use super::output::decodes;
use super::outputs::{COMPILERS, empties};
use super::place::{below, inside, is_no_file};
use super::walk::Walk;
use super::word::{Options, Rest, Stream, Word};

/// Programs that print what they read, with options that take a value, and how many operands
/// stand before the files.
#[rustfmt::skip]
const READERS: &[(&str, &[&str], usize)] = &[
    ("cat", &[], 0), ("tac", &[], 0), ("less", &[], 0), ("more", &[], 0), ("nl", &[], 0),
    ("head", &["-n", "-c"], 0), ("tail", &["-n", "-c"], 0), ("wc", &[], 0),
    ("sort", &["-k", "-t"], 0), ("uniq", &[], 0), ("cut", &["-d", "-f", "-c"], 0),
    ("grep", &["-e", "-f", "-A", "-B", "-C", "-m"], 1), ("egrep", &["-e"], 1),
    ("rg", &["-e", "-g", "-t", "-A", "-B", "-C", "-m"], 1), ("ag", &[], 1),
    ("strings", &["-n"], 0), ("xxd", &["-l", "-s", "-c"], 0), ("od", &["-t", "-N"], 0),
    ("hexdump", &["-n", "-e"], 0), ("base64", &["-w"], 0), ("base32", &[], 0),
    ("md5sum", &[], 0), ("sha256sum", &[], 0), ("diff", &[], 0), ("cmp", &[], 0),
    ("jq", &["--arg"], 1), ("yq", &[], 1), ("bat", &["-r", "-l"], 0), ("file", &[], 0),
    ("gzip", &[], 0), ("gunzip", &[], 0), ("zcat", &[], 0), ("pv", &[], 0), ("fold", &["-w"], 0),
];

/// Those of them that may print another text.
const DECODERS: [&str; 6] = ["gunzip", "zcat", "gzip", "base64", "base32", "xxd"];

impl Walk<'_> {
    pub(super) fn files(&mut self, call: &Call<'_>) -> Option<Stream> {
        match call.name {
            "rm" | "zf_rm" | "unlink" | "rmdir" | "shred" | "srm" | "trash" | "wipe" | "rimraf"
            | "del-cli" => {
                self.delete(call);
            }
            "mv" | "gmv" | "rename" => self.rename(call),
            "cp" | "gcp" | "ln" | "install" => self.copy(call),
            "dd" => self.dd(call),
            "tee" | "sponge" => return Some(self.tee(call)),
            "truncate" | "mkdir" | "touch" | "mkfifo" | "mknod" | "fallocate" => self.make(call),
            "chmod" | "chown" | "chgrp" | "chattr" | "setfacl" | "setcap" => self.mode(call),
            "sed" | "gsed" => self.sed(call),
            "patch" => self.patch(call),
            "apply_patch" | "applypatch" => {
                let text = call.words.first().and_then(Word::text).map(str::to_owned);
                self.patched(&text.map_or_else(|| call.input.clone(), Stream::Text));
            }
            "yq" if call.words.iter().any(|word| word.is("-i") || word.is("--inplace")) => {
                if let Some(file) = call.words.last() {
                    let at = self.place(file);
                    self.write(at, None, Reach::One);
                }
            }
            "mount" => {
                if let Some(target) = call.words.last().filter(|_| call.words.len() > 1) {
                    let at = self.place(target);
                    self.push(Effect::Move { from: at, to: Place::Unknown });
                }
            }
            "Remove-Item" | "ri" | "del" | "erase" | "rd" => self.remove_item(call),
            _ if call.name.starts_with("mkfs") => self.format(call),
            "wipefs" | "fdisk" | "parted" | "mkswap" => self.format(call),
            "sort" => self.output_option(call, &["-o", "--output"]),
            "ansible" => self.task(call),
            "gio" if call.words.first().is_some_and(|word| word.is("trash")) => {
                for word in call.words.iter().skip(1).filter(|word| !word.is_option()) {
                    let at = self.place(word);
                    self.push(Effect::Delete { at, reach: Reach::Many });
                }
            }
            _ if COMPILERS.contains(&call.name) => self.compiled(call),
            _ => {}
        }
        self.codemod(call);
        self.run_by_option(call);
        self.readers(call)
    }

    fn readers(&mut self, call: &Call<'_>) -> Option<Stream> {
        let (_, valued, skip) = READERS.iter().find(|(name, _, _)| *name == call.name)?;
        let options = Options::of(call.words, valued);
        let skip = if options.has(&["-e", "--regexp"]) { 0 } else { *skip };
        let mut places = Vec::new();
        for word in options.operands.iter().skip(skip) {
            if !is_no_file(&word.text) && word.stream.is_none() && !word.is("-") {
                places.push(self.read(word));
            }
        }
        let devices = options.operands.iter().skip(skip).all(|word| is_no_file(&word.text));
        if places.is_empty() && devices && options.operands.len() > skip && call.name != "tee" {
            return Some(Stream::Text(String::new()));
        }
        let streamed = options.operands.iter().find_map(|word| word.stream.as_deref().cloned());
        match streamed {
            Some(stream) => Some(stream),
            None if places.is_empty() && lists_names(call) => {
                let from = call.input.clone().into_word();
                Some(Stream::Listed(Box::new(Word { lists: true, ..from })))
            }
            None if places.is_empty() => None,
            None if DECODERS.contains(&call.name) && decodes(call.name, &options) => {
                Some(Stream::Decoded)
            }
            None if lists_names(call) => {
                let below = listed_below(options.operands.get(skip..).unwrap_or(&[]));
                Some(Stream::Listed(Box::new(Word::one_of_many(below))))
            }
            None => Some(Stream::Files(places)),
        }
    }

    pub(super) fn write(&mut self, at: Place, content: Option<String>, reach: Reach) {
        if !matches!(&at, Place::Known(path) if is_no_file(path)) {
            self.push(Effect::Write { at, content, append: false, reach });
        }
    }

    fn output_option(&mut self, call: &Call<'_>, names: &[&str]) {
        let options = Options::of(call.words, &["-o", "--output", "-k", "-t"]);
        if let Some(word) = options.value(names) {
            let at = self.place(word);
            self.write(at, None, Reach::One);
        }
    }

    fn delete(&mut self, call: &Call<'_>) {
        let options = Options::of(call.words, &["-n", "-s", "--iterations", "--size"]);
        let deep = options.has(&["-r", "-R", "--recursive"])
            || matches!(call.name, "rimraf" | "trash" | "srm" | "del-cli");
        let overwrites = matches!(call.name, "shred" | "wipe" | "srm");
        for word in &options.operands {
            if overwrites {
                let at = self.place(word);
                self.write(at, Some(String::new()), Reach::One);
            }
            if word.likely().is_some_and(super::find::is_made) {
                let at = self.place(word);
                self.push(Effect::Delete { at, reach: Reach::Made });
                continue;
            }
            let reach = if deep || word.rest != Rest::Nothing { Reach::Many } else { Reach::One };
            let at = self.place(word);
            self.push(Effect::Delete { at, reach });
        }
    }

    /// Sources and the target of `mv`, `cp` and the like.
    fn source_and_target(&mut self, options: &Options) -> Option<(Vec<Word>, Word, bool)> {
        if let Some(folder) = options.value(&["-t", "--target-directory"]) {
            return Some((options.operands.clone(), folder.clone(), true));
        }
        let (target, sources) = options.operands.split_last()?;
        let folder = sources.len() > 1 || target.text.ends_with('/') || target.is(".");
        Some((sources.to_vec(), target.clone(), folder))
    }

    fn target_of(&mut self, source: &Word, target: &Word, is_folder: bool) -> Place {
        let at = self.place(target);
        match (at, source.text()) {
            (Place::Known(folder), Some(source)) if is_folder => {
                let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or("");
                Place::Known(super::place::clean(&format!("{folder}/{name}")))
            }
            (at, None) if is_folder => inside(at),
            (at, _) => at,
        }
    }

    fn rename(&mut self, call: &Call<'_>) {
        let options = Options::of(call.words, &["-t", "-S", "--target-directory", "--suffix"]);
        let Some((sources, target, folder)) = self.source_and_target(&options) else { return };
        if call.name == "mv" && target.is_many() {
            self.rewrites_all("mv", std::slice::from_ref(&target));
        }
        for source in sources {
            let from = self.place(&source);
            let to = self.target_of(&source, &target, folder || is_shared_folder(&target));
            self.fetched_copy(&from, &to);
            self.push(Effect::Move { from: from.clone(), to: to.clone() });
            self.moved_away(&from, &to);
            if source.rest == Rest::Pattern && target.rest == Rest::Unknown && !folder {
                self.mass("mv", from);
            }
        }
    }

    /// What was moved out of the tree is still the same to what follows.
    fn moved_away(&mut self, from: &Place, to: &Place) {
        let root = format!("{}/", self.surroundings.root);
        if let (Place::Known(source), Place::Known(target)) = (from, to)
            && source.starts_with(&root)
            // `mv src src.old` keeps the name, too.
            && (!target.starts_with(&root) || target.starts_with(source.as_str()))
        {
            self.made.link(from, to, false);
        }
    }

    fn copy(&mut self, call: &Call<'_>) {
        let valued = ["-t", "-S", "-m", "-o", "-g", "--target-directory", "--mode", "--owner"];
        let options = Options::of(call.words, &valued);
        if call.name == "install" && options.has(&["-d", "--directory"]) {
            return self.make(call);
        }
        if let Some(mode) = options.value(&["-m", "--mode"]).filter(|_| call.name == "install") {
            let at = options.operands.last().map_or(Place::Unknown, |word| self.place(word));
            self.push(Effect::Mode { at, mode: mode.text().map(str::to_owned) });
        }
        let deep = options.has(&["-r", "-R", "-a", "--recursive", "--archive"]);
        let reach = if deep { Reach::Many } else { Reach::One };
        if call.name == "ln" && options.operands.len() == 1 {
            let at = self.folder();
            return self.write(at, None, Reach::One);
        }
        let Some((sources, target, folder)) = self.source_and_target(&options) else { return };
        for source in sources {
            let at = self.target_of(&source, &target, folder);
            if is_no_file(&source.text) {
                self.write(at, Some(String::new()), Reach::One);
                continue;
            }
            let mut from = self.read(&source);
            if call.name == "ln" && options.has(&["-s", "--symbolic"]) {
                from = linked(&source, &at).unwrap_or(from);
            }
            self.fetched_copy(&from, &at);
            let content = self.made.text(&from).filter(|_| !deep).map(str::to_owned);
            let is_copy = call.name != "ln";
            self.write(at.clone(), content, reach);
            self.made.link(&from, &at, is_copy);
        }
    }

    fn dd(&mut self, call: &Call<'_>) {
        let nothing =
            call.words.iter().any(|word| word.text.strip_prefix("if=").is_some_and(is_no_file));
        for word in call.words {
            if word.text.starts_with("of=") {
                let at = self.place(&word.without(3));
                self.write(at, nothing.then(String::new), Reach::One);
            } else if word.text.starts_with("if=") && !is_no_file(word.text.get(3..).unwrap_or(""))
            {
                self.read(&word.without(3));
            }
        }
    }

    fn tee(&mut self, call: &Call<'_>) -> Stream {
        let options = Options::of(call.words, &[]);
        let content = match &call.input {
            Stream::Text(text) => Some(text.clone()),
            _ => None,
        };
        self.rewrites_all(call.name, &options.operands);
        for word in options.operands.iter().filter(|word| !is_no_file(&word.text)) {
            let at = self.place(word);
            let append = options.has(&["-a", "--append"]);
            if matches!(call.input, Stream::Fetched | Stream::Decoded) {
                self.fetch_to(&at);
            }
            if word.stream.is_none() {
                let content = content.clone();
                self.push(Effect::Write { at, content, append, reach: Reach::One });
            }
        }
        call.input.clone()
    }

    fn make(&mut self, call: &Call<'_>) {
        let valued = ["-s", "-m", "-d", "-t", "-r", "-o", "-g", "-l", "--size", "--mode", "--date"];
        let valued: &[&str] = if call.name == "install" { &["-m", "-o", "-g"] } else { &valued };
        let options = Options::of(call.words, valued);
        for word in &options.operands {
            let at = self.place(word);
            let append = matches!(call.name, "mkdir" | "touch" | "install");
            let empties = options.value(&["-s", "--size"]).is_some_and(|size| size.is("0"));
            let empties = empties && call.name == "truncate";
            let content = (call.name == "touch" || empties).then(String::new);
            self.push(Effect::Write { at, content, append, reach: Reach::One });
        }
    }

    fn mode(&mut self, call: &Call<'_>) {
        if call.name == "setcap" {
            self.push(Effect::Privilege("setcap".to_owned()));
        }
        let reference = call.words.iter().any(|word| word.text.starts_with("--reference"));
        let mut mode = None;
        for (at, word) in call.words.iter().enumerate() {
            let is_mode = mode.is_none() && !reference;
            // `chmod -x file`, `chattr -i file`: the option is the mode.
            let minus = matches!(call.name, "chmod" | "chattr")
                && word.text.get(1..).is_some_and(|rest| {
                    !(rest.is_empty() || call.name == "chattr" && rest == "R")
                        && rest.chars().all(|c| "rwxXstugoaieAcdjSuD,=+-".contains(c))
                });
            if word.is_option() && !minus {
                continue;
            }
            if is_mode && !(call.name == "setfacl" && at > 0 && !word.text.contains(':')) {
                if call.name == "chown" && self.gives_away(word) {
                    self.push(Effect::Privilege("chown".to_owned()));
                }
                mode = Some(word.text().map(str::to_owned));
                continue;
            }
            let place = self.place(word);
            let place = if recursive(call.words) { inside(place) } else { place };
            self.push(Effect::Mode { at: place, mode: mode.clone().flatten() });
        }
    }

    /// Whether an owner is another user than the one whose home folder is known.
    fn gives_away(&self, owner: &Word) -> bool {
        let user = owner.text().and_then(|text| text.split([':', '.']).next()).unwrap_or("");
        let own = self.home.rsplit('/').next().unwrap_or("");
        !user.is_empty() && user != own && !user.bytes().all(|byte| byte.is_ascii_digit())
    }

    fn sed(&mut self, call: &Call<'_>) {
        let valued = ["-e", "-f", "-l", "--expression", "--file"];
        let options = Options::of(call.words, &valued);
        let mut scripts: Vec<Word> = options.values(&["-e", "--expression"]).cloned().collect();
        let from_option = options.has(&["-e", "-f", "--expression", "--file"]);
        let skip = usize::from(!from_option);
        scripts.extend(options.operands.iter().take(skip).cloned());
        self.sed_scripts(&scripts);
        let in_place = options.has(&["-i", "--in-place"]);
        let silent = options.has(&["-n", "--quiet", "--silent"]);
        let empties = scripts.iter().any(|word| empties(&word.text))
            || silent && scripts.iter().all(|word| word.text.trim().is_empty());
        if in_place {
            self.rewrites_all("sed -i", options.operands.get(skip..).unwrap_or(&[]));
        }
        for word in options.operands.iter().skip(skip) {
            let at = self.read(word);
            if in_place {
                self.write(at, empties.then(String::new), Reach::One);
            }
        }
    }

    /// `w file`, `s/a/b/w file`, `e command`, `s/a/b/e`.
    fn sed_scripts(&mut self, scripts: &[Word]) {
        for script in scripts {
            for line in script.text.split([';', '\n', '{']) {
                let line = line.trim().trim_start_matches(|c: char| c.is_ascii_digit() || c == '$');
                if let Some(command) = line.strip_prefix("e ") {
                    self.nested_subshell(command);
                } else if line == "e" || is_substitution(line) && runs_result(flags_of(line)) {
                    self.opaque("sed runs what it makes");
                }
                if let Some(file) = line.strip_prefix("r ").or_else(|| line.strip_prefix("R ")) {
                    self.read(&Word::known(file.trim()));
                }
                let file = line.strip_prefix("w ").or_else(|| {
                    let flags = if is_substitution(line) { flags_of(line) } else { "" };
                    flags.split_once("w ").map(|(_, file)| file)
                });
                if let Some(file) = file.filter(|file| !is_no_file(file.trim())) {
                    let at = self.place(&Word::known(file.trim()));
                    self.write(at, None, Reach::One);
                }
            }
        }
    }

    /// The command of PowerShell; its options are words after one dash.
    fn remove_item(&mut self, call: &Call<'_>) {
        let deep = call.words.iter().any(|word| {
            let text = word.text.to_ascii_lowercase();
            text.len() > 1 && "-recurse".starts_with(&text) || matches!(text.as_str(), "/s" | "/q")
        });
        let reach = if deep { Reach::Many } else { Reach::One };
        let named = |word: &&Word| !word.is_option() && !word.text.starts_with('/');
        for word in call.words.iter().filter(named) {
            let at = self.place(&Word { text: word.text.replace('\\', "/"), ..word.clone() });
            self.push(Effect::Delete { at, reach });
        }
    }

    fn patch(&mut self, call: &Call<'_>) {
        self.patched(&call.input);
        let options = Options::of(call.words, &["-p", "-i", "-d", "-o", "--directory"]);
        if super::git::undoes(&options, &call.input) && !options.has(&["-i"]) {
            self.push(Effect::Git(crate::GitStep::DropWork));
        }
        let at = match (options.value(&["-d", "--directory"]), options.operand(0)) {
            (None, Some(file)) => self.place(file),
            (Some(folder), _) => inside(self.place(folder)),
            (None, None) => self.folder(),
        };
        self.write(at, None, Reach::Many);
    }

    fn format(&mut self, call: &Call<'_>) {
        for word in call.words.iter().filter(|word| word.text.starts_with("/dev/")) {
            self.push(Effect::Delete { at: below(&word.text), reach: Reach::Many });
        }
    }
}

/// Whether `grep` and the like print names of files instead of lines.
fn lists_names(call: &Call<'_>) -> bool {
    let short =
        |text: &str| text.starts_with('-') && !text.starts_with("--") && text.contains(['l', 'L']);
    let long = ["--files-with-matches", "--files-without-match", "--files"];
    matches!(call.name, "grep" | "egrep" | "rg" | "ag")
        && call.words.iter().any(|word| short(&word.text) || long.contains(&word.text.as_str()))
}

/// The known beginning of names that a search in one folder prints.
fn listed_below(folders: &[Word]) -> String {
    match folders {
        [folder] if folder.text().is_some() => format!("{}/", folder.text.trim_end_matches('/')),
        _ => String::new(),
    }
}

fn recursive(words: &[Word]) -> bool {
    words
        .iter()
        .any(|word| word.is("--recursive") || word.text.starts_with('-') && word.text.contains('R'))
}

fn is_substitution(line: &str) -> bool {
    let mut chars = line.chars();
    chars.next() == Some('s') && chars.next().is_some_and(|c| !c.is_alphanumeric() && c != ' ')
}

/// The flag `e`; what follows `w` is a name.
fn runs_result(flags: &str) -> bool {
    flags.split('w').next().is_some_and(|flags| flags.contains('e'))
}

/// What follows the last delimiter of a substitution.
fn flags_of(line: &str) -> &str {
    let Some(delimiter) = line.chars().nth(1) else { return "" };
    line.splitn(4, delimiter).nth(3).unwrap_or("")
}

/// Where a symbolic link leads that names its target from its own folder.
fn linked(source: &Word, link: &Place) -> Option<Place> {
    let text = source.text().filter(|text| !text.starts_with(['/', '~']))?;
    let Place::Known(link) = link else { return None };
    let (folder, _) = link.rsplit_once('/')?;
    Some(Place::Known(super::place::clean(&format!("{folder}/{text}"))))
}

/// Folders that are there on any machine, so that a move goes into them.
fn is_shared_folder(word: &Word) -> bool {
    matches!(word.text.as_str(), "/tmp" | "/var/tmp" | "/dev/shm" | "~" | "..")
}
