//! Which distributions bring a module: the name under which a package is imported is often not the
//! one under which it is installed.

use std::collections::BTreeSet;

use assize_syntax::normalise_python_name;

/// `module distribution..` per line, sorted by module. Built on pipreqs' table (`THIRD_PARTY.md`).
const TABLE: &str = include_str!("../../../data/python_distributions.txt");

/// `package dependent..` per line, sorted: what depends on a package, `*` where much does; nothing
/// where nothing is known to. Gathered from public lock files.
const DEPENDENTS: &str = include_str!("../../../data/python_dependents.txt");

/// Modules that come with a runtime, a system package or a dead version of Python, never from a
/// manifest.
const RUNTIME: &[&str] = &[
    "BaseHTTPServer",
    "ConfigParser",
    "Cookie",
    "HTMLParser",
    "Queue",
    "SocketServer",
    "StringIO",
    "Tkinter",
    "__builtin__",
    "_typeshed",
    "apt",
    "apt_pkg",
    "bpy",
    "brownie",
    "cPickle",
    "commands",
    "cookielib",
    "dbus",
    "freecad",
    "gdb",
    "gi",
    "google",
    "httplib",
    "idaapi",
    "idc",
    "ipdb",
    "java",
    "js",
    "lldb",
    "maya",
    "micropython",
    "machine",
    "pip",
    "pkg_resources",
    "pyodide",
    "pyscript",
    "rpm",
    "selinux",
    "setuptools",
    "sublime",
    "sublime_plugin",
    "systemd",
    "thread",
    "unreal",
    "urllib2",
    "urlparse",
    "utime",
    "vim",
    "xbmc",
    "xbmcaddon",
    "xbmcgui",
    "xmlrpclib",
    "xpcom",
];

/// Beginnings of what comes with a platform, a vehicle of hardware or a host program.
#[rustfmt::skip]
const HOSTED: &[&str] = &[
    "AppKit", "Cocoa", "CoreFoundation", "CoreGraphics", "FreeCAD", "FreeCADGui", "Foundation",
    "IPython", "LaunchServices", "Part", "PyObjCTools", "Quartz", "RPi", "Rhino", "ScriptingBridge",
    "System", "Vision", "WebKit", "XCPEngine", "_snowflake", "acl", "ais_bench", "ament_index_python",
    "apex", "arcpy", "awsglue", "binaryninja", "bge", "bmesh", "board", "bpy_extras", "busio", "c4d",
    "carb", "clr", "cv_bridge", "dbutils", "digitalio", "fontforge", "fusion", "geometry_msgs",
    "ghidra", "gimpfu", "gpiozero", "greengrass_machine_learning_sdk", "greengrasssdk", "habana_frameworks", "hou", "ida_bytes", "idautils", "inkex",
    "isaacgym", "isaacsim", "kaggle_secrets", "launch", "launch_ros", "libvirt", "llnl", "mathutils",
    "mod_python", "moveit_commander", "nav_msgs", "network", "neopixel", "nuke", "objc", "omni",
    "org", "pcbnew", "picamera", "picamera2", "polars_cloud", "pxr", "pymel", "pyb", "pyspark", "pythoncom",
    "pywintypes", "pcraster", "qgis", "rclpy", "renpy", "rosbag", "roslib", "rospy", "sage", "scribus",
    "sensor_msgs", "smbus", "smdistributed", "spack", "spidev", "std_msgs", "std_srvs", "substance_painter",
    "tf2_ros", "torch_npu", "torch_xla", "uasyncio", "uno", "unohelper", "uwsgi", "uwsgidecorators",
    "visualization_msgs", "win32api", "win32clipboard", "win32com", "win32con", "win32crypt",
    "win32event", "win32evtlog", "win32file", "win32gui", "win32job", "win32net", "win32pdh",
    "win32pipe", "win32print", "win32process", "win32profile", "win32security", "win32service",
    "win32serviceutil", "win32ts", "win32ui", "winerror", "xbmcplugin", "xbmcvfs",
];

/// Packages that many others depend on. Where no lock file tells, an import of one of them can be
/// brought by a declared package.
#[rustfmt::skip]
const OFTEN_TRANSITIVE: &[&str] = &[
    "PIL", "absl", "aiohttp", "anyio", "attr", "attrs", "bs4", "boto3", "botocore", "cachetools",
    "certifi", "cffi", "chardet", "charset_normalizer", "chromadb", "click", "cloudpickle",
    "colorama", "cryptography", "dateutil", "decorator", "distro", "dns", "docutils", "dotenv",
    "exceptiongroup", "filelock", "fsspec", "google", "greenlet", "grpc", "h11", "httpcore",
    "httpx", "huggingface_hub", "idna", "importlib_metadata", "importlib_resources", "iniconfig",
    "itsdangerous", "jinja2", "jmespath", "joblib", "jsonschema", "jwt", "langchain_core", "lxml",
    "mako", "markdown", "markupsafe", "matplotlib", "mdurl", "more_itertools", "mpmath",
    "multidict", "networkx", "numpy", "oauthlib", "opentelemetry", "orjson", "packaging",
    "pandas", "pathspec", "pkg_resources", "platformdirs", "pluggy", "portalocker", "protobuf",
    "psutil", "pyarrow", "pyasn1", "pycparser", "pydantic", "pydantic_core", "pydantic_settings",
    "pygments", "pyparsing", "pytest", "pytz", "regex", "requests", "requests_oauthlib", "rich",
    "rsa", "safetensors", "scipy", "setuptools", "shellingham", "six", "sklearn", "sniffio",
    "sortedcontainers", "soupsieve", "sqlalchemy", "starlette", "sympy", "tabulate", "tenacity",
    "threadpoolctl", "tiktoken", "tokenizers", "toml", "tomli", "torch", "tornado", "tqdm",
    "traitlets", "transformers", "typer", "typing_extensions", "tzlocal", "urllib3", "uvicorn",
    "watchfiles", "wcwidth", "websockets", "werkzeug", "wrapt", "yaml", "yarl", "zipp",
];

/// Whether a declared package may well bring the module.
pub(super) fn often_transitive(top: &str) -> bool {
    OFTEN_TRANSITIVE.contains(&top)
}

/// The distributions that may bring a module, normalised, the likeliest first.
pub(super) fn names(top: &str) -> Vec<String> {
    let own = normalise_python_name(top);
    let mut names: Vec<String> = listed(top).map(str::to_owned).collect();
    for name in [
        own.clone(),
        format!("python-{own}"),
        format!("py-{own}"),
        format!("py{own}"),
        format!("{own}-python"),
        format!("{own}-py"),
        format!("{own}-client"),
        format!("django-{own}"),
        format!("types-{own}"),
    ] {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The modules that a distribution brings: those that the table names, and those that may bear its
/// own name.
pub(in crate::resolve) fn modules(distribution: &str) -> BTreeSet<String> {
    let bare = ["python-", "py-", "django-", "types-"]
        .iter()
        .find_map(|start| distribution.strip_prefix(start))
        .or_else(|| ["-python", "-py"].iter().find_map(|end| distribution.strip_suffix(end)));
    let own = [Some(distribution), bare].into_iter().flatten();
    let own = own.flat_map(|name| [name.replace('-', "_"), name.replace('-', "")]);
    modules_listed(distribution).map(str::to_owned).chain(own).collect()
}

/// Whether the table says which modules a distribution brings.
pub(in crate::resolve) fn is_listed(distribution: &str) -> bool {
    modules_listed(distribution).next().is_some()
}

fn modules_listed(distribution: &str) -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter_map(move |line| {
        let mut words = line.split(' ');
        let module = words.next()?;
        words.any(|word| word == distribution).then_some(module)
    })
}

/// The distribution to name in a message.
pub(super) fn likely(top: &str) -> String {
    listed(top).next().map_or_else(|| normalise_python_name(top), str::to_owned)
}

/// Whether a package brings the module that many projects use.
pub(super) fn is_known(top: &str) -> bool {
    let known = |name: &String| bisect(DEPENDENTS, name).is_some();
    OFTEN_TRANSITIVE.contains(&top) || bisect(TABLE, top).is_some() || names(top).iter().any(known)
}

/// Whether it is known which modules a package of this name brings: those of its name, if the
/// table says nothing else.
pub(in crate::resolve) fn is_known_package(name: &str) -> bool {
    const FAMILIES: [&str; 16] = [
        "azure-",
        "django-stubs",
        "flake8-",
        "google-cloud-",
        "jupyter",
        "langchain-",
        "llama-index-",
        "mkdocs",
        "mypy-",
        "nvidia-",
        "opentelemetry-",
        "pylint-",
        "pytest-",
        "sphinx",
        "types-",
        "zope-",
    ];
    FAMILIES.iter().any(|family| name.starts_with(family))
        || bisect(DEPENDENTS, name).is_some()
        || TABLE.lines().any(|line| line.split(' ').skip(1).any(|listed| listed == name))
}

/// What is known to depend on a package; `*` where that is much.
pub(super) fn dependents(name: &str) -> impl Iterator<Item = &'static str> {
    line_of(DEPENDENTS, name)
}

/// Whether no manifest is expected to name the module.
pub(super) fn brought_by_runtime(top: &str) -> bool {
    RUNTIME.contains(&top) || HOSTED.contains(&top)
}

/// The table's entry, found by bisecting its bytes.
fn listed(top: &str) -> impl Iterator<Item = &'static str> {
    line_of(TABLE, top)
}

/// What stands behind a name in a table that is sorted by its lines' first words.
fn line_of(table: &'static str, name: &str) -> impl Iterator<Item = &'static str> {
    bisect(table, name).unwrap_or("").split(' ').skip(1)
}

fn bisect(table: &'static str, name: &str) -> Option<&'static str> {
    let (mut low, mut high) = (0, table.len());
    while low < high {
        let middle = low + (high - low) / 2;
        let start = table.get(low..middle)?.rfind('\n').map_or(low, |at| low + at + 1);
        let end = table.get(start..)?.find('\n').map_or(table.len(), |at| start + at);
        let line = table.get(start..end)?;
        match line.split(' ').next()?.cmp(name) {
            std::cmp::Ordering::Equal => return Some(line),
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{TABLE, listed, names};

    #[test]
    fn every_line_of_the_table_is_found() {
        let tops: Vec<&str> = TABLE.lines().filter_map(|line| line.split(' ').next()).collect();
        assert!(tops.is_sorted());
        for top in tops {
            assert!(listed(top).next().is_some(), "{top}");
        }
        assert_eq!(listed("no_such_module").next(), None);
    }

    #[test]
    fn a_module_has_the_names_under_which_it_is_installed() {
        assert_eq!(names("yaml")[0], "pyyaml");
        assert!(names("my_lib").contains(&"my-lib".to_owned()));
    }
}
