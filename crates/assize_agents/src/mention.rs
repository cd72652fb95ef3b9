//! Where the text of an agent hands work to another by name.

use assize_model::Span;

/// Another agent, as a text names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub name: String,
    pub span: Span,
}

/// Agents that clients bring along.
const BUILT_IN: [&str; 9] = [
    "claude",
    "claude-code-guide",
    "explore",
    "fork",
    "general-purpose",
    "output-style-setup",
    "plan",
    "statusline-setup",
    "verification",
];

/// Verbs after which a name in back ticks is that of an agent, when `to` stands between them.
const HANDS_OVER: [&str; 5] = ["delegate", "hand off", "hand-off", "handoff", "escalate"];

/// How far before the name the verb may stand.
const VERB_BYTES_MAX: usize = 60;

/// The agents that a text names as agents, in order of place: `@agent-x`, `subagent_type: "x"`, the
/// `x` agent, agent `x`, delegate to `x`. A name in back ticks alone may be anything.
pub fn mentions(text: &str) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        addressed(line, at, "@agent-", &mut found);
        for mark in ["subagent_type:", "subagent_type="] {
            addressed(line, at, mark, &mut found);
        }
        marked(line, at, &mut found);
        at += line.len();
    }
    found.sort_by_key(|mention: &Mention| mention.span);
    found.dedup_by(|later, earlier| later.span == earlier.span);
    found
}

/// Names that follow a mark, perhaps in quotes.
fn addressed(line: &str, offset: usize, mark: &str, found: &mut Vec<Mention>) {
    for (start, _) in line.match_indices(mark) {
        let rest = line.get(start + mark.len()..).unwrap_or("");
        let skipped = rest.len() - rest.trim_start_matches([' ', '"', '\'', '`']).len();
        let name = rest.get(skipped..).unwrap_or("");
        let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':')));
        let after = name.get(end.unwrap_or(name.len())..).unwrap_or("");
        // `@agent-x@host` is an address, `@agent-x/y` a package.
        if after.starts_with(['@', '/']) || after.starts_with(['{', '<', '$']) {
            continue;
        }
        let name = name.get(..end.unwrap_or(name.len())).unwrap_or("").trim_end_matches([':', '-']);
        push(name, offset + start + mark.len() + skipped, found);
    }
}

/// Names in back ticks or bold that the words around them call an agent.
fn marked(line: &str, offset: usize, found: &mut Vec<Mention>) {
    for mark in ["`", "**"] {
        let mut at = 0;
        while let Some(open) = line.get(at..).and_then(|rest| rest.find(mark)) {
            let start = at + open + mark.len();
            let Some(length) = line.get(start..).and_then(|rest| rest.find(mark)) else { break };
            let end = start + length;
            let name = line.get(start..end).unwrap_or("");
            let before = line.get(..at + open).unwrap_or("");
            let after = line.get(end + mark.len()..).unwrap_or("");
            if name.contains('-') && (is_called(before, after) || is_handed(before)) {
                push(name, offset + start, found);
            }
            at = end + mark.len();
        }
    }
}

/// Whether the words around a name call it an agent.
fn is_called(before: &str, after: &str) -> bool {
    let last = before.trim_end().rsplit(|c: char| !(c.is_alphanumeric() || c == '-')).next();
    let next = after.strip_prefix(' ').unwrap_or("");
    let next = next.split(|c: char| !(c.is_alphanumeric() || c == '-')).next();
    let says = |word: Option<&str>| {
        word.is_some_and(|word| matches!(word, "agent" | "subagent" | "sub-agent"))
    };
    before.ends_with(' ') && says(last) || says(next)
}

/// Whether the words before a name hand something over to it.
fn is_handed(before: &str) -> bool {
    let Some(words) = before.strip_suffix(" to ").or_else(|| before.strip_suffix(" to the "))
    else {
        return false;
    };
    let from = words.len().saturating_sub(VERB_BYTES_MAX);
    let from = (from..words.len()).find(|at| words.is_char_boundary(*at)).unwrap_or(0);
    let near = words.get(from..).unwrap_or("").to_ascii_lowercase();
    let near = near.rsplit(['.', '`', ';']).next().unwrap_or("");
    HANDS_OVER.iter().any(|verb| near.contains(verb))
}

/// Takes a name in kebab case that no client brings along. `plugin:x` is that of a plugin, which
/// lies elsewhere.
fn push(name: &str, start: usize, found: &mut Vec<Mention>) {
    let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let plain = name.bytes().all(letters) && name.starts_with(|c: char| c.is_ascii_lowercase());
    if !plain || name.ends_with('-') || BUILT_IN.binary_search(&name).is_ok() {
        return;
    }
    // `agent-1` and `agent-name` stand for any.
    let stands_for_any = name.contains("your-")
        || matches!(name, "name" | "agent-name" | "subagent-name" | "my-agent" | "x" | "type")
        || name.rsplit('-').next().is_some_and(|end| end.bytes().all(|b| b.is_ascii_digit()));
    if !stands_for_any {
        let span = Span::new(start, start + name.len());
        found.push(Mention { name: name.to_owned(), span });
    }
}

#[cfg(test)]
mod tests {
    use super::{BUILT_IN, mentions};

    #[test]
    fn the_table_is_sorted() {
        assert!(BUILT_IN.is_sorted());
    }

    #[test]
    fn names_of_agents_and_others() {
        let cases: [(&str, &[&str]); 14] = [
            ("Ask @agent-queue-keeper first.", &["queue-keeper"]),
            ("Task(subagent_type=\"code-reviewer\")", &["code-reviewer"]),
            ("subagent_type: general-purpose", &[]),
            ("subagent_type: <name>", &[]),
            ("Use the `api-designer` agent.", &["api-designer"]),
            ("the **api-designer** subagent", &["api-designer"]),
            ("call agent `api-designer` for it", &["api-designer"]),
            ("If security, delegate to `security-guardian`.", &["security-guardian"]),
            ("Hand off the plan to the `test-writer`", &["test-writer"]),
            ("route /api to `my-service`. A `pre-commit` hook", &[]),
            ("The multi-agent system uses `kube-proxy`", &[]),
            ("mail to @agent-a@example.org", &[]),
            ("--agent \"agent-123\" `agent-123` agent", &[]),
            ("use `plugin:reviewer-one` agent", &[]),
        ];
        for (text, expected) in cases {
            let found: Vec<String> = mentions(text).into_iter().map(|one| one.name).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
