use proptest::prelude::*;

use super::*;

const TEXT: &str = "# Guide\nEverybody reads this.\n## Database migrations\n- never drop a column\n\
                    ### Naming\n- dates first\n## Python\n- typed\n## Layout\n\
                    - `crates/api/` holds routes\n- see docs/policy/secrets.md\n\
                    - `*.proto` is made\n\
                    ## Release\n- tag it\n";

fn headings<'a>(documents: &[Document<'a>], paths: &[&str]) -> Vec<&'a str> {
    passages(documents, paths).iter().map(|one| one.heading).collect()
}

#[test]
fn sections_belong_to_paths_by_what_they_name_and_by_their_headings() {
    let document = [Document { path: "AGENTS.md", text: TEXT }];
    for (path, expected) in [
        ("db/migrations/001.sql", &["Database migrations", "Naming"][..]),
        ("tools/make.py", &["Python"]),
        ("crates/api/users.rs", &["Layout"]),
        ("docs/policy/secrets.md", &["Layout"]),
        ("wire/user.proto", &["Layout"]),
        ("web/page.css", &[]),
        ("crates/apiary/users.rs", &[]),
    ] {
        assert_eq!(headings(&document, &[path]), expected, "{path}");
    }
}

#[test]
fn the_closest_section_is_the_first() {
    let text = "## Python\n- typed\n## Elsewhere\n- see shop/pay.py first\n";
    let document = [Document { path: "AGENTS.md", text }];
    assert_eq!(headings(&document, &["shop/pay.py"]), ["Elsewhere", "Python"]);
}

#[test]
fn a_document_for_some_paths_says_nothing_of_others() {
    let text = "---\nglobs: [\"web/**\", \"*.css\"]\n---\n# Styles\n- tokens only\n";
    let document = [Document { path: ".cursor/rules/web.mdc", text }];
    assert_eq!(headings(&document, &["web/page.ts"]).last(), Some(&"Styles"));
    assert_eq!(headings(&document, &["shop/styles.py"]), [""; 0]);
    let inner = [Document { path: "web/AGENTS.md", text: "# Inside\n- here\n" }];
    assert_eq!(headings(&inner, &["web/a/b.ts"]), ["Inside"]);
    assert_eq!(headings(&inner, &["website/b.ts"]), [""; 0]);
}

#[test]
fn a_path_of_another_machine_is_the_one_below_the_root() {
    let text = "# A\n- load /opt/app/IMPORTANT/ports.md\n";
    let document = [Document { path: "CLAUDE.md", text }];
    assert_eq!(headings(&document, &["IMPORTANT/ports.md"]), ["A"]);
}

proptest! {
    #[test]
    fn lines_of_sections_lie_in_their_document(
        text in "([-#*`| a-z/.\n]|Rule 1: x\n|## Data\n){0,60}",
        path in "[a-z/.*]{0,20}",
    ) {
        let document = [Document { path: "AGENTS.md", text: &text }];
        let count = u32::try_from(text.lines().count()).unwrap_or(0);
        let paths = [path.as_str(), "data/a.md"];
        let found = passages(&document, &paths);
        for one in &found {
            prop_assert!(one.first >= 1 && one.first <= one.last && one.last <= count);
        }
        prop_assert_eq!(passages(&document, &paths), found);
    }

    #[test]
    fn no_text_panics(text in any::<String>(), path in any::<String>()) {
        drop(passages(&[Document { path: &path, text: &text }], &[&path]));
    }
}
