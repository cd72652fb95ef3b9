//! Patterns of paths, as they stand in configurations and in the documents themselves.

use globset::GlobBuilder;

/// Longer patterns are no patterns of paths.
const PATTERN_BYTES_MAX: usize = 256;

/// Whether a pattern means a path. A pattern without slashes means files of that name anywhere, and
/// one that names a folder means everything in it. One that cannot be read means nothing.
pub fn fits(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_start_matches("./");
    let named = pattern.trim_end_matches('/');
    if named.is_empty() || named.len() > PATTERN_BYTES_MAX {
        return false;
    }
    if !named.contains(['*', '?', '[', '{']) {
        let below = path.strip_prefix(named).is_some_and(|rest| rest.starts_with('/'));
        let name = !pattern.contains('/') && path.rsplit('/').next() == Some(named);
        return path == named || below || name;
    }
    // A pattern for a folder's name means what the folder holds.
    let whole = if pattern.ends_with('/') { format!("{named}/**") } else { named.to_owned() };
    let anywhere = if whole.contains('/') { whole } else { format!("**/{whole}") };
    let glob = GlobBuilder::new(&anywhere).literal_separator(true).backslash_escape(true).build();
    glob.is_ok_and(|glob| glob.compile_matcher().is_match(path))
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn names_folders_and_patterns_mean_what_writers_of_documents_mean() {
        for (pattern, path, expected) in [
            ("AGENTS.md", "AGENTS.md", true),
            ("AGENTS.md", "app/AGENTS.md", true),
            ("docs/policy/**", "docs/policy/a/b.md", true),
            ("docs/policy/**", "docs/other.md", false),
            ("docs/policy", "docs/policy/a.md", true),
            ("docs/policy/", "docs/policy/a.md", true),
            ("docs/policy", "docs/policy-old.md", false),
            ("*.sql", "db/migrations/1.sql", true),
            ("db/*.sql", "db/migrations/1.sql", false),
            ("./src/api/", "src/api/routes.py", true),
            ("src/{api,db}/*.py", "src/db/base.py", true),
            ("[", "a", false),
            ("", "a", false),
            ("/", "a", false),
        ] {
            assert_eq!(fits(pattern, path), expected, "{pattern} {path}");
        }
    }
}
