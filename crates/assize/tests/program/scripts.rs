//! SQL and shell: what the program finds in scripts, and that no script stops it.

use crate::scene::{SHOP, SHOP_FINDINGS, Scene};

const RECONCILE: &str = "-- In a real implementation, this would ask the ledger
CREATE TABLE orders (id bigint PRIMARY KEY, customer text);
CREATE ROLE shop LOGIN PASSWORD 'w4Hn9tKq2vXz';
DO $$ BEGIN
  UPDATE orders SET customer = 'x';
  DELETE FROM orders;
EXCEPTION WHEN OTHERS THEN NULL;
END $$;
";

const RELEASE: &str = "#!/bin/sh
set -eu
rollback() {
  echo \"Rolling back...\"
}
pytest -q || true
rollback
";

#[test]
fn scripts_are_judged_like_all_code() {
    let scene = Scene::of(SHOP);
    scene.write("db/reconcile.sql", RECONCILE);
    scene.write("db/rows.sql", "INSERT INTO orders VALUES (1, 'x);\n");
    scene.write("scripts/release.sh", RELEASE);
    let report = scene.run(&["check", "--no-cache", "--format", "concise"]);
    let found: Vec<&str> = report.text().lines().collect();
    for wanted in [
        "db/reconcile.sql:1:1: warn[deferred-marker/deferred]",
        "db/reconcile.sql:3:34: warn[secret-literal/generic-assignment]",
        "db/reconcile.sql:7:11: warn[swallowed-error/ignored]",
        "db/rows.sql:1:31: warn[syntax-parse/syntax]",
        "scripts/release.sh:3:1: warn[stub-body/empty]",
        "scripts/release.sh:6:1: warn[script-placement/outcome-lost]",
    ] {
        assert!(found.iter().any(|line| line.starts_with(wanted)), "{wanted}: {found:#?}");
    }
    let tables = scene.run(&["index", "show", "table", "orders"]).expect(0);
    assert!(tables.text().contains("orders defined"), "{}", tables.text());
    assert!(tables.text().contains("db/reconcile.sql:2"), "{}", tables.text());
}

#[test]
fn no_script_stops_the_program() {
    let scene = Scene::of(SHOP);
    let texts: [&[u8]; 7] = [
        b"",
        b"-- caf\xe9\nSELECT 1;\n",
        b"SELECT 1;\0\0\0",
        b"SELECT $a$ $b$ q'[ [ ` /* '",
        &b"(".repeat(100_000),
        &b"SELECT (1 + ".repeat(50_000),
        &b"BEGIN CASE WHEN 'a' THEN ".repeat(50_000),
    ];
    for (number, text) in texts.iter().enumerate() {
        scene.write(format!("db/{number}.sql"), text);
    }
    let found = scene.check(&[]).findings();
    assert!(SHOP_FINDINGS.iter().all(|wanted| found.iter().any(|one| one == wanted)), "{found:?}");
}
