//! Reports to render: an ordinary one, a hostile one, an empty one, a long one.

use assize_model::{
    ControlName, FileClass, Finding, FindingState, Fingerprint, FingerprintParts, Outcome, Place,
    Problem, ProblemKind, RepoPath, Severity,
};
use assize_report::{ControlRun, Head, Report, Shown, Stats, Tool, View};
use assize_rulebook::RuleBook;

pub(crate) const PLAIN: View = View {
    colour: false,
    limit: Some(View::LIMIT),
    excerpts: Some(View::EXCERPTS),
    shown: Shown::New,
};

pub(crate) fn book() -> &'static RuleBook {
    RuleBook::backend().unwrap()
}

pub(crate) fn path(text: &str) -> RepoPath {
    RepoPath::new(text).unwrap()
}

/// A finding of `control` on `path` at the place (line, column, end line, end column).
pub(crate) fn finding(
    control: &'static str,
    severity: Severity,
    file: &str,
    place: (u32, u32, u32, u32),
    message: &str,
) -> Finding {
    let (line, column, end_line, end_column) = place;
    let (path, control) = (path(file), ControlName(control));
    let fingerprint = Fingerprint::of(&FingerprintParts {
        control,
        version: 1,
        code: "undeclared",
        path: &path,
        item: "",
        subject: message,
    });
    Finding {
        path,
        place: Place { line, column, end_line, end_column },
        control,
        code: "undeclared".to_owned(),
        severity,
        message: message.to_owned(),
        help: "declare it, or remove the use".to_owned(),
        fingerprint,
        state: FindingState::New,
    }
}

pub(crate) fn run(name: &str, outcome: Outcome, unresolved: u64) -> ControlRun {
    ControlRun {
        name: name.to_owned(),
        outcome,
        unresolved,
        summary: format!("what {name} flags"),
        doc: format!("# {name}\n\n## What it does\n"),
    }
}

pub(crate) fn problem(file: &str, kind: ProblemKind, message: &str) -> Problem {
    Problem { path: path(file), kind, message: message.to_owned() }
}

pub(crate) fn head() -> Head {
    Head {
        tool: Tool { name: "assize".to_owned(), version: "0.1.0".to_owned() },
        root: "/srv/shop".to_owned(),
        stats: Stats {
            files: 1_034,
            bytes: 16_345_678,
            parsed: 951,
            elapsed_ms: 1_240,
            classes: vec![
                (FileClass::Doc, 14),
                (FileClass::Production, 900),
                (FileClass::Test, 120),
            ],
        },
        fail_on: Severity::Error,
    }
}

pub(crate) fn report(findings: Vec<Finding>) -> Report {
    let controls = vec![
        run("phantom-import", Outcome::Ran, 3),
        run("phantom-env", Outcome::Ran, 0),
        run("docker-user", Outcome::NotApplicable, 0),
        run("print-logging", Outcome::Off, 0),
    ];
    Report::new(head(), book(), findings, controls, Vec::new())
}

pub(crate) fn ordinary() -> Report {
    let mut old = finding("clone-detect", Severity::Warn, "src/b.py", (1, 1, 9, 2), "a copy");
    old.state = FindingState::Baselined;
    let mut whole = finding("duplicate-file", Severity::Warn, "src/b.py", (1, 1, 1, 1), "a twin");
    whole.code.clear();
    whole.help.clear();
    report(vec![
        finding(
            "phantom-import",
            Severity::Error,
            "src/app.py",
            (2, 8, 2, 21),
            "`payments_sdk` is imported, but no manifest declares it",
        ),
        finding("phantom-env", Severity::Warn, "src/app.py", (4, 18, 4, 23), "`TOKEN` is unknown"),
        finding("secret-literal", Severity::Block, "src/app.py", (5, 8, 5, 15), "a live key"),
        finding("clone-detect", Severity::Warn, "src/app.py", (7, 1, 9, 12), "a copy of `b`"),
        finding("agent-budget", Severity::Warn, "gone.md", (3, 1, 3, 4), "`gone` has no text"),
        old,
        whole,
    ])
}

pub(crate) const APP: &str = "# start\nimport payments_sdk\n\nx = os.environ['TOKEN']\nkey = \
    'sk_live' # naïve 日本\n\ndef f():\n\treturn 1\n# end of it\n";

pub(crate) fn source(path: &RepoPath) -> Option<String> {
    (path.as_str() != "gone.md").then(|| APP.to_owned())
}

pub(crate) const HOSTILE: &str = "a\u{1b}[2J\u{1b}]0;pwned\u{7}\r\n\u{202e}fdp.\u{200b}\u{9b}31m";

/// Every text that a repository can choose is hostile.
pub(crate) fn hostile() -> Report {
    let file = format!("src/{HOSTILE}.py");
    let mut bad = finding("phantom-import", Severity::Error, &file, (1, 3, 1, 4), HOSTILE);
    bad.help = HOSTILE.to_owned();
    let mut report = report(vec![bad]);
    report.problems = vec![problem(&file, ProblemKind::Unreadable, HOSTILE)];
    report
}

/// Twenty-five findings of one control, the worst in the middle, and one of another.
pub(crate) fn long() -> Report {
    let mut findings: Vec<Finding> = (1..=25)
        .map(|line| {
            let severity = if line == 23 { Severity::Error } else { Severity::Warn };
            let message = format!("`V{line}` is unknown");
            finding("phantom-env", severity, "src/app.py", (line, 1, line, 2), &message)
        })
        .collect();
    findings.push(finding("doc-link", Severity::Warn, "README.md", (1, 1, 1, 2), "a dead link"));
    findings.reverse();
    report(findings)
}

pub(crate) fn text(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}
