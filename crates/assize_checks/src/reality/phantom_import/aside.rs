//! Files whose needs no manifest of the repository tells.

use assize_index::{FileRef, View};
use assize_model::FileClass;

pub(super) fn is_aside(file: FileRef<'_>, view: &View<'_>) -> bool {
    is_shown(file) || is_of_skill(file, view) || is_of_image(file, view)
}

/// Whether the file shows something or serves as data: samples have needs that the project does
/// not have, and beside the tests lie modules that are broken on purpose.
fn is_shown(file: FileRef<'_>) -> bool {
    const SHOWN: [&str; 8] =
        ["benchmark", "demo", "example", "playground", "sample", "snippet", "template", "tutorial"];
    let shows = |part: &str| {
        part.split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| SHOWN.contains(&word.strip_suffix('s').unwrap_or(word)))
    };
    match file.class() {
        FileClass::Production => file.folder().split('/').any(shows),
        FileClass::Test => {
            let name = file.name();
            !(name.contains("test") || name.contains("spec") || name == "conftest.py")
        }
        _ => true,
    }
}

/// Whether the file belongs to a skill without a manifest: it is copied to where it is used.
fn is_of_skill(file: FileRef<'_>, view: &View<'_>) -> bool {
    const MANIFESTS: [&str; 4] = ["package.json", "pyproject.toml", "requirements.txt", "go.mod"];
    let path = file.repo_path();
    let mut folders = path.ancestors().filter(|folder| !folder.is_empty());
    folders
        .find_map(|folder| {
            let holds = |name: &&str| view.is_file(&format!("{folder}/{name}"));
            if MANIFESTS.iter().any(holds) {
                return Some(false);
            }
            holds(&"SKILL.md").then_some(true)
        })
        .unwrap_or(false)
}

/// Whether the file lies beside a Dockerfile and no manifest: what is installed where it runs, the
/// image says.
fn is_of_image(file: FileRef<'_>, view: &View<'_>) -> bool {
    let folder = file.folder();
    let mut dockerfile = false;
    for other in view.files_under(folder).filter(|other| other.folder() == folder).take(512) {
        match other.name() {
            "package.json" | "pyproject.toml" | "requirements.txt" | "setup.py" | "go.mod" => {
                return false;
            }
            name => dockerfile |= name.starts_with("Dockerfile"),
        }
    }
    dockerfile && !folder.is_empty()
}
