//! What is read of scripts, and what stays open in them.

use assize_model::{FileClass, LineIndex, RepoPath};

use crate::{FactKind, FileFacts, FileFlags, Parsed, Role, extract};

fn facts(path: &str, text: &str) -> FileFacts {
    let lines = LineIndex::new(text);
    extract(&RepoPath::new(path).unwrap(), FileClass::Production, text, &lines)
}

/// The definitions or references of tables, each as `key value item`.
fn tables(text: &str, role: Role) -> Vec<String> {
    let found = facts("db/schema.sql", text).facts;
    let found = found.into_iter().filter(|fact| fact.kind == FactKind::Table && fact.role == role);
    found.map(|fact| format!("{} {} {}", fact.key, fact.value, fact.item)).collect()
}

/// The facts of a kind, each as `key value item number`.
fn of_kind(kind: FactKind, text: &str) -> Vec<String> {
    let found = facts("db/routines.sql", text).facts.into_iter().filter(|fact| fact.kind == kind);
    found.map(|f| format!("{} {} {} {}", f.key, f.value, f.item, f.number)).collect()
}

#[test]
fn what_every_dialect_closes_is_sound() {
    for text in [
        "select 'it''s', \"a\"\"b\", 5 -- it's\n;",
        "select 'it\\'s' from t; # it's\nselect 1;",
        "select E'it\\'s';",
        "select 'c:\\';",
        "select [O'Brien] from [dbo].[t]\nGO\nselect 1\nGO\n",
        "/* a /* b */ c */ select 1;",
        "/* a /* b */ select 1;",
        "do $$ begin perform 'a'; end $$;",
        "create function f() returns int as $body$ select '$$'; $body$ language sql;",
        "DELIMITER //\ncreate procedure p() begin select ';'; end //\nDELIMITER ;\n",
        "COPY t (a, b) FROM stdin;\n1\tit's (\n\\.\nselect 1;\n",
        "\\echo it's\n\\i other.sql\nselect 1 \\gset\nselect 2;",
        "PROMPT it's time\nselect q'[it's]' from dual\n/\n",
        "select 1;\nGO\nprint 'a'\nGO 5\n",
        "put file:///tmp/*.csv @stage;",
        "create rule r as on insert to t do also (select 1; select 2);",
        "select $1, :name, ?, @x, ${schema}.t;",
        "select r'\\d', '''a\n'b' ''' from `p.d.t`;",
        "# Nothing to do.",
        "insert into t values ('{{1,2},{3,4}}');",
        "",
    ] {
        let read = facts("a.sql", text);
        assert_eq!(read.parsed, Parsed::Valid, "{text}");
        assert_eq!(read.errors, [], "{text}");
    }
}

#[test]
fn what_stays_open_in_every_dialect_is_a_fault() {
    let cases = [
        ("insert into t values ('a);\n", "the text"),
        ("create table t (a int;\ncreate table u (b int);\n", "the parenthesis"),
        ("create table t (a int));\n", "this parenthesis"),
        ("select 1; /* never\nclosed", "the comment"),
        ("create function f() returns int as $$ select 1;\n", "the body"),
        ("<<<<<<< a\nselect 1;\n=======\nselect 2;\n>>>>>>> b\n", "an unresolved merge"),
    ];
    for (text, expected) in cases {
        let read = facts("a.sql", text);
        assert_eq!(read.parsed, Parsed::Invalid, "{text}");
        let message = &read.errors.first().unwrap().message;
        assert!(message.starts_with(expected), "{text}: {message}");
    }
}

#[test]
fn what_is_not_understood_is_no_fault() {
    for text in [
        "{{ config(materialized='table') }}\nselect (a from {{ ref('x') }}",
        "{% if a %}select '{% endif %}",
        "\\if :x\nselect (1\n\\endif\nselect 2;",
        "Don't run this by hand",
        "create package p wrapped\na000000'(\n",
        "insert into t format CSV\nit's,(1\n",
        "frobnicate the (widgets);",
    ] {
        let read = facts("a.sql", text);
        assert_eq!((read.parsed, read.errors.len()), (Parsed::NotParsed, 0), "{text}");
    }
    assert!(facts("a.sql", "select {{ x }}").flags.has(FileFlags::TEMPLATE));
}

#[test]
fn tables_and_their_columns() {
    let text = "CREATE TABLE IF NOT EXISTS app.\"Orders\" (\n  id bigint PRIMARY KEY,\n  `key` text,\n  \
                total numeric(10, 2) CHECK (total > 0),\n  CONSTRAINT c UNIQUE (id, total),\n  \
                PRIMARY KEY (id),\n  KEY by_total (total)\n);\nCREATE VIEW recent AS SELECT 1;\n\
                CREATE TEMP TABLE x AS SELECT 1;\nALTER TABLE orders ADD COLUMN note text, ADD CONSTRAINT \
                d CHECK (true), DROP COLUMN IF EXISTS total, RENAME COLUMN id TO order_id;\nALTER TABLE \
                orders RENAME TO purchases;\n";
    let expected = [
        "orders  table",
        "orders id column",
        "orders key column",
        "orders total column",
        "recent  view",
        "x  temporary",
        "orders note column",
        "orders order_id from:id",
        "purchases  from:orders",
    ];
    assert_eq!(tables(text, Role::Definition), expected);
    let dropped: Vec<String> =
        tables(text, Role::Reference).into_iter().filter(|one| one.ends_with(" drops")).collect();
    assert_eq!(dropped, ["orders total drops", "orders id drops", "orders  drops"]);
}

#[test]
fn tables_that_statements_use() {
    let text = "WITH recent AS (SELECT * FROM orders o, items) SELECT extract(year FROM day) FROM \
                recent JOIN app.users u ON u.id = recent.id, generate_series(1, 2) WHERE a IS DISTINCT \
                FROM b;\nINSERT INTO logs (at, words) VALUES (1, 'FROM x');\nUPDATE stock SET n = 1;\n\
                CREATE TABLE a (b int REFERENCES c (d) ON UPDATE CASCADE);\n";
    let expected = [
        "orders  reads",
        "items  reads",
        "users  reads",
        "logs  writes",
        "logs at writes",
        "logs words writes",
        "stock  writes",
        "c  refers",
        "c d refers",
    ];
    assert_eq!(tables(text, Role::Reference), expected);
}

#[test]
fn statements_without_anything_between_them() {
    let text =
        "CREATE TABLE a (x int)\nCREATE TABLE b (y int)\nALTER TABLE a ADD z int, w int\nGO\n";
    let expected = ["a  table", "a x column", "b  table", "b y column", "a z column", "a w column"];
    assert_eq!(tables(text, Role::Definition), expected);
}

#[test]
fn handlers_that_drop_errors() {
    let postgres = "CREATE FUNCTION charge(a int) RETURNS int AS $$\nBEGIN\n  UPDATE a SET b = 1;\n  \
                    UPDATE c SET d = 1;\nEXCEPTION WHEN OTHERS THEN\n  NULL;\nEND $$ LANGUAGE plpgsql;\n";
    assert_eq!(of_kind(FactKind::Catch, postgres), ["* nothing charge 2"]);
    let oracle = "CREATE OR REPLACE PROCEDURE pay IS\nBEGIN\n  UPDATE a SET b = 1; UPDATE c SET d = 1;\n\
                  EXCEPTION WHEN OTHERS THEN RETURN NULL;\nEND;\n/\n";
    assert_eq!(of_kind(FactKind::Catch, oracle), ["* default pay 2"]);
    let server = "CREATE PROC pay @a int AS\nBEGIN TRY UPDATE a SET b = 1 END TRY\nBEGIN CATCH\nEND \
                  CATCH\nGO\n";
    assert_eq!(of_kind(FactKind::Catch, server), ["* nothing pay 0"]);
    let named = "DO $$ BEGIN CREATE TYPE t AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; \
                 END $$;";
    assert_eq!(of_kind(FactKind::Catch, named), Vec::<String>::new());
}

#[test]
fn routines_that_do_nothing() {
    let text = "CREATE FUNCTION verify_token(t text) RETURNS boolean AS $$ SELECT true $$ LANGUAGE sql;\n\
                CREATE FUNCTION total(a int, b int) RETURNS int AS $$ BEGIN RETURN 0; END; $$ LANGUAGE \
                plpgsql;\nCREATE PROCEDURE refund(a int) AS $$ BEGIN RAISE EXCEPTION 'not implemented'; \
                END $$ LANGUAGE plpgsql;\nCREATE FUNCTION f() RETURNS trigger AS $$ BEGIN RETURN NEW; END \
                $$ LANGUAGE plpgsql;\nCREATE FUNCTION g() RETURNS int AS $$ return 1 $$ LANGUAGE plv8;\n";
    let expected = [
        "body constant promised verify_token 1",
        "body constant promised total 2",
        "body unwritten refund 1",
    ];
    assert_eq!(of_kind(FactKind::StandIn, text), expected);
}

#[test]
fn chance_and_remarks() {
    let text = "-- In a real implementation this reads the sensor\nSELECT round(random() * 100)::int AS \
                cpu_usage, random() AS pick;\nUPDATE hosts SET error_rate = random() * 5;\n";
    let expected =
        ["remark in a real implementation  0", "random cpu_usage  0", "random error_rate  0"];
    assert_eq!(of_kind(FactKind::StandIn, text), expected);
}

#[test]
fn other_scripts_that_a_script_runs() {
    let text = "\\ir tables/a.sql\n\\i db/b.sql\n@@c\nsource d.sql\n:r e.sql\n\\i :dir/f.sql\n";
    let found = facts("db/all.sql", text).facts;
    let keys: Vec<String> =
        found.into_iter().filter(|f| f.kind == FactKind::Path).map(|f| f.key).collect();
    assert_eq!(keys, ["db/tables/a.sql", "db/b.sql", "db/c.sql", "d.sql", "e.sql", ":dir/f.sql"]);
}

#[test]
fn deep_and_cut_texts_end_soon() {
    let cases = [
        "(".repeat(60_000),
        "select [".repeat(12_000),
        "$a$ $b$ $c$".repeat(6_000).replace("$c$", "$d"),
        "q'[".repeat(20_000),
        "insert into a(".repeat(6_000),
        "with a as (".repeat(6_000),
        "alter table a add b int ".repeat(4_000),
        "/*".repeat(40_000),
        "create function f(".repeat(4_000),
    ];
    for text in &cases {
        let _ = facts("a.sql", text);
    }
    let text = "create table a (b int); do $x$ begin null; end $x$; -- it's\nselect 'é', `c`, [d];";
    for (at, _) in text.char_indices() {
        let _ = facts("a.sql", &text[..at]);
    }
}
