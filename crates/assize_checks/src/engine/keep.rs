//! A pass as bytes, to be kept between runs.
//!
//! The bytes are bound to a key, the hash of everything that the pass follows from, and to a hash
//! of themselves: whatever is not exactly what was written is no pass.

use assize_model::{
    Finding, FindingState, Fingerprint, Outcome, Place, Problem, ProblemKind, RepoPath, Severity,
};

use crate::engine::Pass;

const MAGIC: &[u8; 8] = b"ASSIZEP1";
const OUTCOMES: [Outcome; 4] =
    [Outcome::Ran, Outcome::Off, Outcome::NotApplicable, Outcome::Planned];

/// Writes a pass that follows from `key`.
pub fn encode(pass: &Pass, key: &[u8; 32]) -> Vec<u8> {
    let mut body = Vec::new();
    count(&mut body, pass.findings.len());
    for finding in &pass.findings {
        text(&mut body, finding.path.as_str());
        let place = finding.place;
        for part in [place.line, place.column, place.end_line, place.end_column] {
            body.extend_from_slice(&part.to_le_bytes());
        }
        body.push(finding.severity as u8);
        body.extend_from_slice(&finding.fingerprint.0);
        for part in [finding.control.0, &finding.code, &finding.message, &finding.help] {
            text(&mut body, part);
        }
    }
    count(&mut body, pass.problems.len());
    for problem in &pass.problems {
        text(&mut body, problem.path.as_str());
        body.push(problem.kind as u8);
        text(&mut body, &problem.message);
    }
    count(&mut body, pass.controls.len());
    for (name, outcome, unresolved) in &pass.controls {
        text(&mut body, name.0);
        body.push(OUTCOMES.iter().position(|one| one == outcome).map_or(0, |at| at as u8));
        body.extend_from_slice(&unresolved.to_le_bytes());
    }
    let mut out = Vec::with_capacity(body.len() + 72);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(key);
    out.extend_from_slice(blake3::hash(&body).as_bytes());
    out.extend_from_slice(&body);
    out
}

/// Reads a pass that follows from `key`; nothing when the bytes are another's, or damaged.
pub fn decode(bytes: &[u8], key: &[u8; 32]) -> Option<Pass> {
    let (head, body) = bytes.split_at_checked(72)?;
    let fresh = head.get(..8)? == MAGIC
        && head.get(8..40)? == key
        && head.get(40..72)? == blake3::hash(body).as_bytes();
    if !fresh {
        return None;
    }
    let mut reader = Reader { bytes: body };
    let mut pass = Pass::default();
    for _ in 0..reader.number()? {
        pass.findings.push(finding(&mut reader)?);
    }
    for _ in 0..reader.number()? {
        pass.problems.push(Problem {
            path: RepoPath::new(reader.text()?).ok()?,
            kind: ProblemKind::from_number(reader.byte()?)?,
            message: reader.text()?.to_owned(),
        });
    }
    for _ in 0..reader.number()? {
        let control = crate::control_name(reader.text()?)?;
        let outcome = *OUTCOMES.get(usize::from(reader.byte()?))?;
        pass.controls.push((control, outcome, reader.number()?));
    }
    reader.bytes.is_empty().then_some(pass)
}

fn finding(reader: &mut Reader<'_>) -> Option<Finding> {
    let path = RepoPath::new(reader.text()?).ok()?;
    let place = Place {
        line: reader.number()?,
        column: reader.number()?,
        end_line: reader.number()?,
        end_column: reader.number()?,
    };
    let severity = Severity::from_number(reader.byte()?)?;
    let fingerprint = Fingerprint(reader.take(16)?.try_into().ok()?);
    let control = crate::control_name(reader.text()?)?;
    Some(Finding {
        path,
        place,
        control,
        code: reader.text()?.to_owned(),
        severity,
        message: reader.text()?.to_owned(),
        help: reader.text()?.to_owned(),
        fingerprint,
        state: FindingState::New,
    })
}

/// Lengths fit: a pass of more than four gibibytes is not kept, because its text would not.
fn count(out: &mut Vec<u8>, number: usize) {
    out.extend_from_slice(&u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
}

fn text(out: &mut Vec<u8>, text: &str) {
    count(out, text.len());
    out.extend_from_slice(text.as_bytes());
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.bytes.split_at_checked(len)?;
        self.bytes = rest;
        Some(head)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn number(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_le_bytes)
    }

    fn text(&mut self) -> Option<&'a str> {
        let len = self.number()? as usize;
        std::str::from_utf8(self.take(len)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};
    use crate::CONTROLS;
    use crate::engine::Pass;
    use assize_model::{
        ControlName, Finding, FindingState, Fingerprint, Outcome, Place, Problem, ProblemKind,
        RepoPath, Severity,
    };

    fn pass() -> Pass {
        Pass {
            findings: vec![Finding {
                path: RepoPath::new("a/b.py").unwrap(),
                place: Place { line: 3, column: 4, end_line: 3, end_column: 9 },
                control: CONTROLS[0].name,
                code: "some-code".to_owned(),
                severity: Severity::Block,
                message: "what".to_owned(),
                help: "how".to_owned(),
                fingerprint: Fingerprint([9; 16]),
                state: FindingState::New,
            }],
            problems: vec![Problem {
                path: RepoPath::root(),
                kind: ProblemKind::Git,
                message: "why".to_owned(),
            }],
            controls: vec![(CONTROLS[0].name, Outcome::NotApplicable, 7)],
        }
    }

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let bytes = encode(&pass(), &[1; 32]);
        let read = decode(&bytes, &[1; 32]).unwrap();
        assert_eq!(read.findings, pass().findings);
        assert_eq!(read.problems, pass().problems);
        assert_eq!(read.controls, pass().controls);
        assert!(decode(&bytes, &[2; 32]).is_none());
        let mut team = pass();
        team.controls.push((ControlName::team("no-print"), Outcome::Ran, 1));
        team.findings[0].control = ControlName::team("no-print");
        let read = decode(&encode(&team, &[1; 32]), &[1; 32]).unwrap();
        assert_eq!((read.findings, read.controls), (team.findings, team.controls));
        for cut in 0..bytes.len() {
            assert!(decode(&bytes[..cut], &[1; 32]).is_none());
        }
    }
}
