//! Twins that are told apart by their paths: one file for each platform, database, environment or
//! language. They are there to differ, and which of them do not yet is chance.

/// Of what there is one file each. Words of different lines are no answer to each other.
#[rustfmt::skip]
const KINDS: [&[&str]; 3] = [
    &[
        "aarch64", "alpine", "amd64", "android", "arm64", "armv7", "browser", "catalyst", "darwin",
        "debian", "desktop", "freebsd", "gnu", "ios", "linux", "mac", "maccatalyst", "macos",
        "mobile", "musl", "netbsd", "openbsd", "osx", "posix", "tizen", "tvos", "ubuntu", "unix",
        "visionos", "wasm", "watchos", "web", "win", "win32", "win64", "windows", "x64", "x86",
    ],
    &[
        "cockroach", "cockroachdb", "db2", "derby", "h2", "hsql", "hsqldb", "mariadb", "mongo",
        "mongodb", "mssql", "mysql", "oracle", "pg", "pgsql", "postgres", "postgresql", "sqlite",
        "sqlite3", "sqlserver",
    ],
    &[
        "ci", "demo", "dev", "develop", "development", "docker", "e2e", "int", "integration",
        "live", "local", "preprod", "preview", "prod", "production", "qa", "sandbox", "stage",
        "staging", "test", "testing", "uat",
    ],
];

/// Codes of languages with two letters.
const TONGUES: &str = " af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fil fr ga \
    gl gu he hi hr hu \
    hy id is it ja ka kk km kn ko ku ky lo lt lv mk ml mn mr ms my nb ne nl nn no pa pl ps pt ro \
    ru si sk sl sq sr sv sw ta te th tk tl tr uk ur uz vi zh zu ";

/// Whether two paths differ in such a word alone.
pub(super) fn are_told_apart(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    let start = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let most = one.len().min(other.len()) - start;
    let end = one.iter().rev().zip(other.iter().rev()).take(most).take_while(|(a, b)| a == b);
    let end = end.count();
    let middle = |words: &[String]| words.get(start..words.len() - end).unwrap_or(&[]).to_vec();
    let (one, other) = (middle(&one), middle(&other));
    match (one.as_slice(), other.as_slice()) {
        ([a], [b]) if KINDS.iter().any(|kind| is_in(kind, a) && is_in(kind, b)) => true,
        // The file for no language in particular is the one that was copied to be translated.
        (a, b) => is_tongue(a) && is_tongue(b) && !(a.is_empty() && b.is_empty()),
    }
}

/// Whether a file belongs to one platform of an application that has a folder for each.
pub(super) fn is_of_a_platform(path: &str) -> bool {
    let lower = path.to_ascii_lowercase();
    let mut folders = lower.split('/');
    folders.any(|folder| folder == "platforms")
        && folders.next().is_some_and(|next| is_in(KINDS[0], next))
}

fn words(path: &str) -> Vec<String> {
    path.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn is_in(kind: &[&str], word: &str) -> bool {
    kind.binary_search(&word).is_ok()
}

/// Nothing, `pt`, or `pt` with a country or a script.
fn is_tongue(words: &[String]) -> bool {
    match words {
        [] => true,
        [tongue] => is_code(tongue),
        [tongue, place] => is_code(tongue) && matches!(place.len(), 2 | 4),
        _ => false,
    }
}

fn is_code(word: &str) -> bool {
    matches!(word.len(), 2 | 3) && TONGUES.split(' ').any(|code| code == word)
}

#[cfg(test)]
mod tests {
    use super::{KINDS, are_told_apart, is_of_a_platform};

    #[test]
    fn the_tables_are_sorted() {
        assert!(KINDS.iter().all(|kind| kind.is_sorted()));
    }

    #[test]
    fn one_word_tells_twins_apart() {
        for (one, other) in [
            ("db/schema-mysql.sql", "db/schema-mariadb.sql"),
            ("sql/Create_Windows.sql", "sql/Create_Linux.sql"),
            ("api/settings.Production.json", "api/settings.Development.json"),
            ("deploy/staging/app.yaml", "deploy/production/app.yaml"),
            ("text/messages_te.properties", "text/messages_ku.properties"),
            ("text/messages.properties", "text/messages_pt_BR.properties"),
        ] {
            assert!(are_told_apart(one, other) && are_told_apart(other, one), "{one} {other}");
        }
        for (one, other) in [
            ("a/money.py", "b/money.py"),
            ("linux/a.sh", "mysql/a.sh"),
            ("scripts/dev/run.sh", "scripts/run.sh"),
            ("docs/a.md", "docs/a.md.md"),
            ("prod/a/x.yml", "dev/b/x.yml"),
            ("app/local/dto.ts", "app/s3/dto.ts"),
            ("billing/to/pay.py", "billing/by/pay.py"),
        ] {
            assert!(!are_told_apart(one, other), "{one} {other}");
        }
    }

    #[test]
    fn folders_of_platforms() {
        assert!(is_of_a_platform("src/Shop/Platforms/iOS/Program.cs"));
        assert!(!is_of_a_platform("src/platforms/billing/main.py"));
        assert!(!is_of_a_platform("src/ios/Program.cs"));
    }
}
