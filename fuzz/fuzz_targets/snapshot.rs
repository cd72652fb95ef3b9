//! Fuzzes the reader of snapshot: no panic, places inside the text, the same result twice.

#![no_main]
//! Snapshots: what is written is read back as it was, and damaged bytes are read without a panic.
//!
//! The first byte says what the rest is: edits to a sound snapshot, its length included; the bytes
//! behind a sound header; or a text whose facts are written and read back.

use std::sync::OnceLock;

use assize_checks::{Hints, check_all};
use assize_config::Settings;
use assize_fuzz::{Case, TODAY};
use assize_index::resolve::World;
use assize_index::{IndexedFile, Overlay, Snapshot, SnapshotWriter, View};
use assize_syntax::{FactKind, Role};
use libfuzzer_sys::fuzz_target;

const TAG: [u8; 32] = [7; 32];

/// A small repository in which most kinds of facts occur.
const FILES: [(&str, &str); 12] = [
    ("agents", "0---\nname: a\ndescription: b\n---\ntext\n"),
    (
        "python",
        "0import os\nfrom .b import c\nx = os.environ['HOME_URL']\ndef f(a):\n    return a\n",
    ),
    ("python", "1from setuptools import setup\nsetup(name='x', install_requires=['y'])\n"),
    ("javascript", "0import x, { y } from './types';\nexport const z = process.env.Z;\n"),
    (
        "json",
        "1{\"name\": \"p\", \"scripts\": {\"a\": \"node b.js\"}, \"dependencies\": {\"q\": \"1\"}}",
    ),
    ("json", "3{\"mcpServers\": {\"s\": {\"command\": \"npx\", \"args\": [\"x\"]}}}"),
    ("markdown", "0# A\n\n[b](docs/guide.md#a) `pkg/app.py`\n<!-- assize: allow(doc-link) -->\n"),
    ("markdown", "1| Port | Service |\n|---|---|\n| 8080 | api |\n| 8080 | web |\n"),
    ("yaml", "0services:\n  api:\n    build: ./api\n    ports: ['8080:80']\n    env_file: .env\n"),
    ("yaml", "1on: push\njobs:\n  a:\n    steps:\n      - run: make test\n"),
    ("make_docker", "0test:\n\t./run.sh\n"),
    ("shell", "0#!/bin/sh\nmake all && cat \"$HOME_URL\" ./x/y.txt\n"),
];

fn files() -> Vec<IndexedFile> {
    let case = |(target, text): &(&str, &str)| Case::new(target, text.as_bytes());
    FILES.iter().filter_map(case).map(|case| case.index()).collect()
}

fn sound() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let files = files();
        SnapshotWriter::write(files.iter().map(Into::into).collect(), &TAG)
            .expect("a small snapshot")
    })
}

fuzz_target!(
    // One thread: what an input reaches must not depend on who comes first.
    init: {
        let _ = rayon::ThreadPoolBuilder::new().num_threads(1).build_global();
        sound();
    },
    |data: &[u8]| {
        let Some((first, rest)) = data.split_first() else { return };
        match first % 4 {
            0 => read(edited(rest), first & 4 != 0),
            1 => read(headed(rest), first & 4 != 0),
            2 => back(rest),
            _ => read(rest.to_vec(), false),
        }
    }
);

/// The sound bytes, cut at the first number, with each further pair of place and byte put in.
fn edited(data: &[u8]) -> Vec<u8> {
    let mut bytes = sound().to_vec();
    let mut numbers = data.chunks_exact(3);
    if let Some([low, high, _]) = numbers.next() {
        let cut = usize::from(u16::from_le_bytes([*low, *high]));
        bytes.truncate(bytes.len().saturating_sub(cut));
    }
    for edit in numbers {
        let [low, high, value] = edit else { continue };
        let len = bytes.len().max(1);
        let at = usize::from(u16::from_le_bytes([*low, *high])) % len;
        if let Some(byte) = bytes.get_mut(at) {
            *byte = *value;
        }
    }
    bytes
}

/// Magic, layout and tag of the sound bytes before anything at all.
fn headed(data: &[u8]) -> Vec<u8> {
    let mut bytes = sound()[..48].to_vec();
    bytes.extend_from_slice(data);
    bytes
}

/// Facts of a text survive writing and reading.
fn back(data: &[u8]) {
    let Some(case) = Case::new("markdown", data) else { return };
    let mut files = files();
    files.retain(|file| file.record.path != case.path);
    files.push(case.index());
    files.sort_by(|a, b| a.record.path.cmp(&b.record.path));
    let bytes = SnapshotWriter::write(files.iter().map(Into::into).collect(), &TAG)
        .expect("a small snapshot");
    let snapshot = Snapshot::open(Box::new(bytes), &TAG).expect("what was just written");
    assert_eq!(snapshot.verify(), Ok(()));
    let overlay = Overlay::new();
    let view = View::new(&snapshot, &overlay);
    let read: Vec<IndexedFile> = view.files().map(|file| file.owned()).collect();
    assert_eq!(read, files, "what was written is not what is read");
    for fact in files.iter().flat_map(|file| &file.facts) {
        assert!(view.has(fact.kind, fact.role, &fact.key), "{fact:?} is not found by its key");
    }
}

/// Opens bytes and asks every question that there is.
fn read(bytes: Vec<u8>, judge: bool) {
    let Ok(snapshot) = Snapshot::open(Box::new(bytes), &TAG) else { return };
    let _ = snapshot.verify();
    let overlay = Overlay::new();
    let mut laid = Overlay::new();
    laid.put(files().swap_remove(0));
    for view in [View::new(&snapshot, &overlay), View::new(&snapshot, &laid)] {
        ask(&view);
    }
    if judge {
        let _ = check_all(View::new(&snapshot, &overlay), &Settings::plain(TODAY), Hints::Given);
    }
}

fn ask(view: &View<'_>) {
    let world = World::new();
    for file in view.files() {
        let _ = (file.repo_path(), file.class(), file.dialect(), file.parsed(), file.flags());
        let _ = (file.stamp(), file.hash(), file.problem(), file.local_findings(), file.owned());
        let _ = (view.file(file.path()), view.is_folder(file.folder()));
        let _ = view.is_opaque(file.path());
        let _ = view.files_named(file.name());
        for import in file.facts_of(FactKind::Import, Role::Reference) {
            let _ = world.resolve(file, &import, view);
        }
    }
    for kind in FactKind::ALL {
        for role in [Role::Definition, Role::Reference] {
            for fact in view.facts(kind, role) {
                let _ = (fact.file.path(), view.has(kind, role, fact.key));
                let _ = view.lookup(kind, role, fact.key);
                let _ = view.any_key_starts_with(kind, role, fact.key);
                let _ = view.referring(kind, fact.key);
            }
        }
    }
}
