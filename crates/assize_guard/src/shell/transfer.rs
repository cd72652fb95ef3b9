//! curl, wget and the like: where they reach, what goes along, what is kept.

use crate::{Effect, Place, Reach};

use super::call::Call;
use super::place::is_no_file;
use super::walk::Walk;
use super::word::{Options, Stream, Word};

const CURL_VALUED: [&str; 46] = [
    "--unix-socket",
    "--abstract-unix-socket",
    "-o",
    "--output",
    "-d",
    "--data",
    "--data-raw",
    "--data-binary",
    "--data-urlencode",
    "--data-ascii",
    "--json",
    "-F",
    "--form",
    "--form-string",
    "-T",
    "--upload-file",
    "-H",
    "--header",
    "-X",
    "--request",
    "-u",
    "--user",
    "-A",
    "--user-agent",
    "-e",
    "--referer",
    "-b",
    "--cookie",
    "-c",
    "--cookie-jar",
    "-x",
    "--proxy",
    "-m",
    "--max-time",
    "--connect-timeout",
    "-w",
    "--write-out",
    "--retry",
    "-K",
    "--config",
    "--url",
    "--cacert",
    "-E",
    "-r",
    "--resolve",
    "--output-dir",
];

const WGET_VALUED: [&str; 16] = [
    "-O",
    "--output-document",
    "-P",
    "--directory-prefix",
    "-o",
    "-a",
    "-i",
    "--header",
    "-t",
    "-T",
    "-U",
    "--post-data",
    "--post-file",
    "--body-file",
    "--body-data",
    "--method",
];

impl Walk<'_> {
    pub(super) fn transfer(&mut self, call: &Call<'_>) -> Option<Stream> {
        match call.name {
            "curl" => Some(self.curl(call)),
            "wget" | "wget2" => Some(self.wget(call)),
            "http" | "https" | "xh" | "httpie" => {
                let options = Options::of(call.words, &["-o", "--output", "-a"]);
                let host = options.operands.iter().filter_map(Word::text).find_map(host_of);
                let upload = options
                    .operands
                    .iter()
                    .any(|word| matches!(word.text.as_str(), "POST" | "PUT" | "PATCH"))
                    || !matches!(call.input, Stream::Absent);
                let sends = self.sent(&call.input);
                self.push(Effect::Network { host, sends, upload });
                Some(Stream::Fetched)
            }
            _ => None,
        }
    }

    /// The files whose content a stream carries.
    pub(super) fn sent(&self, input: &Stream) -> Vec<Place> {
        input.files().to_vec()
    }

    fn curl(&mut self, call: &Call<'_>) -> Stream {
        let options = Options::of(call.words, &CURL_VALUED);
        let mut sends = Vec::new();
        let mut upload = false;
        let data = [
            "-d",
            "--data",
            "--data-binary",
            "--data-urlencode",
            "--data-ascii",
            "--json",
            "-F",
            "--form",
        ];
        for word in options.values(&data) {
            upload = true;
            sends.extend(word.carries.iter().cloned());
            let file = word.text.split_once('@').filter(|(before, _)| {
                before.is_empty() || before.ends_with('=') || !before.contains('=')
            });
            let file = file.or_else(|| word.text.split_once("=<"));
            if let Some((_, name)) = file {
                self.send(&word.without(word.text.len() - name.len()), &call.input, &mut sends);
            }
        }
        for word in options.values(&["--data-raw", "--form-string", "-H", "--header"]) {
            sends.extend(word.carries.iter().cloned());
        }
        upload |= options.has(&["--data-raw", "--form-string"]) || !sends.is_empty();
        for word in options.values(&["-T", "--upload-file"]) {
            upload = true;
            self.send(word, &call.input, &mut sends);
        }
        upload |= options
            .values(&["-X", "--request"])
            .any(|word| !matches!(word.text.as_str(), "GET" | "HEAD" | "OPTIONS"));
        let mut targets: Vec<Word> = options.values(&["--url"]).cloned().collect();
        targets.extend(options.operands.iter().cloned());
        if options.has(&["-K", "--config"]) {
            self.cannot_know("a file of settings says what curl does");
        }
        let socket = options.value(&["--unix-socket", "--abstract-unix-socket"]);
        if socket.is_some_and(|socket| super::containers::opens_machine(&socket.text)) && upload {
            self.push(Effect::Privilege("the socket of an engine of containers".to_owned()));
        }
        self.hosts(&targets, &sends, upload);
        let mut kept = false;
        for word in options.values(&["-o", "--output", "-c", "--cookie-jar"]) {
            kept |= !word.is("-");
            if !is_no_file(&word.text) && !word.is("-") {
                let at = self.place(word);
                self.fetch_to(&at);
                self.write(at, None, Reach::One);
            }
        }
        if options.has(&["-O", "--remote-name", "--remote-name-all", "-J"]) {
            kept = true;
            let at = options.value(&["--output-dir"]).map(|word| self.place(word));
            let at = at.unwrap_or_else(|| self.folder());
            for target in &targets {
                self.fetch_into(&at, target);
            }
            self.write(at, None, Reach::One);
        }
        if kept { Stream::Text(String::new()) } else { Stream::Fetched }
    }

    /// A file that goes along; `-` is the input.
    fn send(&mut self, word: &Word, input: &Stream, sends: &mut Vec<Place>) {
        if word.is("-") {
            sends.extend(self.sent(input));
            return;
        }
        let name = word.text.split(';').next().unwrap_or("").to_owned();
        let at = self.read(&Word { text: name, ..word.clone() });
        sends.push(at);
    }

    pub(super) fn hosts(&mut self, targets: &[Word], sends: &[Place], upload: bool) {
        self.fetches(targets);
        let hosts: Vec<Option<String>> =
            targets.iter().map(|word| plain_host(&word.text)).collect();
        let hosts = if hosts.is_empty() { vec![None] } else { hosts };
        let mut sends = sends.to_vec();
        sends.extend(targets.iter().flat_map(|word| word.carries.iter().cloned()));
        let upload = upload || !sends.is_empty();
        for host in hosts {
            self.push(Effect::Network { host, sends: sends.clone(), upload });
        }
    }

    fn wget(&mut self, call: &Call<'_>) -> Stream {
        let options = Options::of(call.words, &WGET_VALUED);
        let mut sends = Vec::new();
        for word in options.values(&["--post-file", "--body-file"]) {
            self.send(word, &call.input, &mut sends);
        }
        let upload = !sends.is_empty() || options.has(&["--post-data", "--body-data"]);
        self.hosts(&options.operands, &sends, upload);
        match options.value(&["-O", "--output-document"]) {
            Some(word) if word.is("-") => return Stream::Fetched,
            Some(word) if is_no_file(&word.text) => {}
            Some(word) => {
                let at = self.place(word);
                self.fetch_to(&at);
                self.write(at, None, Reach::One);
            }
            None if options.has(&["--spider"]) => {}
            None => {
                let folder = options.value(&["-P", "--directory-prefix"]).cloned();
                let folder = folder.map(|word| self.place(&word));
                let at = folder.map_or_else(|| self.folder(), super::place::inside);
                for target in &options.operands {
                    self.fetch_into(&at, target);
                }
                let deep = options.has(&["-r", "-m", "--recursive", "--mirror"]);
                self.write(at, None, if deep { Reach::Many } else { Reach::One });
            }
        }
        // `-O-` and `-qO-`.
        if call.words.iter().any(|word| word.text.ends_with("O-")) {
            return Stream::Fetched;
        }
        Stream::Text(String::new())
    }
}

/// The host of an address with a scheme, or of `user@host:path`.
pub(super) fn host_of(text: &str) -> Option<String> {
    if let Some((_, rest)) = text.split_once("://") {
        return authority(rest);
    }
    let (user_host, _) = text.split_once(':')?;
    let host = user_host.rsplit('@').next().unwrap_or(user_host);
    (host.len() > 1 && !host.contains('/') && user_host.contains(['@', '.']))
        .then(|| host.to_owned())
}

/// The host of an address whose scheme may be missing.
pub(super) fn plain_host(text: &str) -> Option<String> {
    authority(text.split_once("://").map_or(text, |(_, rest)| rest))
}

fn authority(rest: &str) -> Option<String> {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host.split(':').next().unwrap_or(host);
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}
