//! Fuzzes the reader of rule documents: no panic, lines inside the text, a digest within its bound.

#![no_main]

use assize_documents::{Document, TOKENS_MAX, Wanted, digest, outline, parse, passages, tokens};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let whole = String::from_utf8_lossy(data);
    // The first line is a path, the rest a document that may name it.
    let (path, text) = whole.split_once('\n').unwrap_or(("db/migrations/1.sql", &whole));
    let count = u32::try_from(text.lines().count().max(1)).unwrap_or(u32::MAX);
    let parsed = parse(text);
    assert_eq!(parsed, parse(text), "two readings of the same text differ");
    for rule in &parsed.rules {
        assert!(rule.line <= count && rule.clauses.iter().all(|clause| clause.line <= count));
    }
    assert!(parsed.faults.iter().all(|fault| fault.line <= count), "a fault lies outside");
    let sections = outline(text);
    assert!(
        sections
            .iter()
            .all(|one| one.last <= count && one.parent.is_none_or(|at| at < sections.len()))
    );
    let documents = [Document { path: "AGENTS.md", text }];
    for passage in passages(&documents, &[path]) {
        assert!(passage.first >= 1 && passage.first <= passage.last && passage.last <= count);
    }
    let paths = [path];
    let wanted = Wanted {
        head: &[],
        rules: &[],
        documents: &documents,
        paths: &paths,
        tokens_max: TOKENS_MAX,
    };
    let given = digest(&wanted);
    assert!(tokens(&given.text) <= TOKENS_MAX, "a digest is too long");
    assert_eq!(given, digest(&wanted), "two digests of the same text differ");
});
