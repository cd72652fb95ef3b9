//! Fuzzes the reader of make and docker: no panic, places inside the text, the same result twice.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    assize_fuzz::judge("make_docker", data);
});
