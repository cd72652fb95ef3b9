//! The engine's hot paths: opening a snapshot and asking it, judging one file, judging all.
//!
//! `ASSIZE_BENCH_TREE=/path/to/checkout cargo bench -p assize_testkit` measures a real repository;
//! without it, a made-up tree of 2,000 Python modules.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;

use assize_checks::{Hints, Input, check_all, check_file, index_text};
use assize_config::Settings;
use assize_index::{
    Classifier, FileStamp, Head, IndexedFile, Overlay, Snapshot, SnapshotWriter, View,
};
use assize_model::{FileClass, RepoPath};
use assize_syntax::{FactKind, FileFlags, Role};
use assize_testkit::{TAG, TODAY};
use criterion::{Criterion, criterion_group, criterion_main};

/// Files of a real tree above this size are left out, as data.
const BYTES_MAX: u64 = 1 << 20;

fn files() -> BTreeMap<String, Vec<u8>> {
    match std::env::var_os("ASSIZE_BENCH_TREE") {
        Some(root) => {
            let mut found = BTreeMap::new();
            collect(Path::new(&root), Path::new(&root), &mut found);
            found
        }
        None => made_up(),
    }
}

fn collect(root: &Path, folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let Ok(metadata) = path.symlink_metadata() else { continue };
        if metadata.is_dir() && entry.file_name() != ".git" {
            collect(root, &path, found);
        } else if metadata.is_file() && metadata.len() <= BYTES_MAX {
            let Ok(bytes) = std::fs::read(&path) else { continue };
            let relative = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
            found.insert(relative, bytes);
        }
    }
}

fn made_up() -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    found.insert("pyproject.toml".to_owned(), b"[project]\nname = \"x\"\n".to_vec());
    for number in 0..2_000 {
        let package = number / 20;
        let text = module(number, 40);
        found.insert(format!("app/p{package}/m{number}.py"), text.into_bytes());
        found.entry(format!("app/p{package}/__init__.py")).or_insert_with(Vec::new);
    }
    found.insert("app/__init__.py".to_owned(), Vec::new());
    found
}

/// A module of about five lines per function.
fn module(number: usize, functions: usize) -> String {
    let mut text =
        format!("import os\nfrom app.p{}.m{} import f0\n", number / 20, number / 20 * 20);
    for function in 0..functions {
        text.push_str(&format!(
            "\n\ndef f{function}(a, b):\n    c = a + b * {function}\n    return os.path.join(str(c), str(b))\n"
        ));
    }
    text
}

fn snapshot_bytes() -> Vec<u8> {
    let files = files();
    let paths: Vec<RepoPath> = files.keys().filter_map(|path| RepoPath::new(path).ok()).collect();
    let classifier = Classifier::new(paths.iter(), Vec::<String>::new, None);
    let indexed: Vec<IndexedFile> = files
        .iter()
        .filter_map(|(path, bytes)| {
            let path = RepoPath::new(path).ok()?;
            let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]).into_owned();
            let class = classifier.class(&path, Head::of(&head), true);
            Some(index_text(&path, class, bytes, FileStamp::default(), FileFlags::TRACKED))
        })
        .collect();
    SnapshotWriter::write(indexed.iter().map(Into::into).collect(), &TAG).unwrap()
}

fn engine(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("snapshot");
    std::fs::write(&path, snapshot_bytes()).unwrap();
    criterion.bench_function("open the snapshot and ask ten things", |bencher| {
        bencher.iter(|| {
            let snapshot = open(&path);
            let none = Overlay::new();
            let view = View::new(&snapshot, &none);
            for number in 0..10 {
                let key = format!("key_{number}");
                black_box(view.has(FactKind::Symbol, Role::Definition, &key));
            }
        });
    });
    let snapshot = open(&path);
    let none = Overlay::new();
    let settings = Settings::plain(TODAY);
    let text = module(7, 40);
    let file = RepoPath::new("app/p0/written.py").unwrap();
    let input =
        Input { path: &file, class: FileClass::Production, bytes: text.as_bytes(), before: None };
    criterion.bench_function("check_file of 200 lines of Python", |bencher| {
        bencher.iter(|| black_box(check_file(&input, &snapshot, &none, &settings)));
    });
    criterion.bench_function("check_all, everything indexed", |bencher| {
        bencher.iter(|| black_box(check_all(View::new(&snapshot, &none), &settings, Hints::Given)));
    });
}

fn open(path: &Path) -> Snapshot {
    let file = std::fs::File::open(path).unwrap();
    // SAFETY: the file lies in a folder of this process's own and is not written again.
    let map = unsafe { memmap2::Mmap::map(&file) }.unwrap();
    Snapshot::open(Box::new(map), &TAG).unwrap()
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = engine
}
criterion_main!(benches);
