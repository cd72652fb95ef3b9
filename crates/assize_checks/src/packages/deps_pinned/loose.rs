//! Constraints that leave everything open.

/// How a constraint leaves the version open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// There is none.
    Bare,
    /// `*`, `latest`, `next`.
    Floating,
    /// A repository without a commit or a tag.
    Branch,
}

impl Fault {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Bare => "unpinned",
            Self::Floating => "floating",
            Self::Branch => "branch",
        }
    }

    pub(super) const fn what(self) -> &'static str {
        match self {
            Self::Bare => "has no version",
            Self::Floating => "takes whatever is newest",
            Self::Branch => "comes from a repository without a commit or a tag",
        }
    }

    pub(super) const fn why(self) -> &'static str {
        match self {
            Self::Bare | Self::Floating => {
                "each install may bring another release, also a broken one"
            }
            Self::Branch => "each install brings what was pushed last",
        }
    }

    pub(super) const fn help(self) -> &'static str {
        match self {
            Self::Bare | Self::Floating => {
                "pin the version that was tested, or commit a lock file with hashes"
            }
            Self::Branch => "name the commit after `@` or `#`, or depend on a release",
        }
    }
}

/// What is wrong with a constraint; nothing where it says something.
pub(super) fn fault(constraint: &str) -> Option<Fault> {
    let text = constraint.trim();
    match text {
        "" => return Some(Fault::Bare),
        "*" | "latest" | "next" | "x" | "==*" | ">=0" | ">=0.0.0" => return Some(Fault::Floating),
        _ => {}
    }
    let place = text.trim_start_matches('@').trim();
    is_repository(place).then_some(Fault::Branch).filter(|_| !names_state(place))
}

fn is_repository(place: &str) -> bool {
    place.starts_with("git+")
        || place.starts_with("git://")
        || place.starts_with("github:")
        || place.contains("://")
            && place.split(['#', '?']).next().is_some_and(|p| p.ends_with(".git"))
}

/// Whether a place says which state of the repository it means: a commit, a tag or a version, no
/// branch that moves.
fn names_state(place: &str) -> bool {
    let after = place.split_once("://").map_or(place, |(_, rest)| rest);
    let (path, fragment) = after.split_once('#').unwrap_or((after, ""));
    let at = path.rsplit_once('/').map_or(path, |(_, last)| last);
    let python = at.split_once('@').map(|(_, state)| state);
    let node = (!fragment.contains('=')).then_some(fragment).filter(|state| !state.is_empty());
    // `@feature/x` has a slash: then the state is not in the last part, and nothing is said.
    let far = path.rsplit_once(".git@").map(|(_, state)| state);
    let state = python.or(far).or(node);
    state.is_some_and(|state| !matches!(state, "main" | "master" | "develop" | "dev" | "HEAD"))
}

#[cfg(test)]
mod tests {
    use super::{Fault, fault};

    #[test]
    fn constraints_and_their_faults() {
        for (text, expected) in [
            ("", Some(Fault::Bare)),
            ("*", Some(Fault::Floating)),
            ("latest", Some(Fault::Floating)),
            (">=2,<4", None),
            ("==1.0", None),
            ("^1", None),
            ("workspace:*", None),
            ("@ https://host/a-1.0.whl", None),
            ("file:../a", None),
            ("git+https://host/o/a.git", Some(Fault::Branch)),
            ("git+https://host/o/a.git@main", Some(Fault::Branch)),
            ("git+https://host/o/a.git@v1.2", None),
            ("git+https://host/o/a.git@0a1b2c#egg=a", None),
            ("git+https://host/o/a.git#egg=a", Some(Fault::Branch)),
            ("@ git+https://host/o/a@0a1b2c", None),
            ("github:o/a", Some(Fault::Branch)),
            ("github:o/a#v1", None),
            ("git+ssh://host/o/a.git#semver:^1", None),
            ("git+https://host/o/a.git@feature/x", None),
        ] {
            assert_eq!(fault(text), expected, "{text}");
        }
    }
}
