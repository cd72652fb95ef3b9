//! Definitions with each defect that is known from real ones, and sound ones that look alike.

use assize_agents::{Fix, Pass, Reading, Status, read, rows};

const BODY: &str = "\nYou look after the queue.\n";

/// Front matter with a body.
fn sound(front: &str) -> String {
    format!("---\n{front}---\n{BODY}")
}

struct Case {
    idea: &'static str,
    text: String,
    status: Status,
    codes: &'static [&'static str],
    /// What the reader must have got.
    name: Option<&'static str>,
}

fn case(
    idea: &'static str,
    text: impl Into<String>,
    status: Status,
    codes: &'static [&'static str],
    name: Option<&'static str>,
) -> Case {
    Case { idea, text: text.into(), status, codes, name }
}

const REQUOTED: Status = Status::Rescued(Pass::Requoted);
const SCANNED: Status = Status::Rescued(Pass::Scanned);
const MOVED: Status = Status::Rescued(Pass::Moved);

fn bad() -> Vec<Case> {
    let queue = Some("queue-keeper");
    let head = "name: queue-keeper\ndescription: Looks after the queue of jobs.\n";
    vec![
        case(
            "an unquoted colon in the description",
            sound("name: queue-keeper\ndescription: Senior engineer: APIs and data\nmodel: opus\n"),
            REQUOTED,
            &["yaml-invalid"],
            queue,
        ),
        case(
            "a colon at the end of the line",
            sound("name: queue-keeper\ndescription: Looks after the queue. Rules:\n"),
            REQUOTED,
            &["yaml-invalid"],
            queue,
        ),
        case(
            "bold text is an alias to YAML",
            sound("name: queue-keeper\ndescription: **Senior** keeper of the queue\n"),
            REQUOTED,
            &["yaml-invalid"],
            queue,
        ),
        case(
            "text after a closing quote",
            sound("name: queue-keeper\ndescription: \"Keeper\" of the queue\n"),
            REQUOTED,
            &["yaml-invalid"],
            queue,
        ),
        case(
            "prose injected inside the front matter",
            sound(&format!("{head}**MANDATORY**: read the rules first\n\nmodel: opus\n")),
            SCANNED,
            &["yaml-invalid"],
            queue,
        ),
        case(
            "list items at column 0 under a text",
            sound(
                "name: queue-keeper\ndescription: \"Looks after it.\"\n- be careful\nmodel: opus\n",
            ),
            SCANNED,
            &["yaml-invalid"],
            queue,
        ),
        case(
            "a dash without a space",
            sound(&format!("{head}triggers:\n  - job_stuck\n  -_overhead_needed\n  - job_lost\n")),
            SCANNED,
            &["yaml-invalid"],
            queue,
        ),
        case(
            "a list in brackets followed by text",
            sound(&format!("{head}tools: [All previous tools] + Monitoring, Profiling\n")),
            REQUOTED,
            &["yaml-invalid"],
            queue,
        ),
        case(
            "no closing dashes",
            format!("---\n{head}\n# The keeper\n\nYou look after the queue.\n"),
            MOVED,
            &["unterminated"],
            queue,
        ),
        case(
            "no closing dashes, and a thematic break in the body",
            format!("---\n{head}\nYou look after the queue.\n\n---\n\nMore.\n"),
            MOVED,
            &["unterminated"],
            queue,
        ),
        case(
            "a key that stands twice",
            sound(&format!("{head}model: opus\nmodel: sonnet\n")),
            Status::Valid,
            &["key-duplicate"],
            queue,
        ),
        case(
            "carriage returns",
            sound(head).replace('\n', "\r\n"),
            Status::Valid,
            &["crlf"],
            queue,
        ),
        case(
            "carriage returns and an unquoted colon",
            sound("name: queue-keeper\ndescription: Senior: APIs\n").replace('\n', "\r\n"),
            REQUOTED,
            &["crlf", "crlf-colon"],
            queue,
        ),
        case(
            "wrapped in a code fence",
            format!("```yaml\n{}```\n", sound(head)),
            MOVED,
            &["fenced"],
            queue,
        ),
        case(
            "wrapped in a code fence without dashes",
            format!("```yaml\n{head}```\n\nText.\n"),
            MOVED,
            &["fenced"],
            queue,
        ),
        case("a byte-order mark", format!("\u{feff}{}", sound(head)), MOVED, &["bom"], queue),
        case(
            "leading blank lines",
            format!("\n \n{}", sound(head)),
            MOVED,
            &["leading-blank"],
            queue,
        ),
        case(
            "prose before the front matter",
            format!("Here is the agent.\n\n{}", sound(head)),
            MOVED,
            &["not-first"],
            queue,
        ),
        case(
            "fields without dashes",
            format!("{head}\nYou look after the queue.\n"),
            MOVED,
            &["front-matter-missing"],
            queue,
        ),
        case(
            "no name",
            sound("description: Looks after the queue.\n"),
            Status::Broken,
            &["name-missing"],
            None,
        ),
        case(
            "no description",
            sound("name: queue-keeper\n"),
            Status::Broken,
            &["description-missing"],
            queue,
        ),
        case(
            "empty name and description",
            sound("name:\ndescription: \"\"\n"),
            Status::Broken,
            &["name-missing", "description-missing"],
            None,
        ),
        case(
            "empty front matter",
            "---\n---\ntext\n",
            Status::Broken,
            &["description-missing", "name-missing", "yaml-invalid"],
            None,
        ),
        case(
            "a name that is a number",
            sound("name: 123\ndescription: Looks after the queue.\n"),
            Status::Valid,
            &["name-not-text"],
            Some("123"),
        ),
        case(
            "a description that is a list",
            sound("name: queue-keeper\ndescription: [one, two]\n"),
            Status::Broken,
            &["description-not-text"],
            queue,
        ),
        case(
            "a tab in the indent",
            sound(&format!("{head}metadata:\n\tteam: core\n")),
            SCANNED,
            &["yaml-invalid"],
            queue,
        ),
    ]
}

fn good() -> Vec<Case> {
    let queue = Some("queue-keeper");
    let head = "name: queue-keeper\ndescription: Looks after the queue of jobs.\n";
    vec![
        case("plain", sound(head), Status::Valid, &[], queue),
        case(
            "quoted colons",
            sound("name: queue-keeper\ndescription: \"Senior: APIs\"\nmodel: 'a: b'\n"),
            Status::Valid,
            &[],
            queue,
        ),
        case(
            "colons without a blank after them",
            sound("name: queue-keeper\ndescription: Reads http://queue:80 at 12:30\n"),
            Status::Valid,
            &[],
            queue,
        ),
        case(
            "a block scalar over many lines",
            sound(
                "name: queue-keeper\ndescription: |\n  Use it: always.\n\n  - one\n  # no comment\n",
            ),
            Status::Valid,
            &[],
            queue,
        ),
        case(
            "a folded scalar",
            sound("name: queue-keeper\ndescription: >-\n  Use it: always\n  and ever\n"),
            Status::Valid,
            &[],
            queue,
        ),
        case(
            "list items at column 0 under their key",
            sound(&format!("{head}triggers:\n- job_stuck\n- job_lost\n")),
            Status::Valid,
            &[],
            queue,
        ),
        case(
            "the description under metadata",
            sound("name: queue-keeper\nmetadata:\n  description: Looks after the queue.\n"),
            Status::Valid,
            &[],
            queue,
        ),
        case(
            "thematic breaks in the body",
            format!("{}\n---\n\nname: other\n\n---\n", sound(head)),
            Status::Valid,
            &[],
            queue,
        ),
        case(
            "a comment and a blank line among the fields",
            sound(&format!("{head}\n# Fields of the router\nmodel: opus\n")),
            Status::Valid,
            &[],
            queue,
        ),
        case(
            "letters beyond ASCII",
            sound("name: queue-keeper\ndescription: \"Hüter der Schlange — 🚨: überall\"\n"),
            Status::Valid,
            &[],
            queue,
        ),
        case("a document", "# Agents\n\nThere are many.\n", Status::NotAgent, &[], None),
        case(
            "a document that shows a definition",
            format!("# Agents\n\n```yaml\n{}```\n", sound(head)),
            Status::NotAgent,
            &[],
            None,
        ),
        case(
            "a document that begins with a thematic break",
            "---\n\n# Agents\n\nText.\n",
            Status::NotAgent,
            &[],
            None,
        ),
        case(
            "prose between two thematic breaks",
            "---\nAll about agents\n---\n\nText.\n",
            Status::NotAgent,
            &[],
            None,
        ),
        case("nothing", "", Status::NotAgent, &[], None),
    ]
}

fn codes(reading: &Reading) -> Vec<&'static str> {
    reading.defects.iter().map(|defect| defect.code).collect()
}

#[test]
fn each_defect_is_found_and_no_other() {
    for case in bad().iter().chain(&good()) {
        let reading = read(".claude/agents/queue-keeper.md", &case.text);
        let mut found = codes(&reading);
        let mut expected = case.codes.to_vec();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{}", case.idea);
        assert_eq!(reading.status, case.status, "{}", case.idea);
        assert_eq!(reading.name.as_deref(), case.name, "{}", case.idea);
    }
}

fn apply(text: &str, fix: &Fix) -> String {
    let mut out = text.to_owned();
    out.replace_range(fix.span.start..fix.span.end, &fix.replacement);
    out
}

#[test]
fn a_fix_removes_its_defect_and_keeps_the_words() {
    let mut count = 0;
    for case in bad() {
        let before = read("a.md", &case.text);
        for defect in &before.defects {
            let Some(fix) = &defect.fix else { continue };
            count += 1;
            let after = read("a.md", &apply(&case.text, fix));
            assert!(!codes(&after).contains(&defect.code), "{}: {}", case.idea, defect.code);
            assert_eq!(after.status, Status::Valid, "{}", case.idea);
            assert_eq!(after.name, before.name, "{}", case.idea);
            assert_eq!(after.description, before.description, "{}", case.idea);
        }
    }
    assert!(count >= 10, "only {count} defects have a fix");
}

#[test]
fn spans_lie_in_the_text_and_every_prefix_can_be_read() {
    for case in bad().iter().chain(&good()) {
        for end in (0..=case.text.len()).filter(|end| case.text.is_char_boundary(*end)) {
            let prefix = &case.text[..end];
            let reading = read("a.md", prefix);
            for defect in &reading.defects {
                assert!(prefix.get(defect.span.start..defect.span.end).is_some(), "{}", case.idea);
            }
            for field in &reading.fields {
                let words = prefix.get(field.key_span.start..field.key_span.end);
                assert_eq!(words.map(str::trim), Some(field.key.as_str()), "{}", case.idea);
                assert!(prefix.get(field.value_span.start..field.value_span.end).is_some());
            }
        }
    }
}

#[test]
fn hostile_texts_take_no_long_time() {
    let big = 1 << 20;
    let texts = [
        format!("---\nname: a\ndescription: {}\n---\n", "[".repeat(big)),
        format!("---\nname: a\nx:\n{}---\n", " - ".repeat(40_000)),
        format!("---\nname: a\n{}---\n", "description: a: b\n".repeat(50_000)),
        format!("---\nname: a\n{}---\n", "\n\n**x**\n".repeat(50_000)),
        format!("---\n{}", "name: &a [*a, *a]\n".repeat(5_000)),
        "---\n".repeat(big / 4),
        "\u{feff}".repeat(big / 3),
        "```\n".repeat(big / 4),
        format!("---\nname: {}\n---\n", "é: ".repeat(30_000)),
        format!("---\n{}\n---\n", "a: ".repeat(30_000)),
        format!("---\n{}\n---\n", "{a: ".repeat(30_000)),
    ];
    let start = std::time::Instant::now();
    for text in &texts {
        read("a.md", text);
    }
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}

#[test]
fn tools_are_split_outside_parentheses() {
    let text = sound("name: a\ndescription: b\ntools: Read, Bash(git log, git diff), mcp__x__y\n");
    let tools = read("a.md", &text).tools.unwrap();
    assert_eq!(tools, ["Read", "Bash(git log, git diff)", "mcp__x__y"]);
    let text = sound("name: a\ndescription: b\ntools:\n  - Read\n  - Grep\n");
    assert_eq!(read("a.md", &text).tools.unwrap(), ["Read", "Grep"]);
    assert_eq!(read("a.md", &sound("name: a\ndescription: b\n")).tools, None);
}

#[test]
fn the_roster_leaves_documents_out_unless_all_is_wanted() {
    let agent = sound("name: b-agent\ndescription: Does b.\n");
    let other = sound("name: a-agent\ndescription: Does: a\n");
    let files = [("x/b.md", agent.as_str()), ("x/README.md", "# x\n"), ("x/a.md", &other)];
    let found = rows(files, false);
    let shown: Vec<_> = found.iter().map(|row| (row.name.as_str(), row.status, row.pass)).collect();
    assert_eq!(shown, [("a-agent", "rescued", Some("requoted")), ("b-agent", "valid", None)]);
    assert_eq!(rows(files, true).len(), 3);
}

#[test]
fn a_document_with_front_matter_of_its_own_is_no_agent() {
    let text = "---\ntitle: All agents\n---\n# Agents\n";
    assert_eq!(read(".claude/agents/README.md", text).status, Status::NotAgent);
    assert_eq!(read(".claude/agents/keeper.md", text).status, Status::Broken);
}

#[test]
fn escapes_are_written_out_where_only_the_lines_can_be_read() {
    let cases = [
        (r#""say \"now\"""#, "say \"now\""),
        (r#""a\tb\\c""#, "a\tb\\c"),
        (r#""a" or "b""#, "\"a\" or \"b\""),
        ("'it''s'", "it's"),
        (r"'a\tb'", r"a\tb"),
        (r#""\d+""#, r"\d+"),
    ];
    for (written, name) in cases {
        let text = format!("---\nname: {written}\ndescription: b\nhooks: [a\nprose\n---\n");
        let reading = read("agents/a.md", &text);
        assert_eq!(reading.status, Status::Rescued(Pass::Scanned), "{text}");
        assert_eq!(reading.name.as_deref(), Some(name), "{text}");
    }
}

#[test]
fn no_fix_is_offered_that_changes_what_the_definition_says() {
    // The dash at column 0 is text of the description; with a space it would end the mapping there,
    // and another name would be read.
    let text = "---\nname: test:2  sc test:2  scrip0:\n2    - cd backend\n into ./run.sQueue \
                Keeper\ndescrip0:\n2    - cd backend\n    - ./run.sQueue Keeper\n\
                description: Short\n---\n";
    let tame = "---\nname: Runs: all\ndescription: Short\n---\n";
    assert!(read("a.md", tame).defects.iter().any(|defect| defect.fix.is_some()));
    let reading = read("a.md", text);
    let mut changed = text.to_owned();
    for fix in reading.defects.iter().rev().filter_map(|defect| defect.fix.as_ref()) {
        changed.replace_range(fix.span.start..fix.span.end, &fix.replacement);
    }
    assert_eq!(read("a.md", &changed).name, reading.name);
}
