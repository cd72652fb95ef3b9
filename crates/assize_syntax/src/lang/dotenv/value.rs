//! Which values of environment variables may be kept.

/// A value as the index may hold it: empty where name or value look secret, and never long.
pub(in crate::lang) fn safe_value(name: &str, value: &str) -> String {
    if names_a_secret(name) || looks_secret(value) {
        return String::new();
    }
    value.chars().take(VALUE_CHARS_MAX).collect()
}

const VALUE_CHARS_MAX: usize = 80;

/// Parts of a name that say that its value is to be kept to itself.
const SECRET_WORDS: &[&str] = &[
    "ACCESS_KEY",
    "APIKEY",
    "AUTH",
    "BEARER",
    "CERT",
    "COOKIE",
    "CREDENTIAL",
    "CRYPT",
    "DSN",
    "JWT",
    "LICENSE",
    "PASS",
    "PRIVATE",
    "PWD",
    "SALT",
    "SECRET",
    "SIGNATURE",
    "SIGNING",
    "TOKEN",
    "WEBHOOK",
];

fn names_a_secret(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    SECRET_WORDS.iter().any(|word| upper.contains(word))
        || upper.split(['_', '-', '.']).any(|part| matches!(part, "KEY" | "KEYS" | "PW" | "PIN"))
}

/// Beginnings of tokens that well-known services hand out.
const TOKEN_STARTS: &[&str] = &[
    "AKIA",
    "ASIA",
    "AIza",
    "eyJ",
    "gh",
    "github_pat_",
    "glpat-",
    "hf_",
    "npm_",
    "pk_",
    "rk_",
    "sk-",
    "sk_",
    "xox",
    "-----BEGIN",
];

fn looks_secret(value: &str) -> bool {
    let long = value.len() >= TOKEN_BYTES_MIN;
    let authority = value.split_once("://").map(|(_, rest)| rest.split('/').next().unwrap_or(""));
    authority.is_some_and(|host| host.contains('@'))
        || value.contains("-----BEGIN")
        || (long && TOKEN_STARTS.iter().any(|start| value.starts_with(start)))
        || (long && is_random(value))
}

/// Shorter texts are words, numbers and names.
const TOKEN_BYTES_MIN: usize = 16;

/// One unbroken word of letters and digits mixed, as random tokens are.
fn is_random(value: &str) -> bool {
    let unbroken = value.bytes().all(|byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'_' | b'-')
    });
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    unbroken && digits >= 3 && letters >= 3
}

#[cfg(test)]
mod tests {
    use super::safe_value;

    #[test]
    fn only_harmless_values_are_kept() {
        let kept = [
            ("PORT", "8080"),
            ("REDIS_URL", "redis://cache:6379/0"),
            ("MONKEY", "banana"),
            ("MODEL", "text-embedding-ada"),
            ("IMAGE", "registry.example.org/team/app:1.2.3"),
        ];
        for (name, value) in kept {
            assert_eq!(safe_value(name, value), value, "{name}");
        }
        let dropped = [
            ("DB_PASSWORD", "x"),
            ("API_KEY", "x"),
            ("DATABASE_URL", "postgres://user:pass@db/x"),
            ("PLAIN", "a1b2c3d4e5f6a7b8c9"),
            ("PLAIN", "-----BEGIN KEY"),
        ];
        for (name, value) in dropped {
            assert_eq!(safe_value(name, value), "", "{name}");
        }
        assert_eq!(safe_value("LONG", &"é ".repeat(100)).chars().count(), 80);
    }
}
