//! Which command tests a file, by what the repository holds.
//!
//! Only what is evident counts: a runner that the repository names, and tests that it could run.
//! Where either is missing nothing is demanded.

use assize_index::View;
use assize_model::FileClass;
use serde_json::Value;

use super::runner::Family;

/// So many files of Rust are read to find a test among them.
const READ_MAX: usize = 300;

/// A repository, as far as inference asks.
pub(super) struct Around<'a> {
    pub(super) view: View<'a>,
    /// The text of a file.
    pub(super) text: &'a dyn Fn(&str) -> Option<String>,
}

/// A command that tests, and the folder in which it is run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Inferred {
    pub(super) family: Family,
    pub(super) folder: String,
    pub(super) command: String,
}

/// The command that tests a file; nothing where none is evident.
pub(super) fn suite_of(path: &str, around: &Around<'_>) -> Option<Inferred> {
    let family = Family::of_path(path)?;
    folders(path).find_map(|folder| {
        let (family, command) = match family {
            Family::Python => (family, around.pytest(folder)?),
            Family::JavaScript => (family, around.package_script(folder)?),
            Family::Go => (family, around.go(folder)?),
            Family::Rust => (family, around.cargo(folder)?),
            Family::Jvm | Family::Gradle => around.jvm(folder)?,
            Family::DotNet => (family, around.dotnet(folder)?),
        };
        Some(Inferred { family, folder: folder.to_owned(), command })
    })
}

/// The folders above a file, the nearest first; the root is the empty text.
pub(super) fn folders(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        rest = rest.rsplit_once('/').map_or("", |(folder, _)| folder);
        Some(rest)
    })
}

pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

impl Around<'_> {
    fn has(&self, folder: &str, name: &str) -> bool {
        self.view.is_file(&join(folder, name))
    }

    fn says(&self, folder: &str, name: &str, word: &str) -> bool {
        self.has(folder, name)
            && (self.text)(&join(folder, name)).is_some_and(|text| text.contains(word))
    }

    /// Whether a test lies at or below a folder, by its class and its name.
    fn has_test(&self, folder: &str, is_one: impl Fn(&str) -> bool) -> bool {
        let mut files = self.view.files_under(folder);
        files.any(|file| file.class() == FileClass::Test && is_one(file.name()))
    }

    fn pytest(&self, folder: &str) -> Option<String> {
        let is_test = |name: &str| {
            name.ends_with(".py") && (name.starts_with("test_") || name.ends_with("_test.py"))
        };
        let named = self.has(folder, "pytest.ini")
            || self.has(folder, "conftest.py")
            || ["pyproject.toml", "setup.cfg", "tox.ini", "Pipfile", "requirements.txt"]
                .into_iter()
                .chain(["requirements-dev.txt", "dev-requirements.txt", "requirements-test.txt"])
                .any(|name| self.says(folder, name, "pytest"));
        (named && self.has_test(folder, is_test)).then(|| "pytest".to_owned())
    }

    fn package_script(&self, folder: &str) -> Option<String> {
        if !self.has(folder, "package.json") {
            return None;
        }
        let package: Value =
            serde_json::from_str(&(self.text)(&join(folder, "package.json"))?).ok()?;
        let script = package.get("scripts")?.get("test")?.as_str()?;
        let is_test = |name: &str| {
            Family::of_path(name) == Some(Family::JavaScript)
                && (name.contains(".test.") || name.contains(".spec.") || name.contains("test"))
        };
        (!is_stub(script) && self.has_test(folder, is_test)).then(|| {
            let locks =
                [("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn"), ("bun.lock", "bun run")];
            let has = |name: &str| self.has(folder, name) || self.has("", name);
            let manager = locks.iter().find(|(lock, _)| has(lock)).map_or("npm", |(_, name)| name);
            format!("{manager} test")
        })
    }

    fn go(&self, folder: &str) -> Option<String> {
        let mut files = self.view.files_under(folder);
        let tests =
            self.has(folder, "go.mod") && files.any(|file| file.name().ends_with("_test.go"));
        tests.then(|| "go test -json ./...".to_owned())
    }

    fn cargo(&self, folder: &str) -> Option<String> {
        if !self.has(folder, "Cargo.toml") {
            return None;
        }
        let files = self.view.files_under(folder).filter(|file| file.name().ends_with(".rs"));
        let is_test = |text: String| text.contains("#[test]") || text.contains("::test]");
        let mut texts = files.take(READ_MAX).filter_map(|file| (self.text)(file.path()));
        texts.any(is_test).then(|| "cargo test".to_owned())
    }

    fn jvm(&self, folder: &str) -> Option<(Family, String)> {
        let tests = join(folder, "src/test");
        if !self.view.is_folder(&tests) {
            return None;
        }
        if self.has(folder, "pom.xml") {
            return Some((Family::Jvm, "mvn test".to_owned()));
        }
        let gradle = ["build.gradle", "build.gradle.kts"].iter().any(|name| self.has(folder, name));
        let wrapped = self.has("", "gradlew") || self.has(folder, "gradlew");
        let program = if wrapped { "./gradlew" } else { "gradle" };
        gradle.then(|| (Family::Gradle, format!("{program} test")))
    }

    fn dotnet(&self, folder: &str) -> Option<String> {
        let mut files = self.view.files_under(folder);
        let is_tests = |path: &str| {
            path.ends_with(".csproj")
                && (self.text)(path).is_some_and(|text| text.contains("Microsoft.NET.Test.Sdk"))
        };
        let has_solution = self.view.files_under(folder).any(|file| {
            file.folder() == folder
                && (file.name().ends_with(".sln") || file.name().ends_with(".slnx"))
        });
        (has_solution && files.any(|file| is_tests(file.path()))).then(|| "dotnet test".to_owned())
    }
}

/// What `npm init` writes, and what only says that there is nothing.
fn is_stub(script: &str) -> bool {
    let script = script.trim();
    script.is_empty()
        || script.contains("no test specified")
        || matches!(script, "true" | ":" | "exit 0")
        || script.starts_with("echo ") && !script.contains("&&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_go_up_to_the_root() {
        assert_eq!(folders("a/b/c.py").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(folders("c.py").collect::<Vec<_>>(), [""]);
    }

    #[test]
    fn stubs_are_no_tests() {
        for script in ["", "echo \"Error: no test specified\" && exit 1", "exit 0", "echo none"] {
            assert!(is_stub(script), "{script}");
        }
        for script in ["jest", "echo start && vitest run"] {
            assert!(!is_stub(script), "{script}");
        }
    }
}
