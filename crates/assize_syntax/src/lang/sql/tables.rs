//! Tables and views: what a script makes of them, changes in them, and which ones it uses.
//!
//! Names are read from the tokens around a few words that mean the same in all dialects. What
//! stands in a routine's body is not looked at: there, a name may be that of a variable.

use std::collections::BTreeSet;

use assize_model::Span;

use super::lexer::{Script, Sort};
use super::reader::{Name, Reader};
use crate::{Extraction, FactKind, Flags, Role};

/// How many facts of one file are kept: a dump can name more things than anybody looks for.
const FACTS_MAX: usize = 8_192;

/// Words after which a table's own definition goes on, where a column's name could stand.
const CONSTRAINTS: [&str; 12] = [
    "CHECK",
    "CONSTRAINT",
    "EXCLUDE",
    "FOREIGN",
    "FULLTEXT",
    "INDEX",
    "KEY",
    "LIKE",
    "PERIOD",
    "PRIMARY",
    "SPATIAL",
    "UNIQUE",
];

/// Functions in whose brackets `FROM` introduces no table.
const NO_TABLES: [&str; 5] = ["EXTRACT", "OVERLAY", "POSITION", "SUBSTRING", "TRIM"];

/// How many tokens in brackets are looked through for columns that are written.
const WRITTEN_MAX: usize = 2_048;

/// How far the columns of a name reach that holds for one statement.
const PASSING_MAX: usize = 128;

/// Words that can stand after a table's name, so that they are no other name of it.
const AFTER: [&str; 24] = [
    "AS",
    "CROSS",
    "EXCEPT",
    "FETCH",
    "FOR",
    "FULL",
    "GROUP",
    "HAVING",
    "INNER",
    "INTERSECT",
    "JOIN",
    "LEFT",
    "LIMIT",
    "NATURAL",
    "OFFSET",
    "ON",
    "ORDER",
    "RIGHT",
    "SELECT",
    "SET",
    "UNION",
    "USING",
    "WHERE",
    "WINDOW",
];

pub(super) fn extract(sheet: &mut Extraction<'_>, script: &Script) {
    let text = sheet.text;
    let mut tables = Tables { sheet, seen: BTreeSet::new(), count: 0 };
    for statement in &script.statements {
        let tokens = script.tokens.get(statement.first..statement.last).unwrap_or(&[]);
        let reader = Reader::new(text, tokens);
        if is_routine(reader) {
            continue;
        }
        for part in parts(reader) {
            tables.statement(part);
        }
    }
}

/// A statement in parts, where nothing but the next word parts several.
fn parts(reader: Reader<'_>) -> Vec<Reader<'_>> {
    let mut depth = 0_usize;
    let mut starts = vec![0];
    for at in 1..reader.len() {
        let here = reader.at(at);
        match here.token(0).map(|token| token.sort) {
            Some(Sort::Mark(b'(')) => depth += 1,
            Some(Sort::Mark(b')')) => depth = depth.saturating_sub(1),
            Some(Sort::Word) if depth == 0 && begins(here) => starts.push(at),
            _ => {}
        }
    }
    let ends = starts.iter().skip(1).copied().chain([reader.len()]);
    let spans: Vec<(usize, usize)> = starts.iter().copied().zip(ends).collect();
    let part = |(from, to)| Reader::new(reader.text, reader.slice(from, to));
    spans.into_iter().map(part).collect()
}

fn begins(reader: Reader<'_>) -> bool {
    const MADE: [&str; 9] =
        ["GLOBAL", "INDEX", "MATERIALIZED", "OR", "TABLE", "TEMP", "TEMPORARY", "UNIQUE", "VIEW"];
    reader.is(0, "ALTER") && reader.is(1, "TABLE")
        || reader.is(0, "DROP") && reader.is_any(1, &["TABLE", "VIEW"])
        || reader.is(0, "CREATE") && reader.is_any(1, &MADE)
}

/// Whether a statement makes a routine, or is a block of one.
pub(super) fn is_routine(reader: Reader<'_>) -> bool {
    const ROUTINES: [&str; 6] = ["FUNCTION", "PACKAGE", "PROC", "PROCEDURE", "TRIGGER", "EVENT"];
    /// `CREATE OR REPLACE EDITIONABLE PACKAGE`, `CREATE DEFINER = a @ b PROCEDURE`.
    const HEAD_MAX: usize = 10;
    let makes = reader.is_any(0, &["CREATE", "ALTER"]);
    let table = (1..HEAD_MAX).find(|ahead| reader.is_any(*ahead, &["TABLE", "VIEW", "INDEX"]));
    let routine = (1..HEAD_MAX).find(|ahead| reader.is_any(*ahead, &ROUTINES));
    makes && routine.is_some_and(|at| table.is_none_or(|table| at < table))
}

struct Tables<'s, 'e> {
    sheet: &'s mut Extraction<'e>,
    /// What was already said of the references.
    seen: BTreeSet<(String, String, &'static str)>,
    count: usize,
}

impl Tables<'_, '_> {
    fn statement(&mut self, reader: Reader<'_>) {
        self.definition(reader);
        let known = passing_names(reader);
        let mut ignored = Vec::new();
        for at in 0..reader.len() {
            let here = reader.at(at);
            match here.token(0).map(|token| token.sort) {
                Some(Sort::Mark(b'(')) => ignored.push(here.was(1, &NO_TABLES)),
                Some(Sort::Mark(b')')) => {
                    ignored.pop();
                }
                Some(Sort::Word) if ignored.last() != Some(&true) => self.uses(here, &known),
                _ => {}
            }
        }
    }

    fn definition(&mut self, mut reader: Reader<'_>) {
        if reader.take("CREATE") {
            self.create(reader);
        } else if reader.take("ALTER") {
            if reader.take("TABLE") {
                self.alter(reader);
            }
        } else if reader.take("DROP") {
            reader.take("MATERIALIZED");
            if reader.take("TABLE") || reader.take("VIEW") {
                self.drops(reader);
            }
        } else if reader.take_all(&["RENAME", "TABLE"]) && reader.at == 2 {
            for mut part in reader.listed() {
                let old = part.name();
                if part.take("TO") {
                    self.renamed(old, part.name());
                }
            }
        }
    }

    fn create(&mut self, mut reader: Reader<'_>) {
        /// `OR REPLACE`, `GLOBAL TEMPORARY`, `ALGORITHM = UNDEFINED DEFINER = a @ b`.
        const HEAD_MAX: usize = 16;
        let mut temporary = false;
        let mut what = None;
        for _ in 0..HEAD_MAX {
            temporary |= reader.is_any(0, &["TEMP", "TEMPORARY", "VOLATILE"]);
            what = ["TABLE", "VIEW"].into_iter().find(|word| reader.is(0, word));
            if what.is_some() || reader.is_mark(0, b'(') || reader.is_over() {
                break;
            }
            if reader.is_any(0, &["INDEX", "TYPE", "SEQUENCE", "EXTENSION", "SCHEMA", "RULE"]) {
                return;
            }
            reader.at += 1;
        }
        let Some(what) = what else { return };
        reader.at += 1;
        let maybe = reader.take_all(&["IF", "NOT", "EXISTS"]);
        let Some(table) = reader.name() else { return };
        let item = match what {
            _ if temporary => "temporary",
            "TABLE" => "table",
            _ => "view",
        };
        let columns = reader.group(usize::MAX);
        // What follows may be a query, another table or a type that gives the columns.
        let told = columns.is_some() && !reader.is_any(0, &["INHERITS"]);
        let (columns, open) = columns.map_or((Vec::new(), true), |columns| columns_of(&columns));
        let mut flags = if maybe { Flags::CONDITIONAL } else { Flags::NONE };
        if open || !told {
            flags = flags.with(Flags::UNRESOLVED);
        }
        self.define(&table.key, "", item, flags, table.span);
        for column in columns {
            self.define(&table.key, &column.key, "column", Flags::NONE, column.span);
        }
    }

    fn alter(&mut self, mut reader: Reader<'_>) {
        reader.take_all(&["IF", "EXISTS"]);
        reader.take("ONLY");
        let Some(table) = reader.name() else { return };
        self.refer(&table.key, "", "changes", table.span);
        let mut adds = false;
        for mut part in reader.listed() {
            if part.take("ADD") {
                adds = true;
                part.take("COLUMN");
                part.take_all(&["IF", "NOT", "EXISTS"]);
                self.added(&table, part);
            } else if part.take("DROP") {
                adds = false;
                let column = part.take("COLUMN");
                part.take_all(&["IF", "EXISTS"]);
                let other = part.is_any(0, &CONSTRAINTS)
                    || part.is_any(0, &["PARTITION", "DEFAULT", "SUBPARTITION"]);
                if let Some(name) = part.part().filter(|_| column || !other) {
                    self.refer(&table.key, &name.key, "drops", name.span);
                }
            } else if part.take("RENAME") {
                adds = false;
                self.renames(&table, part);
            } else if part.take("CHANGE") {
                part.take("COLUMN");
                if let (Some(old), Some(new)) = (part.part(), part.part()) {
                    self.moved(&table, &old, &new);
                }
            } else if adds && !part.is_any(0, &["ALTER", "MODIFY", "ADD"]) {
                // `ADD a int, b int`
                self.added(&table, part);
            }
        }
    }

    fn added(&mut self, table: &Name, mut part: Reader<'_>) {
        let listed = part.group(usize::MAX).map(|group| columns_of(&group).0);
        let columns = listed.unwrap_or_else(|| column(part).into_iter().collect());
        for column in columns {
            self.define(&table.key, &column.key, "column", Flags::NONE, column.span);
        }
    }

    fn renames(&mut self, table: &Name, mut part: Reader<'_>) {
        if part.take("TO") || part.take("AS") {
            let new = part.name();
            self.renamed(Some(table.clone()), new);
            return;
        }
        if !part.take("COLUMN") && part.is_any(0, &CONSTRAINTS) {
            return;
        }
        if let Some(old) = part.part()
            && part.take("TO")
            && let Some(new) = part.part()
        {
            self.moved(table, &old, &new);
        }
    }

    /// A column that has another name now.
    fn moved(&mut self, table: &Name, old: &Name, new: &Name) {
        if old.key != new.key {
            self.refer(&table.key, &old.key, "drops", old.span);
            self.define(&table.key, &new.key, &format!("from:{}", old.key), Flags::NONE, new.span);
        }
    }

    /// A table that has another name now, and the columns that it had.
    fn renamed(&mut self, old: Option<Name>, new: Option<Name>) {
        if let (Some(old), Some(new)) = (old, new) {
            self.refer(&old.key, "", "drops", old.span);
            let item = format!("from:{}", old.key);
            self.define(&new.key, "", &item, Flags::UNRESOLVED, new.span);
        }
    }

    fn drops(&mut self, mut reader: Reader<'_>) {
        reader.take_all(&["IF", "EXISTS"]);
        loop {
            let Some(table) = reader.name() else { return };
            self.refer(&table.key, "", "drops", table.span);
            if !reader.is_mark(0, b',') {
                return;
            }
            reader.at += 1;
        }
    }

    /// The tables that a word introduces.
    fn uses(&mut self, mut reader: Reader<'_>, known: &BTreeSet<String>) {
        let first = reader.at == 0;
        let from = reader.is_any(0, &["FROM", "JOIN"]);
        let apart = from && reader.was(1, &["DISTINCT"]) && reader.was(2, &["IS", "NOT"]);
        let item = if from && !apart {
            "reads"
        } else if reader.is(0, "INTO") && reader.was(1, &["INSERT", "MERGE", "REPLACE", "IGNORE"])
            || reader.is(0, "UPDATE") && first
        {
            "writes"
        } else if reader.is(0, "REFERENCES") {
            "refers"
        } else {
            return;
        };
        reader.at += 1;
        loop {
            reader.take("ONLY");
            if reader.is_any(0, &["LATERAL", "UNNEST", "TABLE", "SELECT", "STDIN", "STDOUT"]) {
                return;
            }
            let Some(table) = reader.name() else { return };
            let listed = reader.is_mark(0, b'(');
            // A function gives rows, too.
            if listed && item == "reads" || known.contains(&table.key) {
                return;
            }
            self.refer(&table.key, "", item, table.span);
            if listed && let Some(columns) = reader.group(WRITTEN_MAX) {
                for mut part in columns.listed() {
                    if let Some(column) = part.part().filter(|_| part.is_over()) {
                        self.refer(&table.key, &column.key, item, column.span);
                    }
                }
            }
            reader.take("AS");
            if !reader.is_any(0, &AFTER) {
                reader.part();
            }
            if item != "reads" || !reader.is_mark(0, b',') {
                return;
            }
            reader.at += 1;
        }
    }

    fn define(&mut self, table: &str, column: &str, item: &str, flags: Flags, span: Span) {
        self.fact(Role::Definition, table, column, item, flags, span);
    }

    /// Writes down a reference, once for each thing and use.
    fn refer(&mut self, table: &str, column: &str, item: &'static str, span: Span) {
        if self.seen.insert((table.to_owned(), column.to_owned(), item)) {
            self.fact(Role::Reference, table, column, item, Flags::NONE, span);
        }
    }

    fn fact(
        &mut self,
        role: Role,
        table: &str,
        column: &str,
        item: &str,
        flags: Flags,
        span: Span,
    ) {
        self.count += 1;
        if self.count <= FACTS_MAX {
            let fact = self.sheet.fact(FactKind::Table, role, table, span);
            fact.value(column).item(item).flags(flags).done();
        }
    }
}

/// The columns in the brackets of a definition, and whether there may be more.
fn columns_of(group: &Reader<'_>) -> (Vec<Name>, bool) {
    let mut columns = Vec::new();
    let mut open = false;
    for part in group.listed() {
        open |= part.is(0, "LIKE");
        columns.extend(column(part));
    }
    // `CREATE TABLE t (SELECT ..)`
    open |= group.is_any(0, &["SELECT", "WITH"]);
    (if open && columns.len() < 2 { Vec::new() } else { columns }, open)
}

/// The column that one part of a definition is about, if it is no constraint.
fn column(mut part: Reader<'_>) -> Option<Name> {
    let constrains = match () {
        () if part.is_any(0, &["KEY", "INDEX"]) => {
            // `KEY (a)`, `KEY name (a)`; but `key text`, `key varchar(9)`.
            part.is_mark(1, b'(')
                || part.is(1, "USING")
                || part.is_mark(2, b'(') && !part.is_any(1, &["CHAR", "NVARCHAR", "VARCHAR"])
        }
        () if part.is(0, "PERIOD") => part.is(1, "FOR"),
        () => part.is_any(0, &CONSTRAINTS),
    };
    let query = part.is_any(0, &["PARTITION", "SELECT", "WITH"]);
    if constrains || query { None } else { part.part() }
}

/// Names that hold for one statement only: `WITH recent AS (..)`.
fn passing_names(reader: Reader<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if !(0..reader.len()).any(|at| reader.at(at).is(0, "WITH")) {
        return found;
    }
    for at in 1..reader.len() {
        let here = reader.at(at);
        let query = here.is_mark(1, b'(') || here.is_any(1, &["MATERIALIZED", "NOT"]);
        if !here.is(0, "AS") || !query {
            continue;
        }
        let mut back = at - 1;
        if reader.at(back).is_mark(0, b')') {
            let opens = |before: &usize| reader.at(*before).is_mark(0, b'(');
            let Some(open) = (back.saturating_sub(PASSING_MAX)..back).rev().find(opens) else {
                continue;
            };
            back = open.saturating_sub(1);
        }
        found.extend(reader.at(back).part().map(|name| name.key));
    }
    found
}
