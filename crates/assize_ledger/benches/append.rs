//! What an entry costs: from a process that keeps the ledger open, from one that opens it anew as
//! a hook does, from sixteen at once, and the bare sync that all are measured against.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run has nothing to say")]

use std::fs::OpenOptions;
use std::io::Write as _;
use std::thread;
use std::time::Duration;

use assize_ledger::{Actor, Draft, Kind, Ledger, Map, Origin, Value};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tempfile::TempDir;

const WAIT: Duration = Duration::from_secs(10);
const WRITERS: u64 = 16;
const ENTRIES: u64 = 8;

fn draft() -> Draft {
    let actor = Actor { harness: "bench".into(), agent: None, user: "ada".into() };
    let text = Value::Text("a command of some length ".repeat(20));
    Draft {
        origin: Origin { time_ms: 1_700_000_000_000, session: "session".into(), actor },
        kind: Kind::new("bench.entry").unwrap(),
        payload: Map::from([("command".to_owned(), text)]),
    }
}

fn append(criterion: &mut Criterion) {
    let folder = TempDir::new().unwrap();
    let draft = draft();
    let mut group = criterion.benchmark_group("append");
    group.sample_size(50);
    let mut raw =
        OpenOptions::new().append(true).create(true).open(folder.path().join("raw")).unwrap();
    group.bench_function("bare sync", |bencher| {
        bencher.iter(|| {
            raw.write_all(&[0; 800]).unwrap();
            raw.sync_data().unwrap();
        });
    });
    let path = folder.path().join("ledger");
    let mut ledger = Ledger::open(&path, WAIT).unwrap();
    group.bench_function("open", |bencher| bencher.iter(|| ledger.append(&draft).unwrap()));
    group.bench_function("opened anew", |bencher| {
        bencher.iter(|| Ledger::open(&path, WAIT).unwrap().append(&draft).unwrap());
    });
    group.throughput(Throughput::Elements(WRITERS * ENTRIES));
    group.bench_function("sixteen at once", |bencher| {
        bencher.iter(|| {
            thread::scope(|scope| {
                for _ in 0..WRITERS {
                    scope.spawn(|| {
                        let mut ledger = Ledger::open(&path, WAIT).unwrap();
                        for _ in 0..ENTRIES {
                            ledger.append(&draft).unwrap();
                        }
                    });
                }
            });
        });
    });
    group.finish();
}

criterion_group!(benches, append);
criterion_main!(benches);
