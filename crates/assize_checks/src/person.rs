//! Output that is meant for a person who looks on.

use assize_syntax::{Fact, FactKind, Language, Role, words};

use crate::Source;
use crate::trial::is_trial;

/// Modules of programs that speak to a person at a terminal, as their first parts.
const TERMINAL: [&str; 46] = [
    "CommandLine",
    "Spectre",
    "argh",
    "argparse",
    "blessed",
    "chalk",
    "clap",
    "click",
    "colorama",
    "colored",
    "commander",
    "console",
    "crossterm",
    "curses",
    "dialoguer",
    "docopt",
    "fire",
    "flag",
    "getopt",
    "getpass",
    "github.com/charmbracelet",
    "github.com/fatih/color",
    "github.com/manifoldco/promptui",
    "github.com/spf13/cobra",
    "github.com/spf13/pflag",
    "github.com/urfave/cli",
    "indicatif",
    "ink",
    "inquire",
    "inquirer",
    "meow",
    "ora",
    "org.apache.commons.cli",
    "owo_colors",
    "picocli",
    "prompt_toolkit",
    "prompts",
    "ratatui",
    "readline",
    "rich",
    "rustyline",
    "structopt",
    "termcolor",
    "tqdm",
    "typer",
    "yargs",
];

/// The imports of a file.
pub(crate) fn imports(facts: &[Fact]) -> impl Iterator<Item = &Fact> {
    facts.iter().filter(|fact| fact.kind == FactKind::Import && fact.role == Role::Reference)
}

/// What only programs have that a person starts, by language.
fn marks(language: Language) -> &'static [&'static str] {
    match language {
        Language::Go => &["package main\n", "os.Args", "os.Exit(", "os.Stdin", "os.Stdout"],
        Language::Java => &["static void main(", "System.exit(", "System.in"],
        Language::Rust => &["fn main(", "env::args", "process::exit", "stdin()", "stdout()"],
        Language::CSharp => &[" Main(", "Console.Read", "Environment.Exit", "Console.Clear"],
        _ => &["__name__ ==", "require.main", "import.meta.main", "#!/"],
    }
}

/// Whether the file is a program of its own, or says that it writes for a person.
pub(crate) fn is_spoken_to(source: &Source<'_>) -> bool {
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
    let language = source.facts.dialect.language();
    let path = source.path.as_str();
    // So the folder of what is shipped is called in Java, whatever it does.
    let place = if language == Language::Java { path.replace("/main/", "/") } else { path.into() };
    is_trial(path)
        || matches!(source.path.name(), "Program.cs" | "Startup.cs")
        || words(&place).any(|word| PLACES.binary_search(&word.as_str()).is_ok())
        || marks(language).iter().any(|mark| source.text.contains(mark))
        || imports(&source.facts.facts).any(|import| is_terminal(&import.key))
}

/// Whether a module is one of those, or stands in one.
fn is_terminal(module: &str) -> bool {
    let first = module.split(['.', ':']).next().unwrap_or("");
    TERMINAL.binary_search(&first).is_ok()
        || TERMINAL.iter().any(|known| known.contains('.') && module.starts_with(known))
}

/// Whether the enclosing function is there to show something.
pub(crate) fn shows(item: &str) -> bool {
    const VERBS: [&str; 13] = [
        "banner", "debug", "display", "dump", "help", "main", "print", "report", "show", "summary",
        "trace", "usage", "verbose",
    ];
    words(item).any(|word| VERBS.binary_search(&word.as_str()).is_ok())
}
