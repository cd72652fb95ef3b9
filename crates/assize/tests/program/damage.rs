//! Content that is damaged, huge in one dimension, or changing: it is skipped with a problem or
//! read, and the rest of the tree is judged all the same.

use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::scene::{SHOP, SHOP_FINDINGS, Scene};

#[test]
fn an_empty_repository_is_clean() {
    let scene = Scene::of(&[]);
    let report = scene.check(&[]);
    assert_eq!((report.status, report.count("files")), (0, 0));
    assert!(report.findings().is_empty() && report.problems().is_empty());
    let full = scene.run(&["check"]).expect(0);
    assert!(full.text().contains("0 files"), "{}", full.text());
}

#[test]
fn an_empty_folder_without_git_is_clean() {
    let scene = Scene::bare();
    let report = scene.check(&[]);
    assert_eq!((report.status, report.count("files")), (0, 0));
    assert!(report.problems().is_empty());
}

#[test]
fn text_that_is_not_utf8_is_a_problem_and_no_finding() {
    let scene = Scene::of(SHOP);
    scene.write("shop/latin.py", b"NAME = \"caf\xe9\"\n");
    scene.write("docs/latin.md", b"# caf\xe9\n");
    scene.write("picture.png", b"\x89PNG\0\0\xff");
    // As some shells write redirected output.
    scene.write("shop/wide.txt", b"\xff\xfea\0");
    scene.write("shop/requirements.txt", b"\xff\xfer\0e\0q\0");
    // One byte in a comment must not take a file out of sight.
    scene.write("shop/hidden.js", b"// \0\nimport './nowhere.js';\n");
    let report = scene.check(&[]);
    assert_eq!(report.findings(), SHOP_FINDINGS);
    let named = ["docs/latin.md", "shop/hidden.js", "shop/latin.py", "shop/requirements.txt"];
    assert_eq!(report.problems(), named.map(|name| format!("{name} not-utf8")));
}

/// One file for each language, with brackets that nest far too deeply.
#[test]
fn fifty_thousand_brackets_are_refused_in_every_language() {
    let scene = Scene::of(SHOP);
    let (open, close) = ("[".repeat(50_000), "]".repeat(50_000));
    let names = [
        "a.json",
        "a.py",
        "a.js",
        "a.jsx",
        "a.ts",
        "a.tsx",
        "a.yml",
        "a.toml",
        "a.sh",
        "a.md",
        "a.mdx",
        "Dockerfile",
        "Makefile",
        "compose.yaml",
        ".env",
        "a.sql",
        "a.go",
        "a.rs",
    ];
    for name in names {
        scene.write(format!("deep/{name}"), format!("{open}{close}\n"));
        scene.write(format!("open/{name}"), format!("{open}\n"));
        scene.write(format!("value/{name}"), format!("a = {open}{close}\n"));
    }
    let report = scene.check(&[]);
    let found = report.findings();
    assert!(SHOP_FINDINGS.iter().all(|wanted| found.iter().any(|one| one == wanted)));
    for name in ["a.json", "a.py", "a.ts", "a.tsx", "a.js"] {
        let expected = format!("deep/{name} too-deep");
        assert!(report.problems().contains(&expected), "{expected}: {:?}", report.problems());
    }
}

/// What recurses without a bracket: operators, keywords, indentation, markers of lists and quotes.
#[test]
fn nesting_without_brackets_ends_the_program_no_more_than_brackets_do() {
    let scene = Scene::of(SHOP);
    let n = 50_000;
    let steps: String = (0..3_000).map(|depth| " ".repeat(depth) + "a:\n").collect();
    let ifs: String = (0..1_500).map(|depth| " ".repeat(depth) + "if a:\n").collect();
    let shapes = [
        ("sum.py", "x = ".to_owned() + &"1 + ".repeat(n) + "1\n"),
        ("not.py", "x = ".to_owned() + &"not ".repeat(n) + "1\n"),
        ("minus.py", "x = ".to_owned() + &"-".repeat(n) + "1\n"),
        ("power.py", "x = ".to_owned() + &"1 ** ".repeat(n) + "1\n"),
        ("lambda.py", "x = ".to_owned() + &"lambda: ".repeat(n) + "1\n"),
        ("choice.py", "x = ".to_owned() + &"1 if a else ".repeat(n) + "1\n"),
        ("dots.py", "x = a".to_owned() + &".a".repeat(n) + "\n"),
        ("calls.py", "x = a".to_owned() + &"()".repeat(n) + "\n"),
        ("elif.py", "if a: pass\n".to_owned() + &"elif a: pass\n".repeat(n)),
        ("ifs.py", ifs),
        ("format.py", "x = ".to_owned() + &"f'{".repeat(500) + "1" + &"}'".repeat(500) + "\n"),
        ("sum.ts", "x = ".to_owned() + &"1 + ".repeat(n) + "1\n"),
        ("not.ts", "x = ".to_owned() + &"!".repeat(n) + "1\n"),
        ("arrow.ts", "x = ".to_owned() + &"a => ".repeat(n) + "1\n"),
        ("choice.ts", "x = ".to_owned() + &"a ? 1 : ".repeat(n) + "1\n"),
        ("dots.ts", "x = a".to_owned() + &".a".repeat(n) + "\n"),
        ("elses.ts", "if (a) {} ".to_owned() + &"else if (a) {} ".repeat(n) + "\n"),
        ("types.ts", "type T = ".to_owned() + &"A | ".repeat(n) + "B\n"),
        ("keyof.ts", "type T = ".to_owned() + &"keyof ".repeat(n) + "B\n"),
        ("tags.tsx", "x = ".to_owned() + &"<a>".repeat(n) + &"</a>".repeat(n) + "\n"),
        ("labels.js", "a: ".repeat(n) + "1\n"),
        ("templates.js", "`${".repeat(n) + "1" + &"}`".repeat(n)),
        ("steps.yml", steps),
        ("dashes.yml", "- ".repeat(n) + "a\n"),
        ("keys.yml", "? ".repeat(n) + "a\n"),
        ("anchors.yml", anchors()),
        ("quotes.md", "> ".repeat(n) + "a\n"),
        ("lists.md", "- ".repeat(n) + "a\n"),
        ("stars.md", "*a _b ".repeat(n) + "\n"),
        ("images.md", "![".repeat(900) + &"](a)".repeat(900) + "\n"),
        ("pipes.sh", "a | ".repeat(n) + "b\n"),
        ("ands.sh", "a && ".repeat(n) + "b\n"),
        ("backticks.sh", "echo ".to_owned() + &"\\`".repeat(n) + "\n"),
        ("ifs.sh", "if a; then\n".repeat(n)),
        ("dots.toml", "a".to_owned() + &".a".repeat(n) + " = 1\n"),
        ("heads.toml", "[a".to_owned() + &".a".repeat(n) + "]\n"),
        ("continued.mk", "a: \\\n".repeat(n)),
        ("Dockerfile", "RUN a \\\n".repeat(n)),
        ("expansions.env", "A=".to_owned() + &"${A:-".repeat(900) + &"}".repeat(900) + "\n"),
    ];
    for (name, text) in &shapes {
        scene.write(format!("shapes/{name}"), text);
    }
    let report = scene.check(&[]);
    assert_eq!(report.count("files"), (SHOP.len() + shapes.len()) as u64);
    let found = report.findings();
    assert!(SHOP_FINDINGS.iter().all(|wanted| found.iter().any(|one| one == wanted)));
    assert!(
        !report.problems().iter().any(|one| one.ends_with(" panic")),
        "{:?}",
        report.problems()
    );
}

/// Aliases that would unfold to a billion values.
fn anchors() -> String {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        let list = vec![before; 9].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{list}]\n"));
    }
    text
}

#[test]
fn one_huge_line_costs_no_more_than_its_bytes() {
    let scene = Scene::of(SHOP);
    let size = 300_000;
    for (name, piece, end) in [
        ("words.md", "word ", "\n"),
        ("links.md", "[a](list.json) ", "\n"),
        ("list.json", "1,", "1"),
        ("flow.yml", "a, ", "\n"),
        ("code.js", "f(1);", "\n"),
        ("code.py", "f(1);", "\n"),
        ("run.sh", "echo a;", "\n"),
        ("long.env", "A", "=1\n"),
        ("page.html", "<a href=b>", "\n"),
    ] {
        scene.write(format!("long/{name}"), piece.repeat(size / piece.len()) + end);
    }
    scene.write("long/broken.md", "[a](nowhere.md) ".repeat(1_000));
    let report = scene.check(&[]);
    let found = report.findings();
    assert!(SHOP_FINDINGS.iter().all(|wanted| found.iter().any(|one| one == wanted)));
    let full = scene.run(&["check", "--format", "full", "--limit", "0"]).expect(1);
    assert!(full.text().lines().all(|line| line.len() < 10_000));
}

/// Ends the writer when the test ends, however it ends.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Adds a byte to a file again and again, but never so many that it is too large to be read.
fn grow(path: &Path, stop: &AtomicBool) {
    let mut file = std::fs::File::options().append(true).open(path).unwrap();
    for _ in 0..3_000_000 {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        file.write_all(b"\n").unwrap();
    }
}

#[test]
fn a_file_that_changes_while_it_is_read_is_read_steadily_or_named() {
    let scene = Scene::of(SHOP);
    scene.write("shop/growing.py", "# x\n".repeat(3 << 20));
    let path = scene.path("shop/growing.py");
    let stop = AtomicBool::new(false);
    let seen = std::thread::scope(|scope| {
        let _stop = Stop(&stop);
        scope.spawn(|| grow(&path, &stop));
        (0..5).any(|_| {
            let report = scene.check(&["--no-cache"]);
            assert_eq!(report.findings(), SHOP_FINDINGS);
            let problems = report.problems();
            assert!(problems.is_empty() || problems == ["shop/growing.py changed"], "{problems:?}");
            !problems.is_empty()
        })
    });
    assert!(seen, "the reader never met a change");
    // What could not be read in that pass is read in the next.
    scene.check(&[]);
    scene.write("shop/growing.py", "import os\n\nKEY = os.environ[\"OTHER_KEY\"]\n");
    let report = scene.check(&[]);
    assert!(report.problems().is_empty());
    assert!(report.findings().contains(&"shop/growing.py:3 phantom-env/undefined new".to_owned()));
}

#[test]
fn files_that_are_only_a_mark_or_only_white_space_are_read() {
    let scene = Scene::of(SHOP);
    for name in ["a.py", "a.json", "a.yml", "a.toml", "a.ts", "a.sh", "a.md", "Dockerfile"] {
        scene.write(format!("mark/{name}"), "\u{feff}");
        scene.write(format!("blank/{name}"), " \r\n\t\r\n");
        scene.write(format!("returns/{name}"), "a\rb\rc\r");
    }
    let report = scene.check(&[]);
    assert!(report.problems().is_empty(), "{:?}", report.problems());
    assert_eq!(report.count("files"), SHOP.len() as u64 + 24);
}
