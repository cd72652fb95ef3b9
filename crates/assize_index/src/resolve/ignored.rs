//! Paths that git ignores: what is not in the tree may be made by a build, or lie on the
//! machines of those who work on it.

use assize_syntax::{FactKind, Flags, Role};

use crate::View;

/// How many patterns are kept.
const RULES_MAX: usize = 20_000;

#[derive(Debug)]
struct Rule {
    pattern: Vec<String>,
    folder_only: bool,
    taken_back: bool,
}

/// The patterns of all `.gitignore` files, those of folders after those of folders above.
#[derive(Debug, Default)]
pub struct Ignored(Vec<Rule>);

impl Ignored {
    pub(crate) fn new(view: &View<'_>) -> Self {
        let mut facts = view.facts(FactKind::Path, Role::Definition);
        facts.retain(|fact| fact.item == "ignored");
        facts.sort_by(|a, b| {
            let order = |fact: &crate::FactRef<'_>| (fact.value.len(), fact.place);
            (order(a), a.key).cmp(&(order(b), b.key))
        });
        let rules = facts.into_iter().filter(|fact| !is_boilerplate(fact.key)).take(RULES_MAX).map(
            |fact| Rule {
                pattern: fact.key.split('/').map(str::to_owned).collect(),
                folder_only: fact.flags.has(Flags::FOLDER),
                taken_back: fact.flags.has(Flags::OPTIONAL),
            },
        );
        Self(rules.collect())
    }

    /// Whether a file that is not in the tree would be ignored. A folder that the tree holds in
    /// spite of a pattern says nothing of what is missing in it.
    pub fn covers(&self, path: &str, view: &View<'_>) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let parts: Vec<&str> = path.split('/').collect();
        let mut above = String::new();
        for (depth, part) in parts.iter().enumerate() {
            if depth > 0 {
                above.push('/');
            }
            above.push_str(part);
            let folder = depth + 1 < parts.len();
            let ignored = self.matches(parts.get(..=depth).unwrap_or(&[]), folder);
            if ignored && !(folder && view.is_folder(&above)) {
                return true;
            }
        }
        false
    }

    /// Whether the path is covered, or its name stands whole in some pattern: one that was left
    /// behind when its file moved still tells what kind of file it is.
    pub fn tells_of(&self, path: &str, view: &View<'_>) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let named = |rule: &Rule| rule.pattern.last().is_some_and(|last| last == name);
        (name.contains('.') && self.0.iter().any(named)) || self.covers(path, view)
    }

    /// The last pattern that fits decides.
    fn matches(&self, parts: &[&str], folder: bool) -> bool {
        self.0
            .iter()
            .rev()
            .find(|rule| {
                (folder || !rule.folder_only)
                    && ends_alike(&rule.pattern, parts)
                    && fits(&rule.pattern, parts)
            })
            .is_some_and(|rule| !rule.taken_back)
    }
}

/// Folders that the usual template for Python ignores, whatever the project: `src/lib` of a web
/// client that falls under it is mostly lost by mistake.
fn is_boilerplate(pattern: &str) -> bool {
    const NAMES: [&str; 11] = [
        "lib",
        "lib64",
        "parts",
        "var",
        "sdist",
        "downloads",
        "eggs",
        "wheels",
        "env",
        "ENV",
        "venv",
    ];
    pattern.strip_prefix("**/").is_some_and(|name| NAMES.contains(&name))
}

/// Whether the last parts fit, which most patterns fail by: the rest is only compared then.
fn ends_alike(pattern: &[String], parts: &[&str]) -> bool {
    let (Some(last), Some(part)) = (pattern.last(), parts.last()) else { return true };
    last == "**" || part_fits(last.as_bytes(), part.as_bytes())
}

fn fits(pattern: &[String], parts: &[&str]) -> bool {
    match (pattern.split_first(), parts.split_first()) {
        (None, None) => true,
        (Some((first, rest)), _) if first == "**" => {
            fits(rest, parts) || parts.split_first().is_some_and(|(_, less)| fits(pattern, less))
        }
        (Some((first, rest)), Some((part, less))) => {
            part_fits(first.as_bytes(), part.as_bytes()) && fits(rest, less)
        }
        _ => false,
    }
}

/// `*`, `?` and sets in one part of a path. A set is taken for any character.
fn part_fits(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut from) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while from < text.len() {
        let set = pattern.get(at) == Some(&b'[');
        let width = if set {
            pattern.iter().skip(at).position(|b| *b == b']').map_or(1, |end| end + 1)
        } else {
            1
        };
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at + 1, from));
                at += 1;
            }
            Some(b) if set || *b == b'?' || text.get(from) == Some(b) => {
                at += width;
                from += 1;
            }
            _ => match star {
                Some((after, begun)) => {
                    star = Some((after, begun + 1));
                    (at, from) = (after, begun + 1);
                }
                None => return false,
            },
        }
    }
    pattern.get(at..).unwrap_or(&[]).iter().all(|b| *b == b'*')
}

#[cfg(test)]
mod tests {
    use super::{ends_alike, fits, part_fits};

    fn path_fits(pattern: &str, path: &str) -> bool {
        let pattern: Vec<String> = pattern.split('/').map(str::to_owned).collect();
        let parts: Vec<&str> = path.split('/').collect();
        let fit = fits(&pattern, &parts);
        assert!(!fit || ends_alike(&pattern, &parts), "{}", path);
        fit
    }

    #[test]
    fn parts() {
        for (pattern, text, fit) in [
            ("*.py", "a.py", true),
            ("*.py[cod]", "a.pyc", true),
            ("*.py[cod]", "a.py", false),
            ("a?c*", "abcd", true),
            ("a*b*c", "axxbyyc", true),
            ("a", "ab", false),
        ] {
            assert_eq!(part_fits(pattern.as_bytes(), text.as_bytes()), fit, "{pattern} {text}");
        }
    }

    #[test]
    fn paths() {
        assert!(path_fits("**/dist", "a/b/dist"));
        assert!(path_fits("a/**/z", "a/z"));
        assert!(path_fits("src/gen/*.ts", "src/gen/x.ts"));
        assert!(path_fits("src/**", "src/gen/x.ts"));
        assert!(!path_fits("src/gen", "src/gen/x.ts"));
    }
}
