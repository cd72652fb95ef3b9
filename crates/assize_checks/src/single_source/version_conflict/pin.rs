//! Exact versions, as manifests write them.

/// The version to which a constraint pins a package; nothing for ranges, places and patterns.
pub(super) fn exact<'a>(key: &str, constraint: &'a str) -> Option<&'a str> {
    let text = constraint.trim();
    let version = if key.starts_with("py:") {
        text.strip_prefix("===").or_else(|| text.strip_prefix("=="))?.trim()
    } else {
        text.strip_prefix('=').unwrap_or(text).trim()
    };
    let version = version.strip_prefix('v').unwrap_or(version);
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+' | b'_');
    let begins = version.starts_with(|c: char| c.is_ascii_digit()) && version.contains('.');
    let whole = key.starts_with("py:") || version.split('.').count() >= 3;
    let starred = version.split('.').any(|part| matches!(part, "x" | "X"));
    (begins && whole && !starred && version.bytes().all(plain)).then_some(version)
}

/// Whether two versions are the same one: zeros at the end say nothing, and a version without a
/// local part stands for each build of it (`2.5.1+cu118`).
pub(super) fn equal(one: &str, other: &str) -> bool {
    let local = one.contains('+') && other.contains('+');
    let bare = |version: &str| -> String {
        let release = version.split('+').next().unwrap_or(version);
        let mut version = if local { version } else { release };
        while let Some(shorter) = version.strip_suffix(".0") {
            version = shorter;
        }
        version.to_ascii_lowercase()
    };
    bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use super::{equal, exact};

    #[test]
    fn pins_and_ranges() {
        for (key, text, expected) in [
            ("py:a", "==3.9.1", Some("3.9.1")),
            ("py:a", "== 3.9", Some("3.9")),
            ("py:a", "===1.0+local", Some("1.0+local")),
            ("py:a", "==3.*", None),
            ("py:a", ">=3.9", None),
            ("py:a", "==3.9,<4", None),
            ("py:a", "", None),
            ("npm:a", "18.2.0", Some("18.2.0")),
            ("npm:a", "^18.2.0", None),
            ("npm:a", "18", None),
            ("npm:a", "1.x.0", None),
            ("npm:a", "workspace:*", None),
            ("npm:a", "github:a/b#1.2.3", None),
        ] {
            assert_eq!(exact(key, text), expected, "{text}");
        }
        assert!(equal("1.2", "1.2.0") && !equal("1.2", "1.20"));
        assert!(equal("2.5.1+cu118", "2.5.1") && !equal("2.5.1+cu118", "2.5.1+cpu"));
    }
}
