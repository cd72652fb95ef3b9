//! `codegen`: the list of the controls and the counts of their fixtures, made from the folders.
//!
//! A control is added by adding its folder; no file is edited by hand. The result is committed, and
//! `--check` fails where it is not what the folders say.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::{process, workspace};

const GENERATED: &str = "crates/assize_checks/src/generated.rs";
/// The example, for the tour that the program gives without a checkout.
const EXAMPLE: &str = "crates/assize/src/commands/demo/example.rs";

/// A control's folder.
#[derive(Debug)]
pub(crate) struct Folder {
    /// `reality`.
    pub(crate) family: String,
    /// `phantom_env`; the control's name has hyphens instead.
    pub(crate) module: String,
    /// Bad and good fixtures per language.
    pub(crate) fixtures: BTreeMap<String, [u32; 2]>,
}

impl Folder {
    pub(crate) fn name(&self) -> String {
        self.module.replace('_', "-")
    }

    /// The folder, relative to the workspace.
    pub(crate) fn path(&self) -> String {
        format!("crates/assize_checks/src/{}/{}", self.family, self.module)
    }
}

pub(crate) fn run(arguments: &[String]) -> Result<()> {
    let check = match arguments {
        [] => false,
        [one] if one == "--check" => true,
        _ => bail!("codegen takes --check or nothing"),
    };
    kept(GENERATED, &text(&folders()?)?, check)?;
    kept(EXAMPLE, &example()?, check)
}

/// Writes a generated file where it changed; with `check` that is a failure.
fn kept(path: &str, text: &str, check: bool) -> Result<()> {
    let made = format(text)?;
    let file = workspace::root().join(path);
    let present = fs::read_to_string(&file).unwrap_or_default();
    if made == present {
        return Ok(());
    }
    if !check {
        fs::write(&file, made).with_context(|| format!("cannot write {path}"))?;
        println!("wrote {path}");
        return Ok(());
    }
    print!("{}", difference(&present, &made));
    bail!("{path} is not what its folders say: run `cargo xtask codegen`");
}

/// The files of the example: path, content, whether it can be run.
fn example() -> Result<String> {
    use std::os::unix::fs::PermissionsExt as _;
    const FOLDER: &str = "examples/orders/";
    let mut out = String::from(
        "//! The files of the example: path, content, whether it can be run. Made by `cargo xtask\n\
         //! codegen`; do not edit.\n\n\
         pub(super) const FILES: &[(&str, &[u8], bool)] = &[\n",
    );
    for path in workspace::files()? {
        let Some(inner) = path.strip_prefix(FOLDER) else { continue };
        let runs = fs::metadata(workspace::root().join(&path))?.permissions().mode() & 0o100 != 0;
        writeln!(out, "(\"{inner}\", include_bytes!(\"../../../../../{path}\"), {runs}),")?;
    }
    out.push_str("];\n");
    Ok(out)
}

/// The folders of the controls, in order of name.
pub(crate) fn folders() -> Result<Vec<Folder>> {
    let prefix = "crates/assize_checks/src/";
    let mut found: BTreeMap<String, Folder> = BTreeMap::new();
    let files = workspace::files()?;
    let below: Vec<Vec<&str>> = files
        .iter()
        .filter_map(|path| path.strip_prefix(prefix))
        .map(|path| path.split('/').collect())
        .collect();
    for parts in &below {
        if let [family, module, "doc.md"] = parts.as_slice() {
            let folder = Folder {
                family: (*family).to_owned(),
                module: (*module).to_owned(),
                fixtures: BTreeMap::new(),
            };
            if let Some(other) = found.insert((*module).to_owned(), folder) {
                bail!("two folders are called {module}: in {family} and in {}", other.family);
            }
        }
    }
    for parts in &below {
        let [family, module, "fixtures", rest @ ..] = parts.as_slice() else { continue };
        let folder = found.get_mut(*module).filter(|folder| folder.family == *family);
        let folder = folder.with_context(|| format!("{family}/{module} has no doc.md"))?;
        count(folder, rest)?;
    }
    let mut folders: Vec<Folder> = found.into_values().collect();
    folders.sort_by_key(Folder::name);
    Ok(folders)
}

/// Counts one fixture of a folder: its path below `fixtures`.
fn count(folder: &mut Folder, path: &[&str]) -> Result<()> {
    let shown = format!("{}/fixtures/{}", folder.path(), path.join("/"));
    let [side, language, file] = path else {
        bail!("{shown}: a fixture stands at {{bad,good}}/<language>/<idea>.txtar")
    };
    ensure!(file.ends_with(".txtar"), "{shown}: a fixture's name ends in .txtar");
    let counts = folder.fixtures.entry((*language).to_owned()).or_default();
    match *side {
        "bad" => counts[0] += 1,
        "good" => counts[1] += 1,
        _ => bail!("{shown}: a fixture is bad or good"),
    }
    Ok(())
}

fn text(folders: &[Folder]) -> Result<String> {
    let mut out = String::from(
        "//! The controls, one line per folder. Made by `cargo xtask codegen`; do not edit.\n\n\
         use crate::Control;\n\n",
    );
    for folder in folders {
        let module = &folder.module;
        writeln!(out, "#[path = \"{}/{module}/mod.rs\"]\npub(crate) mod {module};", folder.family)?;
    }
    out.push_str("\n/// All compiled-in controls, in order of name.\n");
    out.push_str("pub const CONTROLS: &[&Control] = &[\n");
    for folder in folders {
        writeln!(out, "&{}::CONTROL,", folder.module)?;
    }
    out.push_str("];\n\n/// Fixtures per control and language: (control, language, bad, good).\n");
    out.push_str("pub const FIXTURES: &[(&str, &str, u32, u32)] = &[\n");
    for folder in folders {
        for (language, [bad, good]) in &folder.fixtures {
            writeln!(out, "(\"{}\", \"{language}\", {bad}, {good}),", folder.name())?;
        }
    }
    out.push_str("];\n");
    Ok(out)
}

/// The text as `cargo fmt` would leave it, so that the two never disagree.
fn format(text: &str) -> Result<String> {
    let root = workspace::root();
    let mut rustfmt = Command::new("rustfmt");
    rustfmt.args(["--edition", "2024", "--config-path"]).arg(&root);
    // On standard input rustfmt follows `mod` lines from the current folder: none of ours may be
    // there.
    rustfmt.current_dir(Path::new("/"));
    process::filtered(&mut rustfmt, text)
}

/// The lines that differ: enough to see what was forgotten.
fn difference(present: &str, made: &str) -> String {
    let mut out = String::new();
    for line in present.lines().filter(|line| !made.lines().any(|other| other == *line)) {
        let _ = writeln!(out, "-{line}");
    }
    for line in made.lines().filter(|line| !present.lines().any(|other| other == *line)) {
        let _ = writeln!(out, "+{line}");
    }
    out
}
