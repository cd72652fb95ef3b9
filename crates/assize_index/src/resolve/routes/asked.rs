//! Whether the applications of the repository serve what is asked for.

use std::collections::BTreeMap;

use super::Routes;
use super::effective::matches;

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
        let methods: Vec<&str> = self.methods(path).collect();
        let fits = |one: &&str| *one == method || *one == "*" || *one == "WS";
        if method == "*" && !methods.is_empty() || methods.iter().any(fits) {
            return Answer::Served;
        }
        let Some(app) = self.asked_application(path).filter(|_| !self.is_open()) else {
            return Answer::Unknown;
        };
        if methods.is_empty() {
            return Answer::Missing(app.to_owned());
        }
        let mut methods = methods;
        methods.sort_unstable();
        methods.dedup();
        Answer::OtherMethod(methods.join(", "))
    }

    /// The methods by which a path is served: whole, or below what a proxy takes away.
    fn methods<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a str> {
        let whole = self.served.iter().filter(move |route| reaches(&route.path, path));
        let ends = self
            .ends
            .iter()
            .filter(move |(_, end)| tails(path).any(|tail| matches(&slashed(end), tail)));
        let ends = ends.map(|(method, _)| method.as_str());
        whole.map(|route| route.method.as_str()).chain(ends)
    }

    /// The application that serves most of what begins as this path does.
    fn asked_application(&self, path: &str) -> Option<&str> {
        let beginning = format!("/{}/", path.split('/').nth(1)?);
        let mut counted = BTreeMap::new();
        for route in self.served.iter().filter(|route| route.path.starts_with(&beginning)) {
            let app = self.routers.get(route.root).filter(|router| router.is_app);
            if let Some(app) = app {
                *counted.entry(app.file.as_str()).or_insert(0_usize) += 1;
            }
        }
        let most = counted.into_iter().max_by_key(|(_, count)| *count);
        most.filter(|(_, count)| *count >= SERVED_MIN).map(|(file, _)| file)
    }

    /// Whether there may be routes that are not known.
    fn is_open(&self) -> bool {
        let beside = |folder: &str| {
            self.routers.iter().filter(|router| router.is_app).any(|app| {
                folder.is_empty()
                    || app.file.starts_with(folder)
                    || folder.starts_with(top(&app.file))
            })
        };
        self.other_servers
            || self.computed.iter().any(|file| beside(top(file)))
            || self.open_folders.iter().any(|folder| beside(folder))
    }
}

fn top(path: &str) -> &str {
    path.split('/').next().unwrap_or(path)
}

/// Whether a request reaches a route, whole or without what a proxy takes away: then the route has
/// to begin with a part of its own.
fn reaches(route: &str, path: &str) -> bool {
    let own = route.trim_start_matches('/').starts_with(|first| !matches!(first, '{' | '<'));
    matches(route, path) || own && tails(path).any(|tail| matches(route, tail))
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
        ] {
            assert_eq!(reaches(route, path), reached, "{route} {path}");
        }
    }
}
