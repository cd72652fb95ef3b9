//! Package managers.

use crate::{Effect, Reach};

use super::call::Call;
use super::walk::Walk;
use super::word::{Options, Stream, Word};

/// A manager: its name, the words that install or remove, and whether it is always global.
#[rustfmt::skip]
const MANAGERS: &[(&str, &[&str], bool)] = &[
    ("pip", &["install", "uninstall", "download"], false),
    ("pip3", &["install", "uninstall", "download"], false),
    ("pipx", &["install", "uninstall", "inject"], true),
    ("uv", &["add", "remove", "sync"], false),
    ("poetry", &["add", "remove", "install"], false),
    ("pdm", &["add", "remove", "install"], false),
    ("pipenv", &["install", "uninstall"], false),
    ("conda", &["install", "remove", "create", "update"], false),
    ("mamba", &["install", "remove", "create", "update"], false),
    ("npm", &["install", "i", "add", "ci", "uninstall", "remove", "rm", "un", "update", "link"],
        false),
    ("pnpm", &["install", "i", "add", "remove", "rm", "update", "link", "dlx"], false),
    ("yarn", &["install", "add", "remove", "upgrade", "dlx", "global"], false),
    ("bun", &["install", "i", "add", "remove", "rm", "update"], false),
    ("cargo", &["install", "uninstall", "add", "remove"], false),
    ("go", &["install", "get"], false),
    ("gem", &["install", "uninstall"], true),
    ("bundle", &["install", "add", "remove", "update"], false),
    ("composer", &["install", "require", "remove", "update"], false),
    ("apt", &["install", "remove", "purge", "autoremove", "upgrade", "full-upgrade"], true),
    ("apt-get", &["install", "remove", "purge", "autoremove", "upgrade", "dist-upgrade"], true),
    ("dpkg", &["-i", "--install", "-r", "-P"], true),
    ("aptitude", &["install", "remove", "purge"], true),
    ("yum", &["install", "remove", "update"], true),
    ("dnf", &["install", "remove", "update", "upgrade"], true),
    ("zypper", &["install", "in", "remove", "rm"], true),
    ("apk", &["add", "del"], true),
    ("pacman", &["-S", "-R", "-Syu", "-Sy", "-U", "-Rs", "-Rns"], true),
    ("brew", &["install", "uninstall", "remove", "upgrade", "tap"], true),
    ("port", &["install", "uninstall"], true),
    ("snap", &["install", "remove"], true),
    ("flatpak", &["install", "uninstall"], true),
    ("choco", &["install", "uninstall"], true),
    ("nix-env", &["-i", "-e", "-iA"], true),
    ("rustup", &["install", "update", "default"], true),
];

const VALUED: [&str; 12] = [
    "-r",
    "--requirement",
    "-c",
    "-i",
    "--index-url",
    "--extra-index-url",
    "-t",
    "--target",
    "--prefix",
    "--version",
    "--features",
    "-C",
];

/// Settings by which a manager runs other programs, or takes packages from elsewhere.
#[rustfmt::skip]
const RULING: [&str; 12] = [
    "registry", "script-shell", "shell", "editor", "git", "node-options", "prefix", "index-url",
    "extra-index-url", "trusted-host", "npmregistryserver", "yarn-path",
];

impl Walk<'_> {
    pub(super) fn packages(&mut self, call: &Call<'_>) -> Option<Stream> {
        self.settings_that_stay(call);
        let (manager, verbs, always) = MANAGERS.iter().find(|(name, _, _)| *name == call.name)?;
        let words = match call.words {
            // `uv pip install` and `uv tool install`.
            [first, rest @ ..] if call.name == "uv" && (first.is("pip") || first.is("tool")) => {
                if rest.first().is_some_and(|word| word.is("install") || word.is("uninstall")) {
                    self.package(manager, rest.get(1..).unwrap_or(&[]), first.is("tool"));
                }
                return Some(Stream::Unknown);
            }
            words => words,
        };
        // Bare `yarn` installs.
        if call.name == "yarn" && words.is_empty() {
            self.package(manager, &[], false);
        }
        let at =
            words.iter().position(|word| !word.is_option() || verbs.iter().any(|v| word.is(v)))?;
        let verb = words.get(at)?;
        if !verbs.iter().any(|known| verb.is(known)) {
            return None;
        }
        let global = *always
            || words.iter().any(|word| {
                matches!(
                    word.text.as_str(),
                    "-g" | "--global"
                        | "--user"
                        | "--break-system-packages"
                        | "global"
                        | "--system"
                )
            })
            || matches!((call.name, verb.text.as_str()), ("cargo" | "go", "install" | "uninstall"));
        let rest = words.iter().enumerate().filter(|(other, _)| *other != at);
        let rest: Vec<Word> = rest.map(|(_, word)| word.clone()).collect();
        self.package(manager, &rest, global);
        Some(Stream::Unknown)
    }

    /// `npm config set script-shell ..`, `pip config set global.index-url ..`, hooks of apt.
    fn settings_that_stay(&mut self, call: &Call<'_>) {
        let words = call.words;
        let sets = matches!(words, [first, second, ..]
            if matches!(first.text.as_str(), "config" | "c") && second.is("set"))
            || call.name == "npm" && words.first().is_some_and(|word| word.is("set"));
        let project = words.iter().any(|word| {
            matches!(word.text.as_str(), "--location=project" | "project" | "--site" | "-L=project")
        });
        let named = words.iter().any(|word| {
            let name = word.text.split('=').next().unwrap_or("").to_ascii_lowercase();
            RULING.iter().any(|ruling| name == *ruling || name.ends_with(&format!(".{ruling}")))
        });
        let file = match call.name {
            "npm" | "pnpm" => ".npmrc",
            "yarn" => ".yarnrc",
            "pip" | "pip3" => ".config/pip/pip.conf",
            _ => "",
        };
        if sets && named && !project && !file.is_empty() {
            let at = self.place(&Word::known(format!("{}/{file}", self.home)));
            self.push(Effect::Write { at, content: None, append: true, reach: Reach::One });
        }
        if matches!(call.name, "apt" | "apt-get" | "aptitude") {
            for word in words.iter().filter(|word| word.text.contains("Invoke")) {
                if let Some((_, command)) = word.text.split_once('=') {
                    let command = command.to_owned();
                    self.shell_text(&Word::known(command), Stream::Absent);
                }
            }
        }
    }

    pub(super) fn package(&mut self, manager: &str, words: &[Word], global: bool) {
        let options = Options::of(words, &VALUED);
        let names = options.operands.iter();
        let names = names.map(|word| word.text().unwrap_or("?").to_owned()).collect();
        self.push(Effect::Package { manager: manager.to_owned(), names, global });
    }
}
