//! Fuzzes the reader of agents: no panic, places inside the text, the same result twice.

#![no_main]
//! Agent definitions and allowance comments.

use assize_agents::{Reading, Status, read, rows};
use assize_fuzz::judge;
use assize_model::Span;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((case, _)) = judge("agents", data) else { return };
    let path = case.path.as_str();
    // The door is open to any path that the configuration names.
    let reading = read(path, &case.text);
    assert_eq!(reading, read(path, &case.text), "two readings of the same text differ");
    assert_spans(&reading, &case.text);
    let row = rows([(path, case.text.as_str())], true);
    assert_eq!(row.len(), 1);
    // Of a broken definition nothing is known that a fix could keep.
    if matches!(reading.status, Status::Broken | Status::NotAgent) {
        return;
    }
    let fixed = fixed(&reading, &case.text);
    let again = read(path, &fixed);
    assert!(
        again.status <= reading.status && again.name == reading.name,
        "fixes made it worse: {:?} {:?}, then {:?} {:?} from {fixed:?}",
        reading.status,
        reading.name,
        again.status,
        again.name
    );
});

fn assert_spans(reading: &Reading, text: &str) {
    let holds = |span: Span| assert!(text.get(span.start..span.end).is_some(), "{span:?}");
    for field in &reading.fields {
        holds(field.key_span);
        holds(field.value_span);
    }
    for defect in &reading.defects {
        holds(defect.span);
        if let Some(fix) = &defect.fix {
            holds(fix.span);
        }
    }
    let places: Vec<Span> = reading.defects.iter().map(|defect| defect.span).collect();
    assert!(places.is_sorted(), "defects are out of order");
}

/// The text after all fixes that do not overlap, the first of two that do.
fn fixed(reading: &Reading, text: &str) -> String {
    let mut fixes: Vec<_> = reading.defects.iter().filter_map(|d| d.fix.as_ref()).collect();
    fixes.sort_by_key(|fix| fix.span);
    let (mut out, mut at) = (String::new(), 0);
    for fix in fixes {
        if fix.span.start < at {
            continue;
        }
        out.push_str(&text[at..fix.span.start]);
        out.push_str(&fix.replacement);
        at = fix.span.end;
    }
    out.push_str(&text[at..]);
    out
}
