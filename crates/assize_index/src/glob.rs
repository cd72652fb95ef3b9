//! Patterns of paths, as shells, Docker, pipelines and git write them.
//!
//! `*` and `?` stay within one folder, `**` spans any number of them, `[..]` is a set. A pattern
//! that cannot be read matches nothing.

/// Whether the patterns match a path, or one of the folders above it.
///
/// One row of the table of (patterns read, parts read) is kept at a time: the work is the product
/// of both lengths, whatever the pattern.
pub fn glob_matches(patterns: &[&str], parts: &[&str]) -> bool {
    let mut reached = vec![false; parts.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for pattern in patterns {
        let mut next = vec![false; parts.len() + 1];
        let mut open = false;
        for (at, slot) in next.iter_mut().enumerate() {
            let here = reached.get(at).copied().unwrap_or(false);
            if *pattern == "**" {
                open |= here;
                *slot = open;
            } else if let Some(before) = at.checked_sub(1) {
                *slot = reached.get(before).copied().unwrap_or(false)
                    && parts.get(before).is_some_and(|part| one(pattern, part));
            }
        }
        reached = next;
    }
    reached.into_iter().skip(1).any(|end| end)
}

/// Whether one pattern without slashes matches one name.
fn one(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let mut reached = vec![0];
    close(&pattern, &mut reached);
    for letter in name.chars() {
        let mut next = Vec::new();
        for at in reached {
            match pattern.get(at) {
                Some('*') => next.push(at),
                Some('?') => next.push(at + 1),
                Some('[') => {
                    if let Some((end, matches)) = set(&pattern, at, letter)
                        && matches
                    {
                        next.push(end);
                    }
                }
                Some('\\') if pattern.get(at + 1) == Some(&letter) => next.push(at + 2),
                Some(own) if *own == letter => next.push(at + 1),
                _ => {}
            }
        }
        close(&pattern, &mut next);
        reached = next;
    }
    reached.contains(&pattern.len())
}

/// Steps over stars, which may stand for nothing.
fn close(pattern: &[char], reached: &mut Vec<usize>) {
    let mut at = 0;
    while let Some(position) = reached.get(at).copied() {
        if pattern.get(position) == Some(&'*') {
            reached.push(position + 1);
        }
        at += 1;
    }
    reached.sort_unstable();
    reached.dedup();
}

/// The end of the set that opens at `at`, and whether the letter is in it.
fn set(pattern: &[char], at: usize, letter: char) -> Option<(usize, bool)> {
    let negated = matches!(pattern.get(at + 1), Some('!' | '^'));
    let start = at + 1 + usize::from(negated);
    let mut position = start;
    let mut found = false;
    while let Some(own) = pattern.get(position) {
        if *own == ']' && position > start {
            return Some((position + 1, found != negated));
        }
        match (pattern.get(position + 1), pattern.get(position + 2)) {
            (Some('-'), Some(last)) if *last != ']' => {
                found |= (*own..=*last).contains(&letter);
                position += 3;
            }
            _ => {
                found |= *own == letter;
                position += 1;
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{glob_matches, one};

    #[test]
    fn names() {
        for (pattern, name) in [
            ("*", "a"),
            ("*.json", "x.json"),
            ("package*.json", "package.json"),
            ("a?c", "abc"),
            ("[a-c]x", "bx"),
            ("[!a]x", "bx"),
            ("**", "a"),
            ("a*b*c", "aXbYc"),
        ] {
            assert!(one(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in
            [("*.json", "x.jso"), ("a?c", "ac"), ("[a-c]x", "dx"), ("[a", "a"), ("", "a")]
        {
            assert!(!one(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn folders() {
        let path = ["a", "b", "c.json"];
        assert!(glob_matches(&["**", "*.json"], &path) && glob_matches(&["*"], &path));
        assert!(glob_matches(&["a", "**"], &path) && glob_matches(&["**", "b"], &path));
        assert!(!glob_matches(&["*.json"], &path) && !glob_matches(&["a", "*.json"], &path));
    }

    #[test]
    fn many_stars_end() {
        assert!(!one(&"*a".repeat(200), &"a".repeat(150)));
    }
}
