//! The contents of objects that git keeps, read from one process that is asked for many.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::process::Stdio;

use crate::git::{Git, GitError};
use crate::refresh::READ_MAX;

/// The content of a file in a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blob {
    Bytes(Vec<u8>),
    /// It is above the size that is read from disk as well.
    TooLarge,
}

/// git ends at an object that it cannot unpack. It is started again for those behind it, but not
/// for ever: a store that is this damaged has little left to say.
const STARTS_MAX: usize = 20;

impl Git {
    /// The contents of objects; an object that is missing or damaged is left out.
    ///
    /// # Errors
    /// git failed.
    pub fn blobs(&self, objects: &[String]) -> Result<BTreeMap<String, Blob>, GitError> {
        let mut found = BTreeMap::new();
        let mut rest = objects;
        for _ in 0..STARTS_MAX {
            if rest.is_empty() {
                break;
            }
            let answered = self.ask(rest, &mut found)?;
            // The one without an answer is the one that git ended at.
            rest = rest.get(answered + 1..).unwrap_or(&[]);
        }
        Ok(found)
    }

    /// Asks one process, and says how many objects it answered for.
    fn ask(
        &self,
        objects: &[String],
        found: &mut BTreeMap<String, Blob>,
    ) -> Result<usize, GitError> {
        let started = |source| GitError::NotStarted { source };
        let mut child = self
            .command(&["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(started)?;
        let input = child.stdin.take();
        let names = objects.join("\n") + "\n";
        // git answers while it is still being asked: one thread asks, this one reads.
        let asking = std::thread::spawn(move || input.map(|mut to| to.write_all(names.as_bytes())));
        let mut answered = 0;
        if let Some(output) = child.stdout.take() {
            let mut output = BufReader::new(output);
            // An answer that breaks off is none.
            while let Ok(true) = read_answer(&mut output, found) {
                answered += 1;
            }
        }
        drop(asking.join());
        child.wait().map_err(started)?;
        Ok(answered)
    }
}

/// Reads one answer; false where there is none.
fn read_answer(
    output: &mut impl BufRead,
    found: &mut BTreeMap<String, Blob>,
) -> std::io::Result<bool> {
    let mut header = String::new();
    if output.read_line(&mut header)? == 0 {
        return Ok(false);
    }
    let mut words = header.split_whitespace();
    let (name, kind, size) = (words.next(), words.next(), words.next());
    let (Some(name), Some(_), Some(Ok(size))) = (name, kind, size.map(str::parse::<u64>)) else {
        // `<object> missing`
        return Ok(true);
    };
    let blob = if size > READ_MAX {
        let passed = std::io::copy(&mut output.take(size), &mut std::io::sink())?;
        (passed == size).then_some(Blob::TooLarge)
    } else {
        let mut body = Vec::new();
        output.take(size).read_to_end(&mut body)?;
        (body.len() as u64 == size).then_some(Blob::Bytes(body))
    };
    let mut end = [0; 1];
    output.read_exact(&mut end)?;
    if let Some(blob) = blob {
        found.insert(name.to_owned(), blob);
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Blob, read_answer};

    #[test]
    fn answers_are_read_until_they_break_off() {
        let mut output = &b"a blob 3\nx\ny\nb missing\nc blob 0\n\nd blob 9\nabc"[..];
        let mut found = BTreeMap::new();
        let mut answered = 0;
        while let Ok(true) = read_answer(&mut output, &mut found) {
            answered += 1;
        }
        let bytes = |text: &str| Blob::Bytes(text.as_bytes().to_vec());
        let expected = [("a".to_owned(), bytes("x\ny")), ("c".to_owned(), bytes(""))];
        assert_eq!((answered, found), (3, BTreeMap::from(expected)));
    }
}
