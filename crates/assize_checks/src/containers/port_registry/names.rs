//! Whether two texts may name the same service. Registries are written by people: `PostgreSQL
//! database (shop-postgres)` is `postgres`.

/// Words that say nothing of which service is meant.
const GENERAL: [&str; 28] = [
    "the",
    "and",
    "for",
    "service",
    "services",
    "server",
    "database",
    "db",
    "api",
    "http",
    "https",
    "grpc",
    "ui",
    "web",
    "app",
    "port",
    "main",
    "interface",
    "internal",
    "external",
    "container",
    "protocol",
    "tcp",
    "udp",
    "admin",
    "proxy",
    "management",
    "agent",
];

/// Shorter words must be equal; longer ones may begin with each other.
const PREFIX_LENGTH: usize = 4;

/// Whether two names have a word in common that tells services apart.
pub(super) fn share(a: &str, b: &str) -> bool {
    let (a, b) = (words(a), words(b));
    a.iter().any(|one| b.iter().any(|other| alike(one, other)))
}

/// Whether two names surely mean different services.
pub(super) fn differ(a: &str, b: &str) -> bool {
    !words(a).is_empty() && !words(b).is_empty() && !share(a, b)
}

/// Whether a name is written as that of a service: one word, perhaps with hyphens.
pub(super) fn is_plain(name: &str) -> bool {
    let plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-_".contains(&byte);
    name.len() > 2 && name.bytes().all(plain)
}

fn alike(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short == long
        || (short.len() >= PREFIX_LENGTH && (long.starts_with(short) || long.ends_with(short)))
}

fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .filter(|word| word.len() > 1 && !GENERAL.contains(&word.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{differ, share};

    #[test]
    fn the_same_service_has_many_names() {
        assert!(share("PostgreSQL database (shop-postgres)", "postgres-secure"));
        assert!(share("FastAPI backend", "backend"));
        assert!(differ("api-gateway", "Neo4j HTTP interface"));
        assert!(!differ("API", "web server"), "only general words: nothing is known");
    }
}
