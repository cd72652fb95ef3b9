//! One dependency as PEP 508 writes it: `name[extras] >=1,<2 ; marker` or `name @ url`.
//!
//! Tolerant where pip is not (`name=1.0`, missing commas), because what matters is which package
//! was meant; strict about the name, because prose must not become a package.

/// What a requirement says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::lang) struct Requirement<'a> {
    /// The name as written.
    pub(in crate::lang) name: &'a str,
    /// What follows name and extras, without the marker: `>=1,<2`, `@ https://..` or nothing.
    pub(in crate::lang) constraint: &'a str,
    /// The marker asks for an extra, so that a plain install leaves it out.
    pub(in crate::lang) extra_only: bool,
}

/// Reads a requirement; `None` where the text is none.
pub(in crate::lang) fn parse(text: &str) -> Option<Requirement<'_>> {
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end)?;
    if !is_name(name) {
        return None;
    }
    let rest = skip_extras(rest.trim_start())?.trim_start();
    if rest.starts_with('@') {
        let (url, marker) = split_url_marker(rest);
        return Some(Requirement { name, constraint: url, extra_only: asks_for_extra(marker) });
    }
    let (constraint, marker) = rest.split_once(';').unwrap_or((rest, ""));
    let constraint = unwrap_parentheses(constraint.trim());
    is_constraint(constraint).then(|| Requirement {
        name,
        constraint,
        extra_only: asks_for_extra(marker),
    })
}

/// Whether a text is a distribution name: letters and digits at both ends.
pub(in crate::lang) fn is_name(text: &str) -> bool {
    let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    edge(text.as_bytes().first())
        && edge(text.as_bytes().last())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

fn skip_extras(rest: &str) -> Option<&str> {
    let Some(inside) = rest.strip_prefix('[') else { return Some(rest) };
    let (extras, after) = inside.split_once(']')?;
    let valid = extras.split(',').map(str::trim).all(|extra| extra.is_empty() || is_name(extra));
    valid.then_some(after)
}

/// A semicolon is legal in a URL: only one after white space ends it.
fn split_url_marker(rest: &str) -> (&str, &str) {
    match rest.find(" ;").or_else(|| rest.find("\t;")) {
        Some(at) => (rest.get(..at).unwrap_or(rest).trim_end(), rest.get(at + 2..).unwrap_or("")),
        None => (rest.trim_end(), ""),
    }
}

fn unwrap_parentheses(text: &str) -> &str {
    text.strip_prefix('(').and_then(|t| t.strip_suffix(')')).map_or(text, str::trim)
}

fn is_constraint(text: &str) -> bool {
    let operator = |byte: u8| matches!(byte, b'<' | b'>' | b'=' | b'!' | b'~' | b'^');
    match text.as_bytes().first() {
        None => true,
        Some(first) => {
            operator(*first)
                && text.bytes().all(|byte| {
                    operator(byte)
                        || byte.is_ascii_alphanumeric()
                        || matches!(byte, b'.' | b'*' | b'+' | b'-' | b'_' | b',' | b' ' | b'\t')
                })
        }
    }
}

fn asks_for_extra(marker: &str) -> bool {
    marker.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).any(|word| word == "extra")
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn read(text: &str) -> Option<(&str, &str, bool)> {
        parse(text).map(|r| (r.name, r.constraint, r.extra_only))
    }

    #[test]
    fn reads_what_pip_reads() {
        let cases = [
            ("fastapi[all]>=0.1,<1", Some(("fastapi", ">=0.1,<1", false))),
            ("Foo.Bar ( ==1.0.* )", Some(("Foo.Bar", "==1.0.*", false))),
            ("a", Some(("a", "", false))),
            ("a ; python_version < \"3.9\"", Some(("a", "", false))),
            ("a>1; extra == 'test'", Some(("a", ">1", true))),
            (
                "pkg[x, y] @ https://h/a;b.whl ; os_name=='nt'",
                Some(("pkg", "@ https://h/a;b.whl", false)),
            ),
            ("a===1.0+local", Some(("a", "===1.0+local", false))),
            ("numpy=1.2=py39_0", Some(("numpy", "=1.2=py39_0", false))),
            ("smokeshow >=0.5.0", Some(("smokeshow", ">=0.5.0", false))),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn prose_and_templates_are_no_packages() {
        let cases = [
            "The system shall start",
            "{{ cookiecutter.name }}",
            "-r x",
            "",
            "a[b",
            "name-",
            "übung",
            "a: b",
            "<b>",
            "foo bar==1",
        ];
        for text in cases {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
