//! In-line allowances: `assize: allow(<control>) until=YYYY-MM-DD reason="..."` in a comment.
//!
//! Read here as a fact; whether it is valid is a control's business. An allowance covers its own
//! line, or the next line when nothing but the comment stands on its own; of several comments one
//! below the other each covers the line after the last.
//!
//! Words in a string, in a document's code block or in a here-document are no comment: text that
//! speaks of allowances must not grant one.

pub(crate) mod comments;

use assize_model::Span;

use crate::{Extraction, FactKind, Role};

const MARK: &str = "assize: allow(";

/// One allowance as it stands in the text.
#[derive(Debug)]
struct Written<'a> {
    control: &'a str,
    until: &'a str,
    reason: &'a str,
    span: Span,
    line: u32,
    /// Whether nothing but the comment stands on its line.
    alone: bool,
}

pub(crate) fn extract(sheet: &mut Extraction<'_>) {
    let text = sheet.text;
    if !text.contains(MARK) {
        return;
    }
    let found = written(sheet);
    // From the last to the first: a comment above another covers what that one covers.
    let mut below: Option<(u32, u32)> = None;
    let mut covered = Vec::with_capacity(found.len());
    for one in found.iter().rev() {
        let next = one.line.saturating_add(1);
        let line = match (one.alone, below) {
            (false, _) => one.line,
            (true, Some((line, covers))) if line == next => covers,
            (true, _) => next,
        };
        below = one.alone.then_some((one.line, line));
        covered.push(line);
    }
    for (one, line) in found.iter().zip(covered.into_iter().rev()) {
        sheet
            .fact(FactKind::Allowance, Role::Definition, one.control, one.span)
            .value(one.until)
            .item(one.reason)
            .number(line)
            .done();
    }
}

fn written<'a>(sheet: &Extraction<'a>) -> Vec<Written<'a>> {
    let text = sheet.text;
    let language = sheet.dialect.language();
    let places: Vec<usize> = text.match_indices(MARK).map(|(at, _)| at).collect();
    let openers = comments::openers(language, text, &places);
    let mut found = Vec::new();
    for (at, opener) in places.into_iter().zip(openers) {
        let Some(opener) = opener else { continue };
        let line = sheet.lines.line(at);
        let span = sheet.lines.line_span(line, text);
        let before = text.get(span.start..at).unwrap_or("");
        let rest = text.get(at + MARK.len()..span.end).unwrap_or("");
        let rest = rest.trim_end().trim_end_matches("-->").trim_end_matches("*/").trim_end();
        let (control, tail) = rest.split_once(')').unwrap_or((rest, ""));
        let until = tail.split_whitespace().find_map(|word| word.strip_prefix("until="));
        let reason = tail
            .split_once("reason=\"")
            .and_then(|(_, after)| after.split_once('"'))
            .map_or("", |(reason, _)| reason.trim());
        found.push(Written {
            control: control.trim(),
            until: until.unwrap_or(""),
            reason,
            span: Span::new(at, span.end),
            line,
            alone: before.trim_end().trim_end_matches(opener).trim().is_empty(),
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use assize_model::{FileClass, LineIndex, RepoPath};

    use crate::{FactKind, extract};

    /// The controls that a text allows, each with the line that it covers.
    fn allowed(path: &str, text: &str) -> Vec<(String, u32)> {
        let lines = LineIndex::new(text);
        let path = RepoPath::new(path).unwrap();
        let facts = extract(&path, FileClass::Production, text, &lines).facts;
        facts
            .into_iter()
            .filter(|fact| fact.kind == FactKind::Allowance)
            .map(|fact| (fact.key, fact.number))
            .collect()
    }

    #[test]
    fn comments_of_each_language() {
        let tail = "assize: allow(x) until=2027-01-01 reason=\"y\"";
        let cases = [
            ("a.py", format!("a = 1  # {tail}\n"), 1),
            ("a.py", format!("s = '''\n# no\n'''\n# {tail}\na = 1\n"), 5),
            ("a.ts", format!("const a = 'it'; // {tail}\n"), 1),
            ("a.ts", format!("const r = /[\"']/;\n/* {tail} */\nf(`${{`a`}}`);\n"), 3),
            ("a.tsx", format!("const r = <p>it's</p>;\n// {tail}\nf();\n"), 3),
            ("a.yml", format!("a: \"b # c\" # {tail}\n"), 1),
            ("a.yml", format!("steps:\n  - run: |\n      # {tail}\n      make x\n"), 4),
            ("a.sh", format!("echo \"it's\"\ncat <<EOT\nx\nEOT\n# {tail}\nmake\n"), 6),
            ("a.md", format!("It's text.\n\n<!-- {tail} -->\n[x](y)\n"), 4),
            ("Dockerfile", format!("# {tail}\nFROM a\n"), 2),
            ("a.toml", format!("a = 'it' # {tail}\n"), 1),
            ("Makefile", format!("# {tail}\nall:\n"), 2),
            ("a.go", format!("s := `it's\n\"` // {tail}\n"), 2),
            ("a.java", format!("char c = '\"'; // {tail}\n"), 1),
            ("a.rs", format!("fn f<'a>(x: &'a str) {{}} // {tail}\nlet q = '\"';\n"), 1),
            ("a.rs", format!("let s = r#\"a\"b\"#; /* {tail} */\n"), 1),
            ("a.cs", format!("var p = @\"c:\\\"; // {tail}\n"), 1),
            ("x.sql", format!("-- {tail}\nselect 1;\n"), 2),
        ];
        for (path, text, line) in cases {
            assert_eq!(allowed(path, &text), [("x".to_owned(), line)], "{path}\n{text}");
        }
    }

    #[test]
    fn text_that_is_no_comment_allows_nothing() {
        let cases = [
            ("a.py", "a = \"# assize: allow(x)\"\n"),
            ("a.py", "a = \"see # assize: allow(x)\"\n"),
            ("a.py", "a = '''\n# assize: allow(x)\n'''\n"),
            ("a.py", "\"\"\"Doc.\n\n    # assize: allow(x)\n\"\"\"\n"),
            ("a.ts", "const a = \" // assize: allow(x)\";\n"),
            ("a.ts", "const a = `\n// assize: allow(x)\n`;\n"),
            ("a.yml", "a: \" # assize: allow(x)\"\n"),
            ("a.yml", "text: |\n  # assize: allow(x)\n  more\n"),
            ("a.sh", "echo \" # assize: allow(x)\"\n"),
            ("a.sh", "cat <<-'EOT'\n# assize: allow(x)\n\tEOT\n"),
            ("a.md", "```python\n# assize: allow(x)\n```\n"),
            ("a.md", "~~~\n<!-- assize: allow(x) -->\n~~~\n"),
            ("a.md", "Write `<!-- assize: allow(x) -->` above it, or ` <!-- assize: allow(x)`.\n"),
            ("Dockerfile", "LABEL a=\" # assize: allow(x)\"\n"),
            ("a.toml", "a = '''\n# assize: allow(x)\n'''\n"),
            ("a.go", "s := `\n// assize: allow(x)\n`\n"),
            ("a.java", "var s = \"\"\"\n// assize: allow(x)\n\"\"\";\n"),
            ("a.rs", "let s = \"\n// assize: allow(x)\n\";\n"),
            ("a.rs", "let s = r#\"\n\"\n// assize: allow(x)\n\"#;\n"),
            ("a.cs", "var s = @\"\n\"\"\n// assize: allow(x)\n\";\n"),
            ("a.py", "# how to write assize: allow(x)\n"),
        ];
        for (path, text) in cases {
            assert_eq!(allowed(path, text), [], "{path}\n{text}");
        }
    }

    #[test]
    fn comments_one_below_the_other_cover_the_same_line() {
        let text = "# assize: allow(a)\n# assize: allow(b)\nx = 1  # assize: allow(c)\n";
        let expected = [("a".to_owned(), 3), ("b".to_owned(), 3), ("c".to_owned(), 3)];
        assert_eq!(allowed("a.py", text), expected);
    }
}
