//! What holds of any files.

use assize_model::Severity;
use proptest::prelude::*;

use super::load;

/// Lines that make up a mostly valid file, in any order and with any damage.
fn lines() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("root = true".to_owned()),
        Just("profile = \"strict\"".to_owned()),
        Just("[classes]".to_owned()),
        Just("[controls.phantom-env]".to_owned()),
        Just("[controls.clone-detect]".to_owned()),
        Just("severity = \"off\"".to_owned()),
        Just("tokens-min = 7".to_owned()),
        Just("[[guard]]".to_owned()),
        Just("[escalate]\ncommand = \"x\"".to_owned()),
        "[a-z-]{1,9} = (\\[\"[*a-z/{}\\[!]{0,8}\"\\]|[0-9-]{1,12}|\"\\PC{0,6}\")",
        "\\[[a-z.\"-]{0,12}\\]",
        "\\PC{0,20}",
    ];
    proptest::collection::vec(line, 0..12).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn any_text_loads_or_is_refused_with_places(root in lines(), child in lines()) {
        if let Err(error) = load(&[("", &root), ("a/b", &child)]) {
            prop_assert!(!error.mistakes().is_empty());
            for mistake in error.mistakes() {
                let text = if mistake.file() == "assize.toml" { &root } else { &child };
                let lines = u32::try_from(text.split('\n').count()).unwrap();
                prop_assert!(mistake.line() >= 1 && mistake.line() <= lines, "{mistake}");
                prop_assert!(mistake.column() >= 1);
            }
        }
    }

    #[test]
    fn any_characters_never_panic(text in "\\PC{0,200}") {
        let _ = load(&[("x", &text)]);
    }

    #[test]
    fn the_nearest_file_wins(
        layers in proptest::collection::btree_map("([ab](/[ab]){0,3})?", 0_u32..4, 0..6),
        path in "[ab](/[ab]){0,4}",
    ) {
        let words = ["off", "info", "warn", "error"];
        let texts: Vec<(String, String)> = layers
            .iter()
            .map(|(folder, level)| {
                let word = words[*level as usize];
                let text = format!(
                    "[controls.clone-detect]\nseverity = \"{word}\"\ntokens-min = {level}\n"
                );
                (folder.clone(), text)
            })
            .collect();
        let files: Vec<(&str, &str)> =
            texts.iter().rev().map(|(folder, text)| (folder.as_str(), text.as_str())).collect();
        let settings = load(&files).unwrap();
        // The slow and obvious way: walk up from the path until a layer is found.
        let mut folder = Some(path.as_str());
        let mut nearest = None;
        while let Some(current) = folder {
            nearest = layers.get(current).copied();
            if nearest.is_some() || current.is_empty() {
                break;
            }
            folder = Some(current.rsplit_once('/').map_or("", |(above, _)| above));
        }
        let expected = nearest.map_or(Some(Severity::Warn), |level| {
            Severity::from_word(words[level as usize])
        });
        prop_assert_eq!(settings.severity("clone-detect", &path, Severity::Warn), expected);
        let number = settings.options("clone-detect", &path).number("tokens-min", 9);
        prop_assert_eq!(number, nearest.unwrap_or(9));
        let block = settings.severity("clone-detect", &path, Severity::Block);
        prop_assert_eq!(block, Some(Severity::Block));
    }
}
