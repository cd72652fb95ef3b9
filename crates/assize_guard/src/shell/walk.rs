//! The state of one reading, its limits, and the way from texts to nodes.

use std::collections::BTreeSet;

use rable::Node;

use crate::protected::{Kind, kind_of};
use crate::{Effect, Effects, Place, Reach, Surroundings};

use super::fetched::Fetched;
use super::made::Made;
use super::scope::Scope;
use super::word::{Stream, Word};
use super::{bounds, place};

/// How deep texts, functions and wrappers may stand in each other.
const DEPTH_MAX: u32 = 40;
/// How many commands and words are read.
const STEPS_MAX: u32 = 20_000;
/// How many bytes of words and nested texts are read, all together.
const WORK_MAX: usize = 8 * 1024 * 1024;
/// How many effects are told.
const EFFECTS_MAX: usize = 4_000;

/// One reading of one command.
pub(super) struct Walk<'a> {
    pub(super) surroundings: &'a Surroundings,
    pub(super) home: String,
    pub(super) scope: Scope,
    /// Functions whose body was read.
    pub(super) called: BTreeSet<String>,
    /// Functions that are being read.
    pub(super) calling: Vec<String>,
    /// Files that the command has made so far.
    pub(super) made: Made,
    pub(super) fetched: Fetched,
    /// What runs when this shell ends.
    pub(super) traps: Vec<String>,
    effects: Effects,
    depth: u32,
    steps: u32,
    work: usize,
    /// A limit is reached: nothing more is read.
    over: bool,
}

impl Walk<'_> {
    /// How many effects there are.
    pub(super) fn count(&self) -> usize {
        self.effects.all.len()
    }

    /// Files that nobody names, of the effects from this one on, lie in a folder.
    pub(super) fn places_deletions(&mut self, from: usize, base: &Place, by: Reach) {
        for effect in self.effects.all.iter_mut().skip(from) {
            if let Effect::Delete { at, reach } = effect
                && *at == Place::Unknown
            {
                (*at, *reach) = (base.clone(), by);
            }
        }
    }

    /// Files that the effects from this one on open for writing stay empty.
    pub(super) fn empties(&mut self, from: usize) {
        for effect in self.effects.all.iter_mut().skip(from) {
            if let Effect::Write {
                content: content @ None, append: false, reach: Reach::One, ..
            } = effect
            {
                *content = Some(String::new());
            }
        }
    }

    /// What the effects from this one on delete has names of files that tools make.
    pub(super) fn deletes_made(&mut self, from: usize) {
        for effect in self.effects.all.iter_mut().skip(from) {
            if let Effect::Delete { reach, .. } = effect {
                *reach = Reach::Made;
            }
        }
    }
}

impl<'a> Walk<'a> {
    pub(super) fn new(surroundings: &'a Surroundings) -> Self {
        let mut scope = Scope {
            folder: Some(surroundings.folder.clone()).filter(|folder| folder.starts_with('/')),
            // A command of a client has no arguments.
            positional: Some(Vec::new()),
            ..Scope::default()
        };
        for (name, value) in &surroundings.variables {
            scope.set(name, Word::known(value));
        }
        if !surroundings.home.is_empty() {
            scope.set("HOME", Word::known(&surroundings.home));
        }
        Self {
            surroundings,
            home: surroundings.home.clone(),
            scope,
            called: BTreeSet::new(),
            calling: Vec::new(),
            made: Made::default(),
            fetched: Fetched::default(),
            traps: Vec::new(),
            effects: Effects::default(),
            depth: 0,
            steps: 0,
            work: 0,
            over: false,
        }
    }

    pub(super) fn run(mut self, command: &str) -> Effects {
        self.nested(command, Stream::Absent);
        self.spring(0);
        self.uncalled_functions();
        self.effects
    }

    /// Tells an effect; the same one twice in a row is told once.
    pub(super) fn push(&mut self, mut effect: Effect) {
        self.made.note(&effect);
        if let Effect::Network { sends, .. } = &mut effect {
            self.made.unpacked(sends);
        }
        if self.effects.all.len() < EFFECTS_MAX {
            if self.effects.all.last() != Some(&effect) {
                self.effects.push(effect);
            }
        } else if !self.over {
            self.stop("the command does more than is read");
        }
    }

    /// Reads what may be no command at all: what cannot be told of it, and what it only reads, is
    /// no effect.
    pub(super) fn tentative(&mut self, read: impl FnOnce(&mut Self)) {
        let from = self.effects.all.len();
        read(self);
        if self.over {
            return;
        }
        self.keep(from, |effect| {
            !matches!(effect, Effect::CannotKnow(_) | Effect::Opaque(_) | Effect::Read(_))
        });
    }

    /// Of the effects from this one on, only those that count.
    pub(super) fn keep(&mut self, from: usize, counts: impl Fn(&Effect) -> bool) {
        let tail = self.effects.all.split_off(from.min(self.effects.all.len()));
        self.effects.all.extend(tail.into_iter().filter(counts));
    }

    /// A text that is run and that cannot be read, where it could change files.
    pub(super) fn opaque(&mut self, why: &str) {
        self.push(Effect::Opaque(why.to_owned()));
    }

    /// How many effects are told.
    pub(super) fn told(&self) -> usize {
        self.effects.all.len()
    }

    /// The effects from this one on.
    pub(super) fn told_from(&self, from: usize) -> impl Iterator<Item = &Effect> {
        self.effects.all.iter().skip(from)
    }

    pub(super) fn cannot_know(&mut self, why: &str) {
        self.push(Effect::CannotKnow(why.to_owned()));
    }

    fn stop(&mut self, why: &str) {
        self.over = true;
        self.effects.push(Effect::Opaque(why.to_owned()));
    }

    /// Begins something that may nest; [`Walk::leave`] ends it. `false`: a limit is reached.
    pub(super) fn enter(&mut self, bytes: usize) -> bool {
        if self.over {
            return false;
        }
        self.steps += 1;
        self.work = self.work.saturating_add(bytes);
        if self.steps > STEPS_MAX || self.work > WORK_MAX {
            self.stop("the command is too large to be followed");
            return false;
        }
        if self.depth >= DEPTH_MAX {
            self.opaque("the command is nested too deeply");
            return false;
        }
        self.depth += 1;
        true
    }

    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Reads a text that is run in this shell.
    pub(super) fn nested(&mut self, text: &str, input: Stream) -> Stream {
        if !self.enter(text.len()) {
            return Stream::Unknown;
        }
        let out = match bounds::parse(text) {
            Some(nodes) => self.nodes(&nodes, input),
            None if text.trim().is_empty() => Stream::Text(String::new()),
            None => {
                self.opaque("the text is no shell command that can be read");
                Stream::Unknown
            }
        };
        self.leave();
        out
    }

    pub(super) fn nested_subshell(&mut self, text: &str) -> Stream {
        self.in_subshell(|walk| walk.nested(text, Stream::Absent))
    }

    /// Runs the traps that were set since there were so many, with what is known at the end.
    fn spring(&mut self, from: usize) {
        let set = self.traps.split_off(from.min(self.traps.len()));
        for text in set {
            self.nested(&text, Stream::Absent);
        }
    }

    /// Reads something that cannot change the state of this shell.
    pub(super) fn in_subshell(&mut self, run: impl FnOnce(&mut Self) -> Stream) -> Stream {
        let before = self.scope.clone();
        let traps = self.traps.len();
        let out = run(self);
        self.spring(traps);
        // Functions are kept, so that each of them is read at least once.
        let functions = std::mem::replace(&mut self.scope, before).functions;
        for (name, body) in functions {
            self.scope.functions.entry(name).or_insert(body);
        }
        out
    }

    /// Reads something that happens where the folders of this machine do not count.
    pub(super) fn elsewhere(&mut self, run: impl FnOnce(&mut Self)) {
        self.in_subshell(|walk| {
            walk.scope.folder = None;
            run(walk);
            Stream::Unknown
        });
    }

    pub(super) fn nodes(&mut self, nodes: &[Node], input: Stream) -> Stream {
        let mut out = Stream::Unknown;
        for node in nodes {
            out = self.node(node, input.clone());
        }
        if nodes.len() > 1 && !matches!(out, Stream::Fetched | Stream::Decoded) {
            out = Stream::Unknown;
        }
        out
    }

    pub(super) fn place(&self, word: &Word) -> Place {
        let at = place::place(word, self.scope.folder.as_deref(), &self.home);
        match at {
            Place::Known(path) => Place::Known(self.through_links(path)),
            Place::Below(path) => self
                .likely_place(word)
                .unwrap_or_else(|| Place::Below(self.made.resolved(&path).unwrap_or(path))),
            Place::Unknown => self.likely_place(word).unwrap_or(at),
        }
    }

    /// Whether an effect from this one on tells of a place.
    pub(super) fn tells_of(&self, place: &Place, from: usize) -> bool {
        self.effects.all.iter().skip(from).any(|effect| match effect {
            Effect::Read(at)
            | Effect::Write { at, .. }
            | Effect::Delete { at, .. }
            | Effect::Mode { at, .. } => at == place,
            Effect::Move { from, to } => from == place || to == place,
            Effect::Network { sends, .. } => sends.contains(place),
            _ => false,
        })
    }

    /// Whether a place holds credentials.
    pub(super) fn is_secret(&self, at: &Place) -> bool {
        kind_of(at, self.surroundings) == Some(Kind::Credential)
    }

    /// The working folder as a place, and all that it holds.
    pub(super) fn folder(&self) -> Place {
        self.scope.folder.as_deref().map_or(Place::Unknown, place::below)
    }
}
