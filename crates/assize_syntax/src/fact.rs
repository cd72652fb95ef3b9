//! Facts: what a file defines and what it refers to.
//!
//! Every fact has the same shape, so that the index can keep any kind in one sorted table. What
//! `key`, `value`, `item` and `number` mean for a kind is written at the kind.

use assize_model::Place;

/// Whether a fact brings a thing into being or relies on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Role {
    Definition = 0,
    Reference = 1,
}

/// What a fact is about. The numbers are stored in snapshots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum FactKind {
    /// Definition: a manifest or lock file declares a package. key = `py:name`, `npm:name`,
    /// `go:module`, `cargo:crate`, `maven:group:artifact` or `nuget:name`, normalised; value = the
    /// constraint as written; item = the section. Flags: `DEV`, `OPTIONAL`, `LOCKED` (only a lock
    /// file names it). key = `said:name`: a text knows of the package or the module without
    /// declaring it. key = `tool:name`: a program of npm that is installed for the whole machine.
    /// key = `peer:name`: a lock file says that an installed package leaves this one
    /// to others to bring. `MENTIONED`: only what the code calls the package, whose name is the
    /// value.
    Package = 0,
    /// Definition: this folder holds a project of ours. key = `py:name`, `npm:name`, `go:module`
    /// or `cargo:crate`; value = its folder.
    Project = 1,
    /// Reference: an import. key = the module as written (`a.b`, `..a`, `./x`, `@scope/p/sub`);
    /// value = the imported name, empty for the module itself, `*` for all. One fact per name.
    /// Flags: `OPTIONAL`, `TYPE_ONLY`, `DYNAMIC`, `REEXPORT`, `NESTED` (not at module level),
    /// `CONDITIONAL`, `REQUIRED`, `DEV` (only tests compile it).
    Import = 2,
    /// Definition: a name that importers of the module can have. key = the name; item = `value`
    /// where it is no type, in Go, whose names do not tell. key = `namespace:` and its whole name:
    /// in C#, something is declared in that namespace.
    Symbol = 3,
    /// Definition: a folder from which Python modules are found. key = the folder,
    /// value = what says so.
    SourceRoot = 4,
    /// Definition: a module alias of JavaScript. key = the pattern (`@/*`); value = the target
    /// pattern relative to the root; item = the folder for which it holds.
    ModuleAlias = 5,
    /// An environment variable; key = its name. Definition: value = the default, if any.
    /// Reference flags: `DEFAULTED` (the read has a fallback), `OPTIONAL` (nullable, or on a branch
    /// of its own), `PROBE` (presence only), `NESTED` (in a function). A definition with
    /// `MENTIONED` only names the variable, as a document does.
    Env = 6,
    /// Definition: a pattern of what git ignores. key = the pattern relative to the root.
    /// Reference: a literal path. key = the path relative to the root, normalised; value = the
    /// path as written; item = its use (`build-context`, `dockerfile`, `copy-source`,
    /// `bind-mount`, `env-file`, `config`, `working-directory`, ...). Flags: a surface, `GLOB`,
    /// `FOLDER`, `UNRESOLVED` (it holds a variable, or its base cannot be known). Definition: a
    /// pattern of paths that git ignores, item = `ignored`.
    Path = 7,
    /// Reference: a command of ours that is called. key = `make:target`, `npm:script` or
    /// `file:path/relative/to/root`; value = the folder in which it is looked for; item = the job
    /// or step. Flags: a surface, `UNRESOLVED`, `OPTIONAL` (its absence is provided for),
    /// `CREATED`, `DYNAMIC` (written relative to the folder from which a script is started).
    Command = 8,
    /// Definition: a thing that can be called. key = `make:target` or `npm:script`;
    /// value = the folder that holds it. Flag `GLOB`: a pattern rule.
    Target = 9,
    /// Reference: a link or a path in a document. key = the target path relative to the root
    /// (empty: this file); value = the anchor; item = the target as written. Flags: `CODE` (in
    /// back ticks), `IMAGE`, `UNRESOLVED`.
    Link = 10,
    /// Definition: a place in a document that a link can name. key = the anchor.
    Anchor = 11,
    /// Definition: a function body. key = hash of its shape (names and literals folded); value =
    /// hash of its exact tokens; item = its name; number = its size in tokens.
    Body = 12,
    /// A port of the host. key = the number. Definition: a row of a port registry, value = the
    /// service. Reference: a publication, value = the service, item = the project, the profile or
    /// the cluster in which two publications would meet; number = 17 where UDP alone is taken.
    Port = 13,
    /// Definition: a service. key = its name; value = its image, if any.
    Service = 14,
    /// Definition: an agent. key = its name; value = `valid`, `rescued` or `broken`. Reference: an
    /// agent's text hands work to another. key = the name of that one.
    Agent = 15,
    /// An MCP server. key = its name, in files of clients and in the lock as it stands in the names
    /// of tools. Definition: value = its command line; with item `locked`, what a person agreed to.
    /// Reference: an agent may use it; value = the tool, empty for all of them.
    McpServer = 16,
    /// Definition: an in-line allowance. key = the control; value = the date until which it
    /// holds, as written; item = the reason; number = the line that it covers.
    Allowance = 17,
    /// Definition: the content of a non-empty regular file. key = its hash; number = its size.
    Content = 18,
    /// A server in one of the files that clients read, or in the lock of MCP servers. key = its
    /// name. Definition: value = what the file says of it. Reference: item = the file for which it
    /// is locked; value = what was agreed to. The reference without a name says that there is a
    /// lock.
    McpLock = 19,
    /// A call of a library function that controls ask about. Reference: key = `py:`, `js:`, `go:`,
    /// `java:`, `rs:` or `cs:` and the function's full name (`py:requests.get`, `js:axios.post`);
    /// value = the names of what the call says by name, or of the methods that are called on what
    /// it returns, in order, with ` ` between, each followed by `=none` where the value is the
    /// language's nothing; item = the enclosing function; number = how many
    /// arguments go without a name. `UNRESOLVED`: more may be said than is written (`**options`, a
    /// variable of options). Definition: the file says for all calls with this key what each
    /// would have to say; value = the argument's name.
    Call = 20,
    /// Definition: an error handler that drops what it catches. key = what it catches, `*` for
    /// everything, names joined by `|`; value = what it does instead: `nothing`, `next` (goes on
    /// with the loop), `default` (returns a constant), `printed` (prints the trace); item = the
    /// enclosing function; number = how many statements it guards. Flags: `MENTIONED` (a comment
    /// in it, or the name of what is caught, says why), `OPTIONAL` (what it guards may fail
    /// without harm: closing, cleaning up). key = `panic` where a panic of Go is caught.
    Catch = 21,
    /// Definition: a test case. key = its name; item = what it stands in, as a path of classes or
    /// of titles; value = its parameters; number = which block of statements holds it, alike for
    /// cases of which the later takes the place of the earlier. `UNRESOLVED`: its name or how it
    /// is registered is computed. `DYNAMIC`: a decorator says more of it.
    Test = 22,
    /// Definition: a thing that stands in for what is not there. key = what it is: `body` (a
    /// function that does nothing, value = how: `empty`, `constant`, `unwritten`, with
    /// ` promised` where its signature says that a value comes back, number = its parameters),
    /// `remark` (a comment that says so, value = its words), `double` (a class or data of a test's
    /// name, value = the name), `random` (chance under the name of a measurement, value = that
    /// name); item = the enclosing function or the thing itself. `NESTED`: a member of a class,
    /// which another may override.
    StandIn = 23,
    /// A container image. key = the last part of its name, without registry, tag and digest.
    /// Reference: one that is used; value = the image as written, with the defaults of variables in
    /// place; item = the stage, service, container or job. Flags: a surface, `UNRESOLVED` (a
    /// variable stands in it). Definition: one that is built from this repository; value = its
    /// name as written.
    Image = 24,
    /// Definition: what a container or a script is set to, as a control judges it. key =
    /// `image:` and the path of the Dockerfile, `service:` and its name, `script`, or `build`;
    /// item = the setting (`user`, `base`, `start`, `drops`, `healthcheck`, `privileged`,
    /// `host-network`, `mount`, `built`, ...); value = what it is set to, `none` where it is
    /// switched off; number = a count, where the setting has one. Reference: a service is built
    /// from the Dockerfile and set to something else, or a script `calls` another that deploys.
    /// Flags: a surface, `UNRESOLVED`.
    Setting = 25,
    /// A part of a system that runs together. key = its sort and its name, as in `service:api`,
    /// `volume:data`, `network:back`, `secret:token`, `config:nginx`. Definition: it is declared,
    /// or a service answers to the name; value = what gives the name (`service`, `alias`, ...).
    /// Reference: another part names it; value = as written; item = the service that does, and by
    /// what. Flags: a surface.
    Component = 26,
    /// Definition: by its path, this file is a variant or a left copy. key = the path that the live
    /// one would have, or the folder of old files with a slash at its end; value = the word that
    /// says so; item = `copy`, `variant`, `dated` or `folder`.
    Variant = 27,
    /// A table or a view, or a column of one. key = its name without schema, in lower case; value =
    /// the column, empty for the table itself. Definition: item = `table`, `view`, `temporary`,
    /// `column`, or `from:` and the name that it had before. Flags: `CONDITIONAL` (unless it is
    /// there), `UNRESOLVED` (it has columns that the statement does not name). Reference: a
    /// statement uses it; item = `reads`, `writes`, `refers` (a foreign key), `changes` or `drops`.
    Table = 28,
    /// The words of a text by which something elsewhere may be named, as hashes in order. key =
    /// nothing; value = the hashes, four characters each. Definition: types of code are made from
    /// the file, or it says of which package they become.
    Words = 32,
    /// Definition: what a script is for, from what it runs. key = `deploy`, `validation`,
    /// `monitoring`, `orchestration`, `testing` or `management`; value = the program that tells it
    /// first; number = how many commands tell it. With item = `lost`: the command whose outcome a
    /// script of tests lets go.
    Duty = 36,
    /// A route of an HTTP service. Definition: it is served. key = its own path, below the prefix
    /// of its router, with `{}` for a parameter, `{int}` for one of a type, `{*}` for any rest and
    /// `<name>` for a part that is written elsewhere; value = the method, `*` for all; item = the
    /// router on which it is registered, as a name that [`FactKind::Mount`] explains, `@` where
    /// the path is whole. Flags: `CONDITIONAL` (it may hand the request on, or is not always
    /// registered), `UNRESOLVED` (its path is computed). Reference: it is called. key = the path;
    /// value = the method, `*` where it is not known; item = the enclosing function.
    Route = 29,
    /// How routers are put together. A router's name is `#name` for one of this file, `module#name`
    /// for an imported one, with the module as the import has it, `?` where it is handed in.
    /// Definition: a router is made. key = its name in this file; value = its own prefix; item =
    /// the framework and `app` or `router`; or, with item `export`, the file passes a router on
    /// under the name key, value = the router. Reference: a router is mounted. key = the router;
    /// value = the prefix; item = that on which it is mounted; number = 1 where the prefix takes
    /// the place of its own. Flags: `MENTIONED` (the router is named for another use),
    /// `UNRESOLVED` (what is mounted is computed).
    Mount = 34,
}

impl FactKind {
    pub const ALL: [Self; 33] = [
        Self::Package,
        Self::Project,
        Self::Import,
        Self::Symbol,
        Self::SourceRoot,
        Self::ModuleAlias,
        Self::Env,
        Self::Path,
        Self::Command,
        Self::Target,
        Self::Link,
        Self::Anchor,
        Self::Body,
        Self::Port,
        Self::Service,
        Self::Agent,
        Self::McpServer,
        Self::Allowance,
        Self::Content,
        Self::McpLock,
        Self::Call,
        Self::Catch,
        Self::Test,
        Self::StandIn,
        Self::Image,
        Self::Setting,
        Self::Component,
        Self::Variant,
        Self::Table,
        Self::Words,
        Self::Duty,
        Self::Route,
        Self::Mount,
    ];

    /// The word by which `assize index show` calls it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Package => "package",
            Self::Project => "project",
            Self::Import => "import",
            Self::Symbol => "symbol",
            Self::SourceRoot => "source-root",
            Self::ModuleAlias => "module-alias",
            Self::Env => "env",
            Self::Path => "path",
            Self::Command => "command",
            Self::Target => "target",
            Self::Link => "link",
            Self::Anchor => "anchor",
            Self::Body => "body",
            Self::Port => "port",
            Self::Service => "service",
            Self::Agent => "agent",
            Self::McpServer => "mcp-server",
            Self::Allowance => "allowance",
            Self::Content => "content",
            Self::McpLock => "mcp-lock",
            Self::Call => "call",
            Self::Catch => "catch",
            Self::Test => "test",
            Self::StandIn => "stand-in",
            Self::Image => "image",
            Self::Setting => "setting",
            Self::Component => "component",
            Self::Variant => "variant",
            Self::Table => "table",
            Self::Words => "words",
            Self::Duty => "duty",
            Self::Route => "route",
            Self::Mount => "mount",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The kind with this stored number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == number)
    }
}

/// A set of marks on a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Flags(pub u32);

impl Flags {
    pub const NONE: Self = Self(0);
    /// It may be absent: an import under `try`/`except ImportError`, an optional dependency.
    pub const OPTIONAL: Self = Self(1);
    /// Only type checkers see it.
    pub const TYPE_ONLY: Self = Self(1 << 1);
    /// The name is computed at run time.
    pub const DYNAMIC: Self = Self(1 << 2);
    /// The name is passed on to importers of this file.
    pub const REEXPORT: Self = Self(1 << 3);
    /// Not at the top level of the file.
    pub const NESTED: Self = Self(1 << 4);
    /// For development only.
    pub const DEV: Self = Self(1 << 5);
    /// Named by a lock file alone.
    pub const LOCKED: Self = Self(1 << 6);
    /// A read with a fallback.
    pub const DEFAULTED: Self = Self(1 << 7);
    /// A question whether it is there, not a use.
    pub const PROBE: Self = Self(1 << 8);
    /// The text holds a pattern.
    pub const GLOB: Self = Self(1 << 9);
    /// It must be a folder.
    pub const FOLDER: Self = Self(1 << 10);
    /// What it names cannot be known from the file: never a finding.
    pub const UNRESOLVED: Self = Self(1 << 11);
    /// In back ticks, not a link.
    pub const CODE: Self = Self(1 << 12);
    pub const IMAGE: Self = Self(1 << 13);
    /// Surfaces: where the reference stands.
    pub const IN_CI: Self = Self(1 << 14);
    pub const IN_COMPOSE: Self = Self(1 << 15);
    pub const IN_DOCKERFILE: Self = Self(1 << 16);
    pub const IN_PACKAGE: Self = Self(1 << 17);
    pub const IN_SCRIPT: Self = Self(1 << 18);
    pub const IN_MAKEFILE: Self = Self(1 << 19);
    pub const IN_MCP: Self = Self(1 << 21);
    pub const IN_KUBERNETES: Self = Self(1 << 22);
    /// The thing is created when it is missing (an output, a volume).
    pub const CREATED: Self = Self(1 << 23);
    /// In a branch that is not always taken.
    pub const CONDITIONAL: Self = Self(1 << 24);
    /// An import that is a call of `require`.
    pub const REQUIRED: Self = Self(1 << 25);
    /// Named in a text that defines nothing: a document, a comment, the settings of a tool.
    pub const MENTIONED: Self = Self(1 << 26);

    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// One thing that a file defines or refers to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fact {
    pub kind: FactKind,
    pub role: Role,
    pub key: String,
    pub value: String,
    pub item: String,
    pub flags: Flags,
    pub number: u32,
    pub place: Place,
}

/// How far the parser came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Parsed {
    /// There is no parser for it, or nothing to parse.
    NotParsed = 0,
    Valid = 1,
    Invalid = 2,
    /// Refused before the parser ran: nested too deep.
    Refused = 3,
}

impl Parsed {
    /// The outcome with this stored number.
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::NotParsed, Self::Valid, Self::Invalid, Self::Refused]
            .into_iter()
            .find(|parsed| *parsed as u8 == number)
    }
}

/// The code of what a grammar does not know in a text whose brackets all pair up: it may be broken,
/// or newer than the grammar.
pub const NOTATION: &str = "notation";

/// Where and why a text does not parse.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SyntaxError {
    pub place: Place,
    pub message: String,
    /// `syntax`, `merge-marker`, `swallowed-import`, or [`NOTATION`].
    pub code: &'static str,
}

/// Marks on a whole file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FileFlags(pub u32);

impl FileFlags {
    /// What importers can have is not all in the facts (`__getattr__`, computed exports).
    pub const OPEN_EXPORTS: u32 = 1;
    /// A template of another language (Jinja, Helm, Go): its references are not final.
    pub const TEMPLATE: u32 = 1 << 1;
    /// Git tracks it.
    pub const TRACKED: u32 = 1 << 2;
    /// The content is not text.
    pub const BINARY: u32 = 1 << 3;
    /// A symbolic link.
    pub const LINK: u32 = 1 << 4;
    /// A link to another repository.
    pub const GIT_LINK: u32 = 1 << 5;
    pub const EXECUTABLE: u32 = 1 << 6;
    /// It names itself a port registry, or is configured as one.
    pub const PORT_REGISTRY: u32 = 1 << 7;
    /// Its first lines call it generated.
    pub const SAYS_GENERATED: u32 = 1 << 8;
    /// Its first lines are those of test support.
    pub const TEST_SUPPORT: u32 = 1 << 9;
    /// A byte-order mark stands before the text.
    pub const BOM: u32 = 1 << 10;

    pub const fn has(self, flag: u32) -> bool {
        self.0 & flag == flag
    }
}

/// Everything that one parse of a file yields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    pub dialect: crate::Dialect,
    pub parsed: Parsed,
    pub flags: FileFlags,
    pub errors: Vec<SyntaxError>,
    pub facts: Vec<Fact>,
}
