//! Fuzzes the reader of config: no panic, places inside the text, the same result twice.

#![no_main]
//! The configuration: one file at the root, and after a NUL byte one in a folder.

use assize_config::{ConfigFile, Settings};
use assize_fuzz::{Lines, TODAY, control_table};
use assize_model::{Place, Severity};
use libfuzzer_sys::fuzz_target;

const PATHS: [&str; 5] = ["", "assize.toml", "svc/app/main.py", "svc", "docs/a b/\u{e9}.md"];

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let (root, below) = text.split_once('\0').unwrap_or((&text, ""));
    let files = [
        ConfigFile { folder: "svc", path: "svc/assize.toml", text: below },
        ConfigFile { folder: "", path: "assize.toml", text: root },
    ];
    let table = control_table();
    match (Settings::load(&files, &table, TODAY), Settings::load(&files, &table, TODAY)) {
        (Ok(settings), Ok(again)) => {
            assert_eq!(format!("{settings:?}"), format!("{again:?}"));
            ask(&settings);
        }
        (Err(error), Err(again)) => {
            assert_eq!(error, again);
            assert!(!error.to_string().is_empty());
            assert!(error.mistakes().is_sorted(), "mistakes are out of order");
            for mistake in error.mistakes() {
                let text = if mistake.file() == "assize.toml" { root } else { below };
                let (line, column) = (mistake.line(), mistake.column());
                let place = Place { line, column, end_line: line, end_column: column };
                let text = text.strip_prefix('\u{feff}').unwrap_or(text);
                Lines::new(text).assert_holds(place, mistake.what());
            }
        }
        _ => panic!("two readings of the same text differ"),
    }
});

/// Every question that a control may ask.
fn ask(settings: &Settings) {
    for path in PATHS {
        let _ = settings.classes.class(path);
        for control in control_table().names() {
            assert!(settings.severity(control, path, Severity::Block) == Some(Severity::Block));
            let _ = settings.severity(control, path, Severity::Warn);
            let _ = settings.options(control, path).number("lines", 3);
        }
    }
    let _ = settings.is_external_env("HOME");
}
