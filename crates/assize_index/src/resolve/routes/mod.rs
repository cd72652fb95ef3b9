//! What an application serves: its routers, put together across files.
//!
//! A route has its own path where it stands; what it is reached by hangs on what its router is
//! mounted on, in other files. All routers of the repository are put together once per pass, when
//! a control first asks.

mod asked;
mod effective;
mod homes;
mod names;

use std::collections::{BTreeMap, BTreeSet};

use assize_model::{FileClass, Place};
use assize_syntax::{FactKind, Flags, Language, Role, is_router_name};

pub use self::asked::Answer;
use self::effective::Reach;
use crate::resolve::World;
use crate::{FactRef, FileRef, View};

/// Where a router stands in the list of all.
pub type RouterId = usize;

/// A thing on which routes are registered.
#[derive(Debug)]
pub struct Router {
    pub file: String,
    /// Its name in the file.
    pub name: String,
    pub framework: String,
    /// It is where requests come in, not to be mounted on anything.
    pub is_app: bool,
    prefix: String,
    /// Where it is mounted.
    mounts: Vec<Mount>,
    /// Something is done with it that is not followed.
    pub escapes: bool,
}

/// One mounting of a router.
#[derive(Debug)]
struct Mount {
    /// `None`: nobody can tell.
    on: Option<RouterId>,
    prefix: String,
    replaces: bool,
}

/// A route, as it is reached in one application.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Served {
    /// The application, or the router where nothing mounts it.
    pub root: RouterId,
    pub method: String,
    pub path: String,
    pub file: String,
    pub place: Place,
    /// Whether the request may reach another route for all that this one does.
    pub yields: bool,
}

/// All routers and routes of a repository.
#[derive(Debug, Default)]
pub struct Routes {
    pub routers: Vec<Router>,
    ids: BTreeMap<(String, String), RouterId>,
    /// The applications of files in which a framework finds routes.
    homes: BTreeMap<String, RouterId>,
    /// Names under which files pass routers on.
    exports: BTreeMap<(String, String), String>,
    /// Modules of which a file passes everything on.
    stars: BTreeMap<String, BTreeSet<String>>,
    /// In order.
    pub served: Vec<Served>,
    /// By file: pairs of places in `served`.
    repeated: BTreeMap<String, BTreeSet<(usize, usize)>>,
    /// Folders in which routers are mounted that nobody can name.
    open_folders: BTreeSet<String>,
    /// Routes of which only an end is known: their own paths, below whatever their routers have.
    ends: BTreeSet<(String, String)>,
    /// Names of modules that are imported as routers, and of which nobody can tell which they are.
    loose: BTreeSet<String>,
    /// There are sources of languages whose routes are not read.
    other_servers: bool,
    /// Files with routes whose paths are computed.
    computed: BTreeSet<String>,
}

impl Routes {
    pub(crate) fn new(world: &World, view: &View<'_>) -> Self {
        let mut routes = Self::default();
        let made = view.facts(FactKind::Mount, Role::Definition);
        made.iter().for_each(|fact| routes.add_router(fact));
        let mounted = view.facts(FactKind::Mount, Role::Reference);
        for fact in mounted.iter().filter(|fact| fact.key.ends_with("#*")) {
            let module = fact.key.trim_end_matches("#*").to_owned();
            routes.stars.entry(fact.file.path().to_owned()).or_default().insert(module);
        }
        mounted.iter().for_each(|fact| routes.add_mount(fact, world, view));
        routes.add_homes(view);
        let reach = Reach::new(&routes);
        for fact in view.facts(FactKind::Route, Role::Definition) {
            routes.add_route(&fact, &reach, world, view);
        }
        routes.served.sort();
        routes.other_servers =
            view.find_key(FactKind::Route, Role::Reference, "", |_| true) && has_other_server(view);
        routes.find_repeated();
        routes
    }

    /// Pairs each route with the first one that is reached in the same way.
    fn find_repeated(&mut self) {
        let mut from = 0;
        let alike =
            |a: &Served, b: &Served| (a.root, &a.method, &a.path) == (b.root, &b.method, &b.path);
        for group in self.served.chunk_by(alike) {
            for (at, one) in group.iter().enumerate().skip(1) {
                let first = group.iter().take(at).position(|other| {
                    !other.yields && (&other.file, other.place) != (&one.file, one.place)
                });
                if let Some(first) = first.filter(|_| !one.yields) {
                    let pairs = self.repeated.entry(one.file.clone()).or_default();
                    pairs.insert((from + at, from + first));
                }
            }
            from += group.len();
        }
    }

    /// The routes of a file that are reached as others are that come before them in order of
    /// their places, with those.
    pub fn repeated_in(&self, file: &str) -> impl Iterator<Item = (&Served, &Served)> {
        let pairs = self.repeated.get(file).into_iter().flatten();
        pairs.filter_map(|(one, first)| Some((self.served.get(*one)?, self.served.get(*first)?)))
    }

    fn add_router(&mut self, fact: &FactRef<'_>) {
        let file = fact.file.path().to_owned();
        let key = (file.clone(), fact.key.to_owned());
        if fact.item == "export" {
            self.exports.insert(key, fact.value.to_owned());
            return;
        }
        let (framework, sort) = fact.item.split_once(' ').unwrap_or((fact.item, "router"));
        if self.ids.contains_key(&key) {
            return;
        }
        self.ids.insert(key, self.routers.len());
        self.routers.push(Router {
            file,
            name: fact.key.to_owned(),
            framework: framework.to_owned(),
            is_app: sort == "app",
            prefix: fact.value.to_owned(),
            mounts: Vec::new(),
            escapes: false,
        });
    }

    fn add_mount(&mut self, fact: &FactRef<'_>, world: &World, view: &View<'_>) {
        if fact.flags.has(Flags::UNRESOLVED) {
            self.open_folders.insert(fact.file.folder().to_owned());
            return;
        }
        let Some(id) = self.named(fact.file, fact.key, world, view) else {
            self.open_below(fact, world, view);
            return;
        };
        if fact.flags.has(Flags::MENTIONED) {
            if let Some(router) = self.routers.get_mut(id) {
                router.escapes = true;
            }
            return;
        }
        let on = self.named(fact.file, fact.item, world, view).or_else(|| {
            let framework = self.routers.get(id).map(|router| router.framework.as_str());
            let mut apps = (0..self.routers.len()).filter(|at| {
                self.routers
                    .get(*at)
                    .is_some_and(|one| one.is_app && Some(one.framework.as_str()) == framework)
            });
            // What is handed in can only be the one that there is.
            let only = apps.next();
            only.filter(|_| apps.next().is_none() && fact.item == "?")
        });
        let prefix = fact.value.to_owned();
        let mount = Mount { on: on.filter(|on| *on != id), prefix, replaces: fact.number == 1 };
        if let Some(router) = self.routers.get_mut(id) {
            router.mounts.push(mount);
        }
    }

    /// A module of ours that is said to hold a router, and does not where one can see it, may get
    /// it from anywhere below.
    fn open_below(&mut self, fact: &FactRef<'_>, world: &World, view: &View<'_>) {
        let mounts = !fact.flags.has(Flags::MENTIONED);
        if mounts && !matches!(fact.value, "" | "/") {
            // Whatever it is, it answers there.
            let below = effective::joined(fact.value, "/{*}");
            self.ends.insert(("*".to_owned(), below));
        } else if mounts && fact.file.dialect().language() == Language::Python {
            self.computed.insert(fact.file.path().to_owned());
        }
        let module = fact.key.split('#').next().unwrap_or("");
        let Some(file) = world.module(fact.file, module, view) else {
            let python = fact.file.dialect().language() == Language::Python;
            let last = module.rsplit(if python { '.' } else { '/' }).next().unwrap_or(module);
            self.loose.insert(stem(last).to_owned());
            return;
        };
        if mounts {
            self.open_folders.insert(file.folder().to_owned());
        }
    }

    fn add_route(&mut self, fact: &FactRef<'_>, reach: &Reach, world: &World, view: &View<'_>) {
        let home = self.homes.get(fact.file.path()).copied().filter(|_| fact.item == "@");
        let named = home.or_else(|| self.named(fact.file, fact.item, world, view));
        let unknown = fact.flags.has(Flags::UNRESOLVED);
        let Some(id) = named.filter(|_| !unknown) else {
            if unknown {
                self.computed.insert(fact.file.path().to_owned());
            } else {
                self.ends.insert((fact.value.to_owned(), fact.key.to_owned()));
            }
            return;
        };
        for (root, prefix) in reach.of(id) {
            self.served.push(Served {
                root: *root,
                method: fact.value.to_owned(),
                path: effective::joined(prefix, fact.key),
                file: fact.file.path().to_owned(),
                place: fact.place,
                yields: fact.flags.has(Flags::CONDITIONAL),
            });
        }
        if reach.is_open(id) {
            self.add_end(fact, id);
        }
    }

    /// A route whose router may be reached by ways that are not known.
    fn add_end(&mut self, fact: &FactRef<'_>, id: RouterId) {
        let Some(router) = self.routers.get(id).filter(|_| !self.is_dead(id)) else { return };
        let end = effective::joined(&router.prefix, fact.key);
        if !matches!(end.as_str(), "" | "/") {
            self.ends.insert((fact.value.to_owned(), end));
        } else if router.escapes || !router.mounts.is_empty() {
            // It may be reached by anything.
            self.computed.insert(fact.file.path().to_owned());
        }
    }

    /// The router of this name in a file.
    pub fn id(&self, file: &str, name: &str) -> Option<RouterId> {
        self.ids.get(&(file.to_owned(), name.to_owned())).copied()
    }

    pub fn is_mounted(&self, id: RouterId) -> bool {
        self.routers.get(id).is_some_and(|router| !router.mounts.is_empty())
    }

    /// Whether other files can have a router, and its name tells for what it is there.
    pub fn is_offered(&self, router: &Router) -> bool {
        let own = format!("#{}", router.name);
        match router.framework.as_str() {
            "fastapi" | "flask" | "aiohttp" | "django" => is_router_name(&router.name),
            _ => self.exports.iter().any(|((file, _), of)| *file == router.file && *of == own),
        }
    }

    /// Whether a router is mounted on another, at whatever depth.
    pub fn is_below(&self, id: RouterId, root: RouterId) -> bool {
        let mut open = vec![id];
        let mut seen = BTreeSet::new();
        while let Some(at) = open.pop() {
            let mounts = self.routers.get(at).into_iter().flat_map(|router| &router.mounts);
            for on in mounts.filter_map(|mount| mount.on) {
                if on == root {
                    return true;
                }
                if seen.insert(on) {
                    open.push(on);
                }
            }
        }
        false
    }

    /// Whether a router may be mounted where what is mounted cannot be named.
    pub fn may_be_named(&self, router: &Router) -> bool {
        let (folder, name) = router.file.rsplit_once('/').unwrap_or(("", &router.file));
        let home = folder.rsplit('/').next().unwrap_or(folder);
        let loose = self.loose.contains(stem(name)) || self.loose.contains(home);
        loose
            || self.open_folders.iter().any(|folder| {
                folder.is_empty()
                    || router
                        .file
                        .strip_prefix(folder.as_str())
                        .is_some_and(|it| it.starts_with('/'))
            })
    }
}

/// A file's name without the ending of its language.
fn stem(name: &str) -> &str {
    [".py", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .unwrap_or(name)
}

/// What servers import in the languages whose routes are not read, or not from all of what may
/// register them, such as generated code.
const SERVERS: [&str; 18] = [
    "actix_web",
    "axum",
    "github.com/gin-gonic/",
    "github.com/go-chi/",
    "github.com/gofiber/",
    "github.com/gorilla/mux",
    "github.com/labstack/echo",
    "hyper",
    "io.javalin",
    "io.micronaut.http",
    "io.vertx",
    "jakarta.",
    "javax.",
    "net/http",
    "org.springframework.web",
    "poem",
    "rocket",
    "warp",
];

/// Whether there may be an application in a language whose routes are not read.
fn has_other_server(view: &View<'_>) -> bool {
    const ENDINGS: [&str; 8] =
        [".ex", ".kt", ".php", ".pl", ".rb", ".scala", ".swift", "Controller.cs"];
    let product = |file: FileRef<'_>| file.class() == FileClass::Production;
    let imports = |start: &&str| {
        view.find_key(FactKind::Import, Role::Reference, start, |fact| product(fact.file))
    };
    SERVERS.iter().any(imports)
        || view.files().filter(|file| product(*file)).any(|file| {
            let name = file.name();
            name == "Program.cs" || ENDINGS.iter().any(|ending| name.ends_with(ending))
        })
}
