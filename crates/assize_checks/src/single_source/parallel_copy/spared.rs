//! Files that may stand beside one of their name.

/// Pictures and what is meant to be kept in several states.
pub(super) fn is_spared(path: &str) -> bool {
    const PICTURES: [&str; 14] = [
        "png", "jpg", "jpeg", "gif", "svg", "ico", "icns", "webp", "woff", "woff2", "pdf", "cast",
        "mp4", "drawio",
    ];
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_lowercase();
    PICTURES.contains(&ending.as_str())
        || path.split('/').any(|part| matches!(part, "migrations" | "versions" | "i18n"))
}

pub(super) fn is_document(path: &str) -> bool {
    [".md", ".txt", ".rst", ".html", ".csv", ".log", ".pdf"].iter().any(|end| path.ends_with(end))
}

/// Whether a path is that of code whose names are not compared.
pub(super) fn is_compiled(path: &str) -> bool {
    [".go", ".rs", ".java", ".cs"].iter().any(|end| path.ends_with(end))
}
