//! Whether the applications of the repository serve what is asked for.

use std::collections::BTreeMap;

use super::effective::matches;
use super::homes::FOUND;
use super::{RouterId, Routes};

/// How many routes an application must serve below a first part to be taken for the one that is
/// asked.
const SERVED_MIN: usize = 3;

/// What is known of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Served,
    /// The file of an application that serves paths with the same beginning, and not this one.
    Missing(String),
    /// The path is served, by other methods only; they are named.
    OtherMethod(String),
    Unknown,
}

impl Routes {
    /// What the applications make of a request; `*` stands for a method that is not known.
    pub fn answer(&self, method: &str, path: &str) -> Answer {
        let mut methods: Vec<&str> = self.methods(path).collect();
        let fits = |one: &&str| *one == method || *one == "*" || *one == "WS";
        if method == "*" && !methods.is_empty() || methods.iter().any(fits) {
            return Answer::Served;
        }
        let Some(app) = self.asked_application(path) else { return Answer::Unknown };
        if methods.is_empty() {
            return Answer::Missing(app.to_owned());
        }
        methods.sort_unstable();
        methods.dedup();
        Answer::OtherMethod(methods.join(", "))
    }

    /// The methods by which a path is served: whole, or below what a proxy takes away.
    fn methods<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a str> {
        let alive = self.served.iter().filter(|route| !self.is_dead(route.root));
        let whole = alive.filter(move |route| reaches(&route.path, path));
        let ends = self
            .ends
            .iter()
            .filter(move |(_, end)| tails(path).any(|tail| matches(&slashed(end), tail)));
        let ends = ends.map(|(method, _)| method.as_str());
        whole.map(|route| route.method.as_str()).chain(ends)
    }

    /// Whether nobody can reach what is registered on a router.
    pub(super) fn is_dead(&self, id: RouterId) -> bool {
        self.routers.get(id).is_some_and(|router| {
            !router.is_app
                && router.mounts.is_empty()
                && !router.escapes
                && self.is_offered(router)
                && !self.may_be_named(router)
        })
    }

    /// The application that serves most of what begins as this path does, where all that it serves
    /// is known. Beside applications that cannot be read it has to serve the same resource.
    fn asked_application(&self, path: &str) -> Option<&str> {
        let depth = if self.other_servers { resource(path) } else { 1 };
        let (at, _) = path.match_indices('/').nth(depth).unwrap_or((path.len(), ""));
        let beginning = path.get(..at)?;
        let mut counted = BTreeMap::new();
        for route in &self.served {
            let below = route.path.strip_prefix(beginning);
            let app = self.routers.get(route.root).filter(|router| router.is_app);
            if let Some(app) = app
                && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            {
                let found = app.framework == FOUND;
                *counted.entry((app.file.as_str(), found)).or_insert(0_usize) += 1;
            }
        }
        let most = counted.into_iter().max_by_key(|(_, count)| *count);
        let (app, found) = most.filter(|(_, count)| *count >= SERVED_MIN).map(|(app, _)| app)?;
        // Where a framework finds what is served, it may find what no file near it shows.
        let open = found && !self.computed.is_empty() || self.is_open(app);
        (!open).then_some(app)
    }

    /// Whether an application may have routes that are not known.
    fn is_open(&self, app: &str) -> bool {
        let home = top(app);
        self.computed.iter().any(|file| may_add(file, app))
            || self.open_folders.iter().any(|folder| folder.is_empty() || top(folder) == home)
    }
}

/// Whether the routes of a file may be those of an application: in Go and Rust a whole module is
/// one program, whatever its folders.
fn may_add(file: &str, app: &str) -> bool {
    let whole = [".go", ".rs"].into_iter().find(|end| file.ends_with(end) || app.ends_with(end));
    match whole {
        Some(end) => file.ends_with(end) && app.ends_with(end),
        None => top(file) == top(app),
    }
}

/// How many parts name a resource: `/api/orders`, `/api/v1/orders`.
fn resource(path: &str) -> usize {
    if path.split('/').nth(2).is_some_and(is_version) { 3 } else { 2 }
}

fn is_version(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
}

fn top(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

/// Whether a request reaches a route, whole or without what a proxy takes away: then the route has
/// to begin with a part of its own.
fn reaches(route: &str, path: &str) -> bool {
    let own = route.trim_start_matches('/').starts_with(|first| !matches!(first, '{' | '<'));
    let mut parts = path.split('/').skip(2);
    let taken = 1 + usize::from(parts.next().is_some_and(is_version));
    matches(route, path) || own && tails(path).skip(1).take(taken).any(|tail| matches(route, tail))
}

/// A path, and what is left of it without its first parts.
fn tails(path: &str) -> impl Iterator<Item = &str> {
    let ends = path.trim_end_matches('/').len();
    path.match_indices('/')
        .map(|(at, _)| at)
        .filter(move |at| *at < ends)
        .filter_map(|at| path.get(at..))
}

fn slashed(path: &str) -> String {
    if path.starts_with(['/', '<']) { path.to_owned() } else { format!("/{path}") }
}

#[cfg(test)]
mod tests {
    use super::{reaches, tails};

    #[test]
    fn a_proxy_may_take_parts_away() {
        assert_eq!(tails("/api/v1/x/").collect::<Vec<_>>(), ["/api/v1/x/", "/v1/x/", "/x/"]);
        for (route, path, reached) in [
            ("/users", "/api/users", true),
            ("/api/users/{}", "/api/users/{}", true),
            ("/{}", "/api/users", false),
            ("/{}/users", "/api/users", true),
            ("/users/{}", "/api/users", false),
            ("/health", "/api/database/health", false),
            ("/health", "/api/v1/health", true),
        ] {
            assert_eq!(reaches(route, path), reached, "{route} {path}");
        }
    }
}
