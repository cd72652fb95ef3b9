//! What an action would do.

/// A place in the file system, as far as it is known before the call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// An absolute path without `.` and `..`; `~` and known variables are written out.
    Known(String),
    /// A path of which only a beginning is known: a pattern, or a folder and something in it. The
    /// text is the known beginning, with a `/` at its end.
    Below(String),
    Unknown,
}

/// How far a change reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    One,
    /// Files that tools make and leave behind, told by their names: `*.pyc`, `__pycache__`.
    Made,
    /// A folder with all that it holds, or all that fits a pattern.
    Many,
}

/// A program that would run, after wrappers are taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The last part of its path: `git`.
    pub name: String,
    /// Its words after the name; `None` where a word is not known.
    pub words: Vec<Option<String>>,
    /// `NAME=value` before it and by `env`.
    pub variables: Vec<(String, Option<String>)>,
}

/// A step of git that more than one control asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GitStep {
    /// Hooks are passed over: `--no-verify`, `core.hooksPath`, plumbing that commits.
    SkipHooks,
    /// What others may have is rewritten: forced push, deleted branch of a remote, filter.
    RewriteShared,
    /// Work that is not committed is thrown away: `reset --hard`, `clean -f`, `checkout -- .`.
    DropWork,
    /// Commits of this clone only are rewritten: amend, rebase, reset without `--hard`.
    RewriteLocal,
    /// Commits, merges, pushes and the like.
    Plain,
}

/// One thing that an action would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    Read(Place),
    /// Content where it is known: a here-document, `echo .. >`.
    Write {
        at: Place,
        content: Option<String>,
        append: bool,
        reach: Reach,
    },
    Delete {
        at: Place,
        reach: Reach,
    },
    Move {
        from: Place,
        to: Place,
    },
    /// Rights, owner or attributes of a file change; the mode where it is known.
    Mode {
        at: Place,
        mode: Option<String>,
    },
    Run(Program),
    /// Something is sent to or fetched from a host. `sends`: files whose content goes along.
    Network {
        host: Option<String>,
        sends: Vec<Place>,
        upload: bool,
    },
    /// Text that comes from the network, or that is decoded first, is run at once.
    RunsFetched,
    /// Processes are ended; the words that choose them.
    Kill {
        chosen: Vec<Option<String>>,
    },
    /// Packages are installed or removed: the manager's name, and names of packages.
    Package {
        manager: String,
        names: Vec<String>,
        global: bool,
    },
    Git(GitStep),
    /// More rights than the session has: `sudo`, a privileged container, `setcap`.
    Privilege(String),
    /// Objects of a database, a cluster or an engine are deleted: `DROP TABLE`, `kubectl delete`.
    DestroyRemote(String),
    /// Many files are rewritten in place at once, where, and by what: `sed -i` over `git ls-files`.
    MassRewrite {
        at: Place,
        by: String,
    },
    /// A text or a program that cannot be told at all would run, and why.
    Opaque(String),
    /// A detail cannot be told, and why: what it did is seen afterwards.
    CannotKnow(String),
}

/// Everything that an action would do, in the order in which it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Effects {
    pub all: Vec<Effect>,
}

impl Effects {
    pub fn push(&mut self, effect: Effect) {
        self.all.push(effect);
    }

    pub fn iter(&self) -> impl Iterator<Item = &Effect> {
        self.all.iter()
    }
}
