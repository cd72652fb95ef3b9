//! Fuzzes the two readers of patches: no panic, the same files twice, and what is said to be
//! written lies in the repository.

#![no_main]
//! The first byte picks the grammar, the rest is the patch.

use assize_fuzz::{around, files, judged};
use assize_guard::{Action, after, after_diff};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let text = String::from_utf8_lossy(rest).into_owned();
    let around = around();
    let action = Action::Patch { text: text.clone() };
    let simulate = || match first % 2 {
        0 => after(&action, &around, &files),
        _ => after_diff(&text, &around, &files),
    };
    let left = simulate();
    assert_eq!(left, simulate(), "two readings of the same patch differ");
    for path in left.files.keys() {
        assert!(path.starts_with('/') && !path.contains("/../"), "{path} is not a place");
    }
    judged(&action);
});
