//! Names that only bundlers give: `index-4f3a2b1c.js`, `chunk.Bdt6IdtL.css`.

/// What a bundler writes for a page.
const ENDINGS: [&str; 6] = [".js", ".mjs", ".css", ".js.map", ".css.map", ".js.gz"];
/// How long the digests are that bundlers put into names.
const DIGEST_BYTES: std::ops::RangeInclusive<usize> = 8..=20;

/// How long those are that hold letters of both cases.
const MIXED_BYTES: usize = 8;

/// Whether a name ends with a digest of its content.
pub(crate) fn is_named_so(name: &str) -> bool {
    let Some(stem) = ENDINGS.iter().find_map(|end| name.strip_suffix(end)) else { return false };
    let split = stem.rsplit_once(['.', '-']);
    split.is_some_and(|(before, last)| !before.is_empty() && is_digest(last)) || ends_mixed(stem)
}

/// Letters and digits in no order: hexadecimal ones, or both cases at once. Words, dates and
/// versions are none.
fn is_digest(text: &str) -> bool {
    let count = |is: fn(&u8) -> bool| text.bytes().filter(is).count();
    let digits = count(u8::is_ascii_digit);
    let (lower, upper) = (count(u8::is_ascii_lowercase), count(u8::is_ascii_uppercase));
    let hex = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let turns = text
        .as_bytes()
        .windows(2)
        .filter(|pair| matches!(pair, [a, b] if a.is_ascii_digit() != b.is_ascii_digit()));
    DIGEST_BYTES.contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && digits > 0
        && turns.count() > 1
        && (hex && lower > 0 || lower > 1 && upper > 1)
}

/// Whether a stem ends with `-` and a digest in the alphabet of addresses, which may itself hold
/// `-` and `_`: letters of both cases that change more often than those of words do.
fn ends_mixed(stem: &str) -> bool {
    let Some((before, digest)) =
        stem.len().checked_sub(MIXED_BYTES).and_then(|at| stem.split_at_checked(at))
    else {
        return false;
    };
    let sort = |byte: u8| match byte {
        b'a'..=b'z' => Some(0),
        b'A'..=b'Z' => Some(1),
        b'0'..=b'9' => Some(2),
        b'-' | b'_' => Some(3),
        _ => None,
    };
    let sorts: Option<Vec<i32>> = digest.bytes().map(sort).collect();
    let Some(sorts) = sorts else { return false };
    let count = |wanted: i32| sorts.iter().filter(|sort| **sort == wanted).count();
    let turns = sorts.windows(2).filter(|pair| matches!(pair, [a, b] if a != b)).count();
    // Names of parts have dashes too, but few capitals.
    let drawn = count(2) > 0 && count(1) > 0 || count(3) > 0 && count(1) > 2;
    before.len() > 1 && before.ends_with('-') && count(0) > 0 && drawn && turns > 2
}

#[cfg(test)]
mod tests {
    use super::is_named_so;

    #[test]
    fn digests_in_names() {
        for name in [
            "index-4f3a2b1c.js",
            "echarts.128204f2.js",
            "echarts.common-Bdt6IdtL.js",
            "main.8c3f51ab9d2e.css",
            "users_list.ebf8b5b3.js",
            "main-CA4_OjGq.js",
            "pages-O-QBvGFf.js",
            "tab-CEoi3L7-.js",
        ] {
            assert!(is_named_so(name), "{name}");
        }
        for name in [
            "index.js",
            "jquery-3.7.1.js",
            "create-20240101.js",
            "order-settings.js",
            "orderV2Settings.js",
            "report-version2.js",
            "user-getHTTP2Client.ts",
            "4f3a2b1c.js",
            "api-clientV2.js",
            "list-my-OrdId.js",
            "get-orderById.js",
            "pdf.worker.mjs",
            "sha-deadbeef.js",
        ] {
            assert!(!is_named_so(name), "{name}");
        }
    }
}
