//! `$VAR` and `${VAR:-default}` as compose files write them.

/// One variable in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Variable<'a> {
    pub name: &'a str,
    /// Where the name starts.
    pub at: usize,
    /// A fallback stands beside it.
    pub defaulted: bool,
    /// Only whether it is set decides (`${VAR:+text}`).
    pub probe: bool,
}

/// The variables of a text, and the text with all fallbacks in place.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Interpolation<'a> {
    pub variables: Vec<Variable<'a>>,
    /// `None` when a variable has no fallback.
    pub value: Option<String>,
}

enum Operator {
    None,
    Default,
    Required,
    Alternative,
}

/// Reads the variables of a text; `$$` is a plain dollar sign.
pub(crate) fn interpolate(text: &str) -> Interpolation<'_> {
    let mut variables = Vec::new();
    let mut value = String::with_capacity(text.len());
    let mut known = true;
    let mut open = 0_usize;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(after) = rest.strip_prefix("${")
            && let Some((name, operator, len)) = braced(after)
        {
            let defaulted = matches!(operator, Operator::Default);
            let probe = matches!(operator, Operator::Alternative);
            variables.push(Variable { name, at: at + 2, defaulted, probe });
            known &= defaulted;
            open += usize::from(!matches!(operator, Operator::None));
            at += 2 + len;
        } else if rest.starts_with("$$") {
            value.push('$');
            at += 2;
        } else if let Some(name) = rest.strip_prefix('$').map(name_of).filter(|n| !n.is_empty()) {
            variables.push(Variable { name, at: at + 1, defaulted: false, probe: false });
            known = false;
            at += 1 + name.len();
        } else if open > 0 && rest.starts_with('}') {
            open -= 1;
            at += 1;
        } else {
            let next = rest.char_indices().skip(1).find(|(_, c)| matches!(c, '$' | '}'));
            let len = next.map_or(rest.len(), |(len, _)| len);
            value.push_str(rest.get(..len).unwrap_or(""));
            at += len;
        }
    }
    Interpolation { variables, value: known.then_some(value) }
}

/// What follows `${`: the name, what is done with it, and how many bytes both take.
fn braced(text: &str) -> Option<(&str, Operator, usize)> {
    let name = name_of(text);
    let rest = text.get(name.len()..)?;
    if name.is_empty() {
        return None;
    }
    if rest.starts_with('}') {
        return Some((name, Operator::None, name.len() + 1));
    }
    let (sign, len) = match rest.strip_prefix(':') {
        Some(after) => (after.chars().next()?, 2),
        None => (rest.chars().next()?, 1),
    };
    let operator = match sign {
        '-' => Operator::Default,
        '?' => Operator::Required,
        '+' => Operator::Alternative,
        _ => return None,
    };
    Some((name, operator, name.len() + len))
}

fn name_of(text: &str) -> &str {
    let start = text.bytes().next();
    if !start.is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_') {
        return "";
    }
    let len = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    text.get(..len).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::interpolate;

    #[test]
    fn fallbacks_take_the_place_of_variables() {
        let cases = [
            ("${PORT:-8080}:80", Some("8080:80")),
            ("${A-${B:-x}y}z", Some("xyz")),
            ("${A:-}b", Some("b")),
            ("$$HOME {}", Some("$HOME {}")),
            ("cost $5 ${ x", Some("cost $5 ${ x")),
            ("$PORT:80", None),
            ("${PORT}:80", None),
            ("${A:?it must be set}", None),
        ];
        for (text, expected) in cases {
            assert_eq!(interpolate(text).value.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn nested_variables_are_all_seen() {
        let found = interpolate("é$X ${A:-${B}} ${C:+set} $${D}");
        let names: Vec<_> =
            found.variables.iter().map(|v| (v.name, v.at, v.defaulted, v.probe)).collect();
        let expected = [
            ("X", 3, false, false),
            ("A", 7, true, false),
            ("B", 12, false, false),
            ("C", 18, false, true),
        ];
        assert_eq!(names, expected);
    }
}
