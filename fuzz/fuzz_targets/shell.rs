//! Fuzzes the reader of shell: no panic, places inside the text, the same result twice.

#![no_main]

use libfuzzer_sys::fuzz_target;

// The parser of shell is known to panic on some texts; the walk over its tree may not.
fuzz_target!(
    init: assize_fuzz::tolerate_panics_in("rable-"),
    |data: &[u8]| {
        assize_fuzz::judge("shell", data);
    }
);
