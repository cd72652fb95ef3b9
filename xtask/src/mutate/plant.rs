//! One planting: a shape made concrete in a checkout.

use anyhow::{Context as _, Result, bail};
use regex::Regex;

use super::checkout::Checkout;
use super::fill::Filling;
use super::proof;
use super::random::Random;
use super::shape::{Operation, Rename, Shape, Where};
use super::source::{Scanned, Syntax};

/// How many draws are tried until one can be planted.
const TRIES_MAX: usize = 12;

/// The changes of one planting.
#[derive(Debug)]
pub(crate) struct Planting {
    /// Position of the shape in the list of all, and the planting's own number.
    pub(crate) shape: usize,
    pub(crate) number: usize,
    /// Carried out before the reference run.
    pub(crate) setup: Vec<Change>,
    pub(crate) change: Change,
    /// What was planted, for the list of misses.
    pub(crate) shown: String,
}

/// A file's new content; `None` deletes it.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) path: String,
    pub(crate) text: Option<String>,
}

impl Planting {
    /// The paths that it touches.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.setup.iter().chain([&self.change]).map(|change| change.path.as_str())
    }

    /// Draws a planting; `None` where the checkout has no place for it.
    pub(crate) fn draw(
        shape: &Shape,
        position: usize,
        number: usize,
        seed: u64,
        checkout: &Checkout,
    ) -> Result<Option<Self>> {
        let qualifying = checkout.qualifying(shape)?;
        if qualifying.is_empty() && !shape.files.is_empty() {
            return Ok(None);
        }
        for attempt in 0..TRIES_MAX {
            let name = format!("{} {number} {attempt}", shape.name());
            let mut draw = Draw::new(shape, checkout, Random::new(seed, &name))?;
            if let Some(path) = draw.random.choose(&qualifying) {
                draw.filling.set_file(path);
                draw.file = Some((*path).to_owned());
            }
            let setup = draw.setup();
            let Some((change, shown)) = draw.change(number)? else { continue };
            let planting = Self { shape: position, number, setup, change, shown };
            if planting.can_be_seen(checkout)? {
                return Ok(Some(planting));
            }
        }
        Ok(None)
    }

    /// No path is ignored by git, and none is made twice or in the way of a folder.
    fn can_be_seen(&self, checkout: &Checkout) -> Result<bool> {
        let own = |path: &str| self.setup.iter().any(|step| step.path == path);
        for path in self.paths() {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if checkout.folder.join(folder).is_file() || checkout.folder.join(path).is_dir() {
                return Ok(false);
            }
            // What tells the class of a file may be ignored, as folders of packages mostly are.
            if !checkout.holds(path) && !path.contains("node_modules/") && checkout.ignores(path)? {
                return Ok(false);
            }
        }
        let deletes = self.change.text.is_none();
        Ok(!deletes || own(&self.change.path) || checkout.holds(&self.change.path))
    }
}

/// Everything that one draw goes by.
struct Draw<'a> {
    shape: &'a Shape,
    checkout: &'a Checkout,
    random: Random,
    filling: Filling,
    /// The chosen file.
    file: Option<String>,
}

impl<'a> Draw<'a> {
    fn new(shape: &'a Shape, checkout: &'a Checkout, mut random: Random) -> Result<Self> {
        let names = random.between(0, usize::MAX - 1);
        let filling = Filling::new(Random::new(names as u64, "filling"), shape.short)?;
        Ok(Self { shape, checkout, random, filling, file: None })
    }

    fn setup(&mut self) -> Vec<Change> {
        let mut steps: Vec<Change> = Vec::new();
        for step in &self.shape.setup {
            let path = self.filling.fill_path(&step.path);
            let text = proof::given(&self.filling.fill(&step.text));
            let text = match step.op {
                Operation::AppendToFile => {
                    let made = steps.iter().rfind(|made| made.path == path);
                    let before = made
                        .and_then(|made| made.text.clone())
                        .unwrap_or_else(|| self.checkout.text(&path).to_owned());
                    appended(&before, &text)
                }
                _ => text,
            };
            steps.push(Change { path, text: Some(text) });
        }
        steps
    }

    fn text(&mut self, number: usize) -> Result<String> {
        // All texts get their turn before one comes twice.
        let texts = &self.shape.texts;
        let start = Random::new(0, &self.shape.name()).below(texts.len());
        let text = texts.get((start + number) % texts.len().max(1)).context("no text")?;
        Ok(proof::given(&self.filling.fill(text)))
    }

    fn path(&mut self) -> Result<String> {
        let template = self.random.choose(&self.shape.paths).context("no path")?.clone();
        Ok(self.filling.fill_path(&template))
    }

    /// The change itself and words for it; `None` where this draw has no place for it.
    fn change(&mut self, number: usize) -> Result<Option<(Change, String)>> {
        let made = match self.shape.op {
            Operation::NewFile => {
                let text = self.text(number)?;
                Some((self.path()?, Some(text.clone()), text))
            }
            Operation::DeleteFile => {
                let path = match &self.shape.path {
                    Some(path) => self.filling.fill_path(path),
                    None => self.chosen()?,
                };
                Some((path, None, "deleted".to_owned()))
            }
            Operation::CopyFile => self.copy()?,
            Operation::AppendToFile => {
                let (path, text) = (self.chosen()?, self.text(number)?);
                let whole = appended(self.checkout.text(&path), &text);
                Some((path, Some(whole), text))
            }
            Operation::InsertLine => self.insert(number)?,
            Operation::EditLine | Operation::Truncate => self.at_line(number)?,
            Operation::DeleteChar => self.delete_char()?,
        };
        Ok(made.map(|(path, text, shown)| (Change { path, text }, shown)))
    }

    fn chosen(&self) -> Result<String> {
        self.file.clone().with_context(|| format!("{}: no files", self.shape.id))
    }

    fn copy(&mut self) -> Result<Option<(String, Option<String>, String)>> {
        let source = match &self.shape.path {
            Some(path) => self.filling.fill_path(path),
            None => self.chosen()?,
        };
        let step =
            self.shape.setup.iter().find(|step| Some(&step.path) == self.shape.path.as_ref());
        let text = match step {
            Some(step) => self.filling.fill(&step.text),
            None => self.checkout.text(&source).to_owned(),
        };
        let syntax = Syntax::of(&source);
        let copied = match self.shape.rename {
            Rename::None => text,
            Rename::Whitespace => self.respaced(&text),
            Rename::Identifiers => Scanned::new(&text, syntax).renamed(syntax, &mut self.random)?,
            Rename::Half => Scanned::new(&text, syntax).half(),
        };
        let changed = step.is_some() || copied != self.checkout.text(&source);
        if self.shape.rename != Rename::None && !changed {
            return Ok(None);
        }
        let mut path = self.path()?;
        // Markup does not parse in a file whose ending denies it.
        if source.ends_with(".tsx") && path.ends_with(".ts") {
            path.push('x');
        }
        Ok(Some((path, Some(copied), format!("copy of {source}"))))
    }

    /// Other line ends, or blanks at the end of some lines.
    fn respaced(&mut self, text: &str) -> String {
        if self.random.below(2) == 0 && !text.contains('\r') {
            return text.replace('\n', "\r\n");
        }
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let count = lines.len();
        for _ in 0..3 {
            if let Some(line) = lines.get_mut(self.random.below(count)) {
                line.push_str("  ");
            }
        }
        lines.join("\n") + "\n"
    }

    fn insert(&mut self, number: usize) -> Result<Option<(String, Option<String>, String)>> {
        let (path, text) = (self.chosen()?, self.text(number)?);
        let whole = self.checkout.text(&path);
        let syntax = Syntax::of(&path);
        let scanned = Scanned::new(whole, syntax);
        let (place, indent) = match self.shape.place {
            Where::Module => (scanned.after_imports(syntax), String::new()),
            Where::End => (whole.len(), String::new()),
            Where::Function => match self.random.choose(&scanned.bodies()) {
                Some((place, indent)) => (*place, indent.clone()),
                None => return Ok(None),
            },
        };
        let (before, after) = whole.split_at_checked(place).context("a place inside a letter")?;
        let lines: String = text.lines().map(|line| format!("{indent}{line}\n")).collect();
        let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
        Ok(Some((path, Some(format!("{before}{gap}{lines}{after}")), text)))
    }

    fn at_line(&mut self, number: usize) -> Result<Option<(String, Option<String>, String)>> {
        let path = self.chosen()?;
        let whole = self.checkout.text(&path);
        let pattern = Regex::new(self.shape.matching.as_deref().unwrap_or(""))?;
        let scanned = Scanned::new(whole, Syntax::of(&path));
        let source = !self.shape.short && self.shape.op == Operation::EditLine;
        let fitting: Vec<(usize, &str)> = scanned
            .lines()
            .filter(|(line, text)| (!source || line.fresh) && pattern.is_match(text))
            .map(|(line, text)| (line.start, text))
            .collect();
        let chosen = if self.shape.short { fitting.first() } else { self.random.choose(&fitting) };
        let Some((start, line)) = chosen else { return Ok(None) };
        let end = start + line.len();
        let before = whole.get(..*start).unwrap_or("");
        if self.shape.op == Operation::Truncate {
            let shown = format!("ends after `{line}`");
            return Ok(Some((path, Some(format!("{before}{line}\n")), shown)));
        }
        let fresh = match &self.shape.replace {
            Some(template) => {
                // `$1_x` would name a group `1_x`.
                let template = Regex::new(r"\$(\d)")?.replace_all(template, "$${$1}").into_owned();
                let template = self.filling.fill(&template);
                pattern.replace(line, template.as_str()).into_owned()
            }
            None => self.text(number)?,
        };
        let after = whole.get(end..).unwrap_or("");
        Ok(Some((path, Some(format!("{before}{fresh}{after}")), format!("`{line}` -> `{fresh}`"))))
    }

    fn delete_char(&mut self) -> Result<Option<(String, Option<String>, String)>> {
        let path = self.chosen()?;
        let whole = self.checkout.text(&path);
        let places = Scanned::new(whole, Syntax::of(&path)).places_of(&self.shape.chars);
        let Some(place) = self.random.choose(&places) else { return Ok(None) };
        let (before, rest) = whole.split_at_checked(*place).context("a place inside a letter")?;
        let Some(gone) = rest.chars().next() else { bail!("nothing to delete") };
        let line = before.lines().count();
        let after = rest.get(gone.len_utf8()..).unwrap_or("");
        let shown = format!("`{gone}` deleted in line {line}");
        Ok(Some((path, Some(format!("{before}{after}")), shown)))
    }
}

fn appended(before: &str, text: &str) -> String {
    let gap = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("{before}{gap}{text}{end}")
}
