//! From mounted routers to the paths by which their routes are reached.

use super::{RouterId, Routes};

/// How deep routers are mounted on one another before the rest is left out.
const DEPTH_MAX: u32 = 12;
/// What stands for a prefix that cannot be read.
const COMPUTED: &str = "<?>";
/// How many ways may lead to one router.
const WAYS_MAX: usize = 64;

/// By which prefixes each router is reached, and in which application.
#[derive(Debug)]
pub(super) struct Reach {
    ways: Vec<Ways>,
}

#[derive(Debug, Default)]
struct Ways {
    known: Vec<(RouterId, String)>,
    /// There may be others.
    open: bool,
}

impl Reach {
    pub(super) fn new(routes: &Routes) -> Self {
        let ways = (0..routes.routers.len()).map(|id| {
            let mut ways = Ways::default();
            climb(routes, id, String::new(), DEPTH_MAX, &mut ways);
            if let (true, Some(router)) = (ways.known.is_empty(), routes.routers.get(id)) {
                // Its own routes can still be compared with one another.
                ways.known.push((id, router.prefix.clone()));
            }
            ways.known.sort();
            ways.known.dedup();
            ways
        });
        Self { ways: ways.collect() }
    }

    pub(super) fn of(&self, id: RouterId) -> &[(RouterId, String)] {
        self.ways.get(id).map_or(&[], |ways| &ways.known)
    }

    pub(super) fn is_open(&self, id: RouterId) -> bool {
        self.ways.get(id).is_none_or(|ways| ways.open)
    }
}

fn climb(routes: &Routes, id: RouterId, below: String, depth: u32, ways: &mut Ways) {
    let Some(router) = routes.routers.get(id) else { return };
    if depth == 0 || ways.known.len() >= WAYS_MAX {
        ways.open = true;
        return;
    }
    if router.mounts.is_empty() {
        let path = joined(&router.prefix, &below);
        ways.open |= !router.is_app;
        keep(ways, id, path);
        return;
    }
    for mount in &router.mounts {
        let Some(on) = mount.on else {
            ways.open = true;
            continue;
        };
        let own = if mount.replaces { "" } else { &router.prefix };
        let path = joined(&joined(&mount.prefix, own), &below);
        climb(routes, on, path, depth - 1, ways);
    }
}

/// Keeps a way, unless a part of it is computed.
fn keep(ways: &mut Ways, root: RouterId, path: String) {
    if path.contains(COMPUTED) {
        ways.open = true;
    } else {
        ways.known.push((root, path));
    }
}

/// Two parts of a path, with one slash between.
pub(super) fn joined(prefix: &str, rest: &str) -> String {
    match (prefix.strip_suffix('/'), rest.strip_prefix('/')) {
        (Some(before), _) if !rest.is_empty() => {
            format!("{before}/{}", rest.trim_start_matches('/'))
        }
        (None, None) if !prefix.is_empty() && !rest.is_empty() && !prefix.ends_with('>') => {
            format!("{prefix}/{rest}")
        }
        _ => format!("{prefix}{rest}"),
    }
}

/// Whether a request for `path` may reach a route: parameters of either side take any part.
pub(super) fn matches(route: &str, path: &str) -> bool {
    let route: Vec<&str> = route.trim_end_matches('/').split('/').collect();
    let path: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    parts(&route, &path)
}

fn parts(route: &[&str], path: &[&str]) -> bool {
    match (route.split_first(), path.split_first()) {
        (Some((first, _)), _) if first.contains("{*}") => true,
        // A part that is written elsewhere may be several, or none.
        (Some((first, rest)), _) if first.contains('<') => {
            (0..=path.len()).any(|skipped| parts(rest, path.get(skipped..).unwrap_or_default()))
        }
        (Some((first, rest)), Some((asked, left))) => {
            // Some servers do not tell capitals from small letters.
            (first.eq_ignore_ascii_case(asked) || first.contains('{') || asked.contains('{'))
                && parts(rest, left)
        }
        (None, None) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{joined, matches};

    #[test]
    fn parts_are_joined_by_one_slash() {
        for (prefix, rest, whole) in [
            ("", "/x", "/x"),
            ("/api", "/x", "/api/x"),
            ("/api/", "/x", "/api/x"),
            ("/", "x/", "/x/"),
            ("/api", "", "/api"),
            ("/api/", "", "/api/"),
            ("users", "me", "users/me"),
            ("<settings.prefix>", "/x", "<settings.prefix>/x"),
        ] {
            assert_eq!(joined(prefix, rest), whole, "{prefix} {rest}");
        }
    }

    #[test]
    fn a_request_reaches_a_route() {
        for (route, path, reached) in [
            ("/api/users", "/api/users/", true),
            ("/api/users/{}", "/api/users/7", true),
            ("/api/users/me", "/api/users/{}", true),
            ("/api/users", "/api/user", false),
            ("/api/users/{}", "/api/users", false),
            ("/static/{*}", "/static/a/b", true),
            ("<settings.v1>/users", "/api/v1/users", true),
            ("<settings.v1>/users", "/api/v1/orders", false),
        ] {
            assert_eq!(matches(route, path), reached, "{route} {path}");
        }
    }
}
