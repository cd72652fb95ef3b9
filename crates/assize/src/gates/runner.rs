//! Which commands run tests, and in which folder: read from a command line as it was recorded.

/// A family of test runners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    Python,
    JavaScript,
    Go,
    Rust,
    Jvm,
    Gradle,
    DotNet,
}

impl Family {
    /// The family that tests a file, by the end of its name. Gradle's is that of the build.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        let end = path.rsplit_once('.').map(|(_, end)| end)?;
        Some(match end {
            "py" => Self::Python,
            "js" | "jsx" | "mjs" | "cjs" | "ts" | "tsx" | "mts" | "cts" | "vue" | "svelte" => {
                Self::JavaScript
            }
            "go" => Self::Go,
            "rs" => Self::Rust,
            "java" | "kt" => Self::Jvm,
            "cs" => Self::DotNet,
            _ => return None,
        })
    }

    /// Whether its runner prints how many tests there were. Gradle prints none, and Maven and .NET
    /// none where they are told to be quiet.
    pub(crate) const fn counts(self) -> bool {
        !matches!(self, Self::Gradle | Self::Jvm | Self::DotNet)
    }
}

/// Programs that run another one, which their first own word behind these names.
const WRAPPERS: [(&str, &[&str]); 16] = [
    ("npx", &[]),
    ("bunx", &[]),
    ("pnpx", &[]),
    ("time", &[]),
    ("env", &[]),
    ("xvfb-run", &[]),
    ("uv", &["run"]),
    ("uvx", &[]),
    ("poetry", &["run"]),
    ("pipenv", &["run"]),
    ("pdm", &["run"]),
    ("rye", &["run"]),
    ("hatch", &["run"]),
    ("pnpm", &["exec"]),
    ("coverage", &["run", "-m"]),
    ("bundle", &["exec"]),
];
const SHELLS: [&str; 5] = ["sh", "bash", "dash", "zsh", "ksh"];
/// Before the command that counts, a line may prepare its surroundings.
const ASIDE: [&str; 4] = ["source", ".", "export", "set"];
/// Tools that run what a file of the repository calls a test.
const TASKS: [&str; 6] = ["make", "just", "task", "mage", "tox", "nox"];

/// A command that stands behind whatever leads to it, and the folder that it runs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Called {
    pub(crate) words: Vec<String>,
    pub(crate) folder: String,
}

/// The command of a recorded line, which ran in a folder; nothing where the line does more than
/// run it.
pub(crate) fn called(line: &str, folder: &str) -> Option<Called> {
    let words = split(line)?;
    let (first, rest) = words.split_first()?;
    if SHELLS.contains(&name(first)) {
        let (flag, script) = rest.split_first()?;
        let takes = flag.starts_with('-') && flag.ends_with('c');
        return if takes { in_script(script.first()?, folder) } else { None };
    }
    Some(Called { words, folder: folder.to_owned() })
}

/// The last command of a script whose other parts only prepare it.
fn in_script(script: &str, folder: &str) -> Option<Called> {
    let plain = script.replace("2>&1", "");
    if plain.contains([';', '|', '<', '>', '`', '\n']) || plain.contains("$(") {
        return None;
    }
    let parts: Vec<&str> = plain.split("&&").collect();
    if plain.matches('&').count() != (parts.len() - 1) * 2 {
        return None;
    }
    let (last, before) = parts.split_last()?;
    let mut folder = folder.to_owned();
    for part in before {
        let words = split(part)?;
        match words.first()?.as_str() {
            "cd" => folder = joined(&folder, words.get(1)?)?,
            word if ASIDE.contains(&word) => {}
            _ => return None,
        }
    }
    Some(Called { words: split(last)?, folder })
}

/// A folder below another one; nothing where it leaves the root.
fn joined(folder: &str, to: &str) -> Option<String> {
    if to.starts_with(['/', '~', '$', '-']) {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in to.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Whether a command runs tests of a family.
pub(crate) fn runs(words: &[String], family: Family) -> bool {
    let words = behind_wrappers(words);
    let Some((first, rest)) = words.split_first() else { return false };
    let says = |word: &str| rest.iter().any(|one| one == word);
    let is_test = |part: &str| {
        part.starts_with("test") || part.starts_with("check") || part.ends_with("test")
    };
    let task = |word: &String| word.split(':').any(is_test);
    let program = name(first);
    if TASKS.contains(&program) {
        return matches!(program, "tox" | "nox") || rest.iter().any(task);
    }
    match family {
        Family::Python => {
            let module = rest.windows(2).find(|pair| pair.first().is_some_and(|one| one == "-m"));
            let module = module.and_then(|pair| pair.get(1)).map(String::as_str);
            matches!(program, "pytest" | "py.test" | "nose2" | "trial")
                || program.starts_with("python") && matches!(module, Some("pytest" | "unittest"))
                || says("manage.py") && says("test")
                || matches!(program, "manage.py" | "hatch" | "django-admin") && says("test")
        }
        Family::JavaScript => {
            let manager = matches!(program, "npm" | "pnpm" | "yarn" | "bun" | "deno");
            let node = program == "node" && says("--test");
            let other = matches!(program, "nx" | "turbo" | "lerna" | "ng" | "react-scripts");
            matches!(program, "jest" | "vitest" | "mocha" | "ava" | "tap" | "jasmine" | "cypress")
                || node
                || (manager || other) && rest.iter().any(|word| word == "t" || task(word))
        }
        Family::Go => program == "gotestsum" || program == "go" && says("test"),
        Family::Rust => {
            program == "cargo"
                && (says("test") || says("t") || says("nextest") || says("tarpaulin"))
        }
        Family::Jvm => {
            let goals = ["test", "verify", "install", "package", "surefire:test"];
            matches!(program, "mvn" | "mvnw" | "mvnd") && goals.into_iter().any(says)
        }
        Family::Gradle => {
            let last = |word: &String| word.rsplit(':').next().unwrap_or(word).to_owned();
            let is_task = |word: &String| matches!(&*last(word), "test" | "check" | "build");
            matches!(program, "gradle" | "gradlew") && rest.iter().any(is_task)
        }
        Family::DotNet => program == "dotnet" && says("test"),
    }
}

/// The words from the first program on that runs no other one.
fn behind_wrappers(mut words: &[String]) -> &[String] {
    loop {
        let Some((first, rest)) = words.split_first() else { return words };
        let assigns = first.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        });
        if assigns {
            words = rest;
            continue;
        }
        let Some((_, then)) = WRAPPERS.iter().find(|(wrapper, then)| {
            *wrapper == name(first)
                && rest.iter().zip(*then).filter(|(a, b)| a == b).count() == then.len()
        }) else {
            return words;
        };
        // Options of the wrapper itself say nothing of what it runs.
        let behind = rest.get(then.len()..).unwrap_or(&[]);
        let options = behind.iter().take_while(|word| word.starts_with('-')).count();
        words = behind.get(options..).unwrap_or(&[]);
    }
}

fn name(word: &str) -> &str {
    word.rsplit('/').next().unwrap_or(word)
}

/// Words as a shell takes them, with quotes and without expansions; nothing where a quote is open.
pub(crate) fn split(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next()? {
                        end if end == letter => break,
                        '\\' if letter == '"' => word.push(letters.next()?),
                        other => word.push(other),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(letters.next()?),
            space if space.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs_tests(line: &str, family: Family) -> bool {
        called(line, "").is_some_and(|called| runs(&called.words, family))
    }

    #[test]
    fn lines_that_run_tests_are_told_from_those_that_say_so() {
        use Family::{DotNet, Go, Gradle, JavaScript, Jvm, Python, Rust};
        for (line, family) in [
            ("pytest -q", Python),
            ("./.venv/bin/pytest tests", Python),
            ("python3 -m pytest", Python),
            ("uv run --frozen pytest -q", Python),
            ("coverage run -m pytest", Python),
            ("DJANGO=1 python manage.py test", Python),
            ("sh -c 'cd api && pytest -q 2>&1'", Python),
            ("bash -lc 'source .venv/bin/activate && pytest'", Python),
            ("tox", Python),
            ("npm test", JavaScript),
            ("pnpm run test:unit", JavaScript),
            ("npx vitest run", JavaScript),
            ("node --test", JavaScript),
            ("go test -json ./...", Go),
            ("cargo nextest run", Rust),
            ("make test", Rust),
            ("./mvnw -q verify", Jvm),
            ("./gradlew :app:test", Gradle),
            ("dotnet test", DotNet),
        ] {
            assert!(runs_tests(line, family), "{line}");
        }
        for (line, family) in [
            ("echo '5 passed in 0.10s'", Python),
            ("sh -c 'echo 5 passed; pytest'", Python),
            ("sh -c 'pytest || true'", Python),
            ("sh -c 'pytest & true'", Python),
            ("sh -c 'true && echo pytest'", Python),
            ("cat pytest.log", Python),
            ("sh -c \"printf '1 passed' && pytest\"", Python),
            ("npm run build", JavaScript),
            ("node test.js", JavaScript),
            ("go vet ./...", Go),
            ("cargo check", Rust),
            ("pytest", Go),
            ("sh run.sh", Python),
            ("pytest 'open", Python),
        ] {
            assert!(!runs_tests(line, family), "{line}");
        }
    }

    #[test]
    fn a_script_may_change_its_folder_first() {
        let folder = |line: &str, from: &str| called(line, from).map(|called| called.folder);
        assert_eq!(folder("sh -c 'cd a/b && cd .. && x'", "r").as_deref(), Some("r/a"));
        assert_eq!(folder("sh -c 'cd ../.. && x'", "r"), None);
        assert_eq!(folder("sh -c 'cd /tmp && x'", ""), None);
        assert_eq!(folder("x", "r").as_deref(), Some("r"));
    }

    #[test]
    fn words_come_back_as_they_were_quoted() {
        for (line, expected) in [
            ("a 'b c' d", Some(vec!["a", "b c", "d"])),
            (r"sh -c 'echo '\''a b'\'''", Some(vec!["sh", "-c", "echo 'a b'"])),
            (r#"a "b \" c""#, Some(vec!["a", "b \" c"])),
            ("a ''", Some(vec!["a", ""])),
            ("a 'b", None),
            ("a \\", None),
        ] {
            let found = split(line);
            let found = found.as_ref().map(|all| all.iter().map(String::as_str).collect());
            assert_eq!(found, expected, "{line}");
        }
    }
}
