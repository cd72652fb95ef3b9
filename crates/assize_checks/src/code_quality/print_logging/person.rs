//! Output that is meant for a person who looks on.

use assize_syntax::words;

use super::imports;
use crate::Source;
use crate::trial::is_trial;

/// Modules of programs that speak to a person at a terminal.
const TERMINAL: [&str; 24] = [
    "argparse",
    "blessed",
    "chalk",
    "click",
    "colorama",
    "commander",
    "curses",
    "docopt",
    "fire",
    "getopt",
    "getpass",
    "ink",
    "inquirer",
    "meow",
    "ora",
    "prompt_toolkit",
    "prompts",
    "readline",
    "rich",
    "termcolor",
    "tqdm",
    "typer",
    "yargs",
    "yargs-parser",
];

/// Whether the file is a program of its own, or says that it writes for a person.
pub(super) fn is_spoken_to(source: &Source<'_>) -> bool {
    const PLACES: [&str; 18] = [
        "bin",
        "build",
        "cli",
        "cmd",
        "command",
        "commands",
        "console",
        "debug",
        "install",
        "main",
        "manage",
        "migrations",
        "notebooks",
        "script",
        "scripts",
        "setup",
        "tool",
        "tools",
    ];
    let path = source.path.as_str();
    let main = ["__name__ ==", "require.main", "import.meta.main", "#!/"];
    is_trial(path)
        || words(path).any(|word| PLACES.binary_search(&word.as_str()).is_ok())
        || main.iter().any(|mark| source.text.contains(mark))
        || imports(&source.facts.facts).any(|import| {
            TERMINAL.binary_search(&import.key.split('.').next().unwrap_or("")).is_ok()
        })
}

/// Whether the enclosing function is there to show something.
pub(super) fn shows(item: &str) -> bool {
    const VERBS: [&str; 13] = [
        "banner", "debug", "display", "dump", "help", "main", "print", "report", "show", "summary",
        "trace", "usage", "verbose",
    ];
    words(item).any(|word| VERBS.binary_search(&word.as_str()).is_ok())
}
