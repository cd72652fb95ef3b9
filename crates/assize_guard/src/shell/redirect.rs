//! Redirections: what they read, write and reach.

use rable::{Node, NodeKind};

use crate::{Effect, Place, Reach};

use super::place::is_no_file;
use super::walk::Walk;
use super::word::{Rest, Stream, Word};

/// A file that takes what a command prints.
#[derive(Debug)]
pub(super) struct Sink {
    at: Place,
    append: bool,
    /// The sink of the standard output, whose text may be known.
    output: bool,
}

/// What the redirections of one command say.
#[derive(Debug, Default)]
pub(super) struct Redirects {
    pub(super) input: Stream,
    sinks: Vec<Sink>,
    hides_output: bool,
}

impl Walk<'_> {
    /// Reads a compound command and its redirections.
    pub(super) fn redirected(
        &mut self,
        nodes: &[Node],
        input: Stream,
        run: impl FnOnce(&mut Self, Stream),
    ) -> Stream {
        let redirects = self.redirects(nodes, input);
        run(self, redirects.input.clone());
        self.write_out(redirects, Stream::Unknown)
    }

    pub(super) fn redirects(&mut self, nodes: &[Node], input: Stream) -> Redirects {
        let mut out = Redirects { input, ..Redirects::default() };
        for node in nodes {
            match &node.kind {
                NodeKind::Redirect { op, target, fd, .. } => {
                    self.redirect(op, target, *fd, &mut out);
                }
                NodeKind::HereDoc { content, quoted, .. } => {
                    let text =
                        if *quoted { Word::known(content) } else { self.quoted_text(content) };
                    out.input = text_stream(&text);
                }
                _ => self.cannot_know("a redirection that is not known"),
            }
        }
        out
    }

    fn redirect(&mut self, op: &str, target: &Node, fd: i32, out: &mut Redirects) {
        let word = self.word(target);
        match op {
            "<<<" => out.input = text_stream(&Word { text: format!("{}\n", word.text), ..word }),
            "<" | "<>" => {
                out.input = self.read_from(&word);
                if op == "<>" && !is_device(&word) && socket_host(&word).is_none() {
                    let at = self.place(&word);
                    out.sinks.push(Sink { at, append: true, output: false });
                }
            }
            // Copies of descriptors.
            "<&" if word.is("0") => {}
            "<&" if self.fetched.socket => out.input = Stream::Fetched,
            "<&" => out.input = Stream::Unknown,
            "<&-" | ">&-" => {}
            ">&" if is_descriptor(&word) => {}
            _ => self.sink(op, &word, fd, out),
        }
    }

    fn sink(&mut self, op: &str, word: &Word, fd: i32, out: &mut Redirects) {
        let output = matches!(fd, -1 | 1) || op.starts_with('&');
        out.hides_output |= output;
        if let Some(host) = socket_host(word) {
            let sends = out.input.files().to_vec();
            self.push(Effect::Network { host, sends, upload: true });
            // The other side may answer, as with `sh >& /dev/tcp/host/port 0>&1`.
            if out.input == Stream::Absent {
                out.input = Stream::Fetched;
            }
            return;
        }
        if is_device(word) || word.stream.is_some() {
            return;
        }
        self.rewrites_all("a redirection", std::slice::from_ref(word));
        let at = self.place(word);
        out.sinks.push(Sink { at, append: op.contains(">>"), output });
    }

    fn read_from(&mut self, word: &Word) -> Stream {
        if let Some(stream) = &word.stream {
            return stream.as_ref().clone();
        }
        if let Some(host) = socket_host(word) {
            self.push(Effect::Network { host, sends: Vec::new(), upload: false });
            self.fetched.socket = true;
            return Stream::Fetched;
        }
        if is_device(word) {
            return Stream::Text(String::new());
        }
        let at = self.place(word);
        self.push(Effect::Read(at.clone()));
        Stream::Files(vec![at])
    }

    /// Tells the writes of redirections; what is left for the next command.
    pub(super) fn write_out(&mut self, redirects: Redirects, printed: Stream) -> Stream {
        let content = match &printed {
            Stream::Text(text) => Some(text.clone()),
            _ => None,
        };
        for sink in redirects.sinks {
            let content = if sink.output { content.clone() } else { None };
            if sink.output && matches!(printed, Stream::Fetched | Stream::Decoded) {
                self.fetch_to(&sink.at);
            }
            if sink.output && !printed.files().is_empty() {
                self.made.pack(&sink.at, printed.files());
            }
            self.push(Effect::Write {
                at: sink.at,
                content,
                append: sink.append,
                reach: Reach::One,
            });
        }
        if redirects.hides_output { Stream::Text(String::new()) } else { printed }
    }
}

fn text_stream(word: &Word) -> Stream {
    match word.text() {
        Some(text) => Stream::Text(text.to_owned()),
        None if word.fetched => Stream::Fetched,
        None if word.lists => Stream::Listed(Box::new(word.clone())),
        None => Stream::Unknown,
    }
}

fn is_descriptor(word: &Word) -> bool {
    let text = word.text.trim_end_matches('-');
    // The parser writes `>&$fd` with the variable in place; a file has a name.
    word.rest == Rest::Nothing && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_device(word: &Word) -> bool {
    is_no_file(&word.text)
}

/// The host of `/dev/tcp/host/port`.
fn socket_host(word: &Word) -> Option<Option<String>> {
    let rest =
        word.text.strip_prefix("/dev/tcp/").or_else(|| word.text.strip_prefix("/dev/udp/"))?;
    let host = rest.split('/').next().filter(|host| !host.is_empty() && rest.contains('/'));
    Some(host.map(str::to_owned))
}
