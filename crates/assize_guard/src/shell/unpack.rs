//! Archives.

use crate::{Effect, Place, Reach};

use super::call::Call;
use super::place::inside;
use super::walk::Walk;
use super::word::{Options, Stream, Word};

impl Walk<'_> {
    pub(super) fn unpack(&mut self, call: &Call<'_>) -> Option<Stream> {
        match call.name {
            "tar" | "gtar" | "bsdtar" => self.tar(call),
            "unzip" => {
                let options = Options::of(call.words, &["-d", "-x", "-P"]);
                if options.has(&["-p"]) {
                    return Some(Stream::Decoded);
                }
                if !options.has(&["-l", "-t", "-v"]) {
                    self.unpacked(options.operand(0), &call.input, options.value(&["-d"]));
                    let folder = options.value(&["-d"]).map(|word| self.place(word));
                    let at = folder.map_or_else(|| self.folder(), inside);
                    self.write(at, None, Reach::Many);
                }
                Some(Stream::Unknown)
            }
            "zip" | "7z" | "7za" => {
                let options = Options::of(call.words, &["-x", "-P"]);
                let skip = usize::from(call.name != "zip");
                let archive = options.operand(skip).map(|word| self.place(word));
                if let Some(at) = archive.clone() {
                    self.write(at, None, Reach::One);
                }
                let mut held = Vec::new();
                let moves =
                    call.name == "zip" && options.has(&["-m", "--move"]) || options.has(&["-sdel"]);
                for word in options.operands.iter().skip(skip + 1) {
                    let at = self.read(word);
                    held.push(inside(at.clone()));
                    if moves {
                        self.push(Effect::Delete { at, reach: Reach::Many });
                    }
                }
                if let Some(at) = archive {
                    self.made.pack(&at, &held);
                }
                Some(Stream::Unknown)
            }
            _ => None,
        }
    }

    fn tar(&mut self, call: &Call<'_>) -> Option<Stream> {
        let mut words = call.words.to_vec();
        // The old way: `tar xzf file`.
        if let Some(first) = words.first_mut().filter(|word| !word.is_option()) {
            first.text.insert(0, '-');
        }
        let valued = [
            "-f",
            "-C",
            "-T",
            "-X",
            "-I",
            "--file",
            "--directory",
            "--exclude",
            "--to-command",
            "--use-compress-program",
            "--checkpoint-action",
            "--transform",
            "--strip-components",
        ];
        let options = Options::of(&words, &valued);
        for word in options.values(&["-I", "--use-compress-program", "--to-command"]) {
            self.shell_text(word, Stream::Absent);
        }
        for word in options.values(&["--checkpoint-action"]) {
            if let Some(command) = word.text.strip_prefix("exec=") {
                self.shell_text(&Word::known(command), Stream::Absent);
            }
        }
        let file = options.value(&["-f", "--file"]).filter(|word| !word.is("-")).cloned();
        if options.has(&["-x", "--extract", "--get"]) {
            let folder = options.value(&["-C", "--directory"]).cloned();
            if let Some(file) = &file {
                self.read(file);
            }
            self.unpacked(file.as_ref(), &call.input, folder.as_ref());
            if options.has(&["-O", "--to-stdout"]) {
                return Some(Stream::Decoded);
            }
            let folder = options.value(&["-C", "--directory"]).map(|word| self.place(word));
            let at = folder.map_or_else(|| self.folder(), inside);
            self.write(at, None, Reach::Many);
            return Some(Stream::Unknown);
        }
        if !options.has(&["-c", "-r", "-u", "--create", "--append", "--update"]) {
            return Some(Stream::Unknown);
        }
        let mut read = Vec::new();
        let before = self.scope.folder.clone();
        if let Some(folder) = options.value(&["-C", "--directory"]) {
            let Place::Known(path) = self.place(folder) else { return Some(Stream::Unknown) };
            self.scope.folder = Some(path);
        }
        for word in &options.operands {
            read.push(inside(self.read(word)));
        }
        self.scope.folder = before;
        if options.has(&["--remove-files"]) {
            for at in read.clone() {
                self.push(Effect::Delete { at, reach: Reach::Many });
            }
        }
        let Some(file) = file else { return Some(Stream::Files(read)) };
        let at = self.place(&file);
        self.write(at.clone(), None, Reach::One);
        self.made.pack(&at, &read);
        Some(Stream::Unknown)
    }
}
