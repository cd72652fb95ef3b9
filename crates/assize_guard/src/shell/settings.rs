//! Settings of git by which nothing else runs, and from which nothing else is loaded.

/// Sections of them.
const SECTIONS: [&str; 19] = [
    "user",
    "author",
    "committer",
    "push",
    "pull",
    "branch",
    "color",
    "column",
    "rebase",
    "advice",
    "fetch",
    "rerere",
    "status",
    "log",
    "safe",
    "lfs",
    "blame",
    "help",
    "pack",
];
/// Single ones of other sections.
const NAMES: [&str; 14] = [
    "init.defaultbranch",
    "core.autocrlf",
    "core.eol",
    "core.filemode",
    "core.ignorecase",
    "core.quotepath",
    "core.longpaths",
    "core.symlinks",
    "merge.conflictstyle",
    "merge.ff",
    "http.postbuffer",
    "submodule.recurse",
    "diff.algorithm",
    "commit.verbose",
];

/// Whether a setting only says who commits, or how something looks.
pub(super) fn is_plain(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let section = lower.split('.').next().unwrap_or("");
    SECTIONS.contains(&section) && lower.contains('.') || NAMES.contains(&lower.as_str())
}
