//! Exact edits that mend a finding.
//!
//! A control offers them where nothing is left to decide. None is believed: an edit stands only
//! where its finding is gone afterwards, nothing else is found in the file that was not found
//! before, and a file that parsed still parses. To offer fixes a control adds one line to
//! [`FIXERS`].

use std::collections::BTreeMap;

use assize_config::Settings;
use assize_index::{FileStamp, Overlay, Snapshot, View};
use assize_model::{FileClass, Finding, Fingerprint, LineIndex, Replacement, RepoPath, Span};
use assize_syntax::Parsed;

use crate::engine::{Input, check_file, index_text};

/// This span of the text becomes this replacement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Edit {
    pub(crate) span: Span,
    pub(crate) replacement: String,
}

/// What a fixer is given.
pub(crate) struct Breach<'a> {
    pub(crate) finding: &'a Finding,
    pub(crate) text: &'a str,
    pub(crate) lines: &'a LineIndex,
    /// The tree around the file.
    pub(crate) view: View<'a>,
}

/// Offers the edits that mend one finding; none where something is left to decide.
type Fixer = fn(&Breach<'_>) -> Vec<Edit>;

/// The controls that offer fixes.
const FIXERS: &[(&str, Fixer)] = &[
    ("agent-encoding", crate::generated::agent_encoding::fix),
    ("agent-parse", crate::generated::agent_parse::fix),
    ("deps-pinned", crate::generated::deps_pinned::fix),
];

const MARK: char = '\u{feff}';

/// Mending one thing may bring another to light; a file that needs more rounds needs a person.
const ROUNDS_MAX: usize = 8;

/// A file after its fixes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    pub text: String,
    /// How many findings are gone.
    pub mended: usize,
}

/// Whether a control offers fixes at all.
pub fn offers_fixes(control: &str) -> bool {
    FIXERS.iter().any(|(name, _)| *name == control)
}

/// A file whose findings are to be mended, and the index of the tree around it.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    pub path: &'a RepoPath,
    pub class: FileClass,
    pub text: &'a str,
    pub snapshot: &'a Snapshot,
    pub overlay: &'a Overlay,
    pub settings: &'a Settings,
}

impl<'a> Draft<'a> {
    fn view(&self) -> View<'a> {
        View::new(self.snapshot, self.overlay)
    }
}

/// The edits that mend one finding alone, in order; none where there are none that stand.
pub fn offered(draft: &Draft<'_>, finding: &Finding) -> Vec<Replacement> {
    let body = draft.text.strip_prefix(MARK).unwrap_or(draft.text);
    let lines = LineIndex::new(body);
    let breach = Breach { finding, text: body, lines: &lines, view: draft.view() };
    let mut edits = edits(&breach);
    edits.sort();
    let mark = if body.len() < draft.text.len() { "\u{feff}" } else { "" };
    let stands = |next: String| {
        let after = judged(draft, &[mark, &next].concat());
        is_better(&judged(draft, draft.text), &after).is_some()
    };
    if edits.is_empty() || !applied(body, edits.clone()).is_some_and(stands) {
        return Vec::new();
    }
    edits
        .into_iter()
        .map(|edit| Replacement { place: lines.place(edit.span, body), text: edit.replacement })
        .collect()
}

/// The text of a file with its findings mended as far as that is exact; nothing where no edit
/// stands. Only findings that are `wanted` are mended.
pub fn fixed(draft: &Draft<'_>, wanted: &dyn Fn(&Finding) -> bool) -> Option<Fixed> {
    // Places count from behind the byte-order mark.
    let mark = if draft.text.starts_with(MARK) { MARK.len_utf8() } else { 0 };
    let (mark, body) = draft.text.split_at_checked(mark)?;
    let judge = |body: &str| judged(draft, &[mark, body].concat());
    let mut now = body.to_owned();
    let mut mended = 0;
    for _ in 0..ROUNDS_MAX {
        let found = judge(&now);
        let offered = found.findings.iter().filter(|finding| wanted(finding));
        let lines = LineIndex::new(&now);
        let edits: Vec<Vec<Edit>> = offered
            .map(|finding| {
                edits(&Breach { finding, text: &now, lines: &lines, view: draft.view() })
            })
            .filter(|edits| !edits.is_empty())
            .collect();
        // All together where that stands, else the first that stands alone.
        let together: Vec<Edit> = edits.iter().flatten().cloned().collect();
        let tries = std::iter::once(together).chain(edits);
        let next = tries.filter_map(|edits| applied(&now, edits)).find_map(|next| {
            let gone = is_better(&found, &judge(&next))?;
            Some((next, gone))
        });
        let Some((next, gone)) = next else { break };
        now = next;
        mended += gone;
    }
    (mended > 0).then(|| Fixed { text: [mark, &now].concat(), mended })
}

fn edits(breach: &Breach<'_>) -> Vec<Edit> {
    let fixer = FIXERS.iter().find(|(name, _)| *name == breach.finding.control.0);
    fixer.map_or_else(Vec::new, |(_, fixer)| fixer(breach))
}

/// What a file is found to be.
struct Judged {
    parsed: Parsed,
    findings: Vec<Finding>,
}

fn judged(draft: &Draft<'_>, text: &str) -> Judged {
    let (path, class, bytes) = (draft.path, draft.class, text.as_bytes());
    let input = Input { path, class, bytes, before: None };
    let findings = check_file(&input, draft.snapshot, draft.overlay, draft.settings).findings;
    let file = index_text(path, class, bytes, FileStamp::default(), 0);
    Judged { parsed: file.record.parsed, findings }
}

/// How many findings are gone; nothing where none is, where one came, or where the file does not
/// parse as well as it did.
fn is_better(before: &Judged, after: &Judged) -> Option<usize> {
    let parses = after.parsed == before.parsed || after.parsed == Parsed::Valid;
    let count = |findings: &[Finding]| {
        let mut counts: BTreeMap<Fingerprint, usize> = BTreeMap::new();
        findings.iter().for_each(|one| *counts.entry(one.fingerprint).or_default() += 1);
        counts
    };
    let (old, new) = (count(&before.findings), count(&after.findings));
    let came = new.iter().any(|(one, count)| old.get(one).is_none_or(|before| before < count));
    let gone = before.findings.len().checked_sub(after.findings.len())?;
    (parses && !came && gone > 0).then_some(gone)
}

/// The text after these edits, of two that overlap the first. Nothing where one does not fit.
fn applied(text: &str, mut edits: Vec<Edit>) -> Option<String> {
    edits.sort();
    edits.dedup();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for edit in edits {
        if edit.span.start >= at {
            out.push_str(text.get(at..edit.span.start)?);
            out.push_str(&edit.replacement);
            at = edit.span.end;
        }
    }
    out.push_str(text.get(at..)?);
    Some(out)
}
