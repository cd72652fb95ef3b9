//! Fuzzes the reader of json: no panic, places inside the text, the same result twice.

#![no_main]
//! The reader of JSON, which must agree with another reader on what JSON is.

use assize_fuzz::judge;
use assize_syntax::{Dialect, FileFlags, Parsed};
use libfuzzer_sys::fuzz_target;

use serde::de::IgnoredAny;
use serde_json::from_str;

fuzz_target!(|data: &[u8]| {
    let Some((case, file)) = judge("json", data) else { return };
    let record = &file.record;
    let accepts = from_str::<IgnoredAny>(case.body()).is_ok();
    // Comments and trailing commas are legal here, conflict markers are not the reader's affair,
    // and a text with a NUL byte is no text.
    let strict = !matches!(record.dialect, Dialect::Jsonc | Dialect::TsConfig)
        && !case.body().trim_start().starts_with('/');
    let not_read = record.flags.has(FileFlags::BINARY)
        || record.parsed == Parsed::Refused
        || case.body().contains("<<<<<<< ");
    if not_read {
        return;
    }
    if accepts {
        assert_eq!(record.parsed, Parsed::Valid, "{:?} is refused", case);
    } else if strict {
        assert_ne!(record.parsed, Parsed::Valid, "{:?} is accepted", case);
    }
});
