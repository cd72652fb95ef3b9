//! Whether a router is mounted, and which application would have to mount it.

use assize_index::resolve::routes::{Router, RouterId, Routes};

pub(super) enum State<'a> {
    /// It is mounted, or there is no application that would mount it.
    Served,
    Unknown,
    /// The file of the application that could.
    Unmounted(&'a str),
}

pub(super) fn judge(routes: &Routes, id: RouterId) -> State<'_> {
    let Some(router) = routes.routers.get(id) else { return State::Served };
    if routes.is_mounted(id) || !routes.is_offered(router) {
        return State::Served;
    }
    let apps = routes.routers.iter().enumerate().filter(|(_, one)| one.is_app);
    let app = apps.filter(|(at, _)| covers(routes, *at, router)).map(|(_, app)| app).next();
    let Some(app) = app else { return State::Served };
    if router.escapes || routes.may_be_named(router) {
        return State::Unknown;
    }
    State::Unmounted(&app.file)
}

/// Whether routers such as this one are mounted on the application: it mounts some, and the file
/// lies below it or beside one of them.
fn covers(routes: &Routes, app: RouterId, router: &Router) -> bool {
    let Some(at) = routes.routers.get(app) else { return false };
    if at.framework != router.framework {
        return false;
    }
    let mounted = (0..routes.routers.len()).filter(|id| routes.is_below(*id, app));
    let mut mounted = mounted.filter_map(|id| routes.routers.get(id)).peekable();
    let below = |above: &str| {
        !above.is_empty() && router.file.strip_prefix(above).is_some_and(|it| it.starts_with('/'))
    };
    mounted.peek().is_some()
        && (below(folder(&at.file))
            || mounted.any(|other| folder(&other.file) == folder(&router.file)))
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}
