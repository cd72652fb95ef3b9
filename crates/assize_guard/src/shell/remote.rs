//! Databases, clusters and engines: what is deleted there.

use crate::Effect;

use super::call::Call;
use super::walk::Walk;
use super::word::{Stream, Word};

/// Programs that send a text of a query language.
const CLIENTS: [&str; 16] = [
    "psql",
    "mysql",
    "mariadb",
    "sqlite3",
    "mongosh",
    "mongo",
    "redis-cli",
    "valkey-cli",
    "duckdb",
    "clickhouse-client",
    "cqlsh",
    "sqlcmd",
    "usql",
    "pgcli",
    "bq",
    "snowsql",
];

/// Commands that delete: program, and words of which all stand in the command.
#[rustfmt::skip]
const DELETIONS: &[(&str, &[&str])] = &[
    ("docker", &["prune"]), ("docker", &["volume", "rm"]), ("docker", &["rm"]),
    ("docker", &["rmi"]), ("docker", &["down", "-v"]), ("docker", &["down", "--volumes"]),
    ("docker-compose", &["down", "-v"]), ("docker-compose", &["down", "--volumes"]),
    ("podman", &["prune"]), ("podman", &["volume", "rm"]), ("podman", &["rm"]),
    ("kubectl", &["delete"]), ("kubectl", &["drain"]), ("oc", &["delete"]),
    ("helm", &["uninstall"]), ("helm", &["delete"]),
    ("terraform", &["destroy"]), ("tofu", &["destroy"]), ("terragrunt", &["destroy"]),
    ("terraform", &["apply", "-destroy"]), ("terraform", &["state", "rm"]),
    ("pulumi", &["destroy"]), ("cdk", &["destroy"]), ("sls", &["remove"]),
    ("aws", &["s3", "rm"]), ("aws", &["s3", "rb"]), ("aws", &["terminate-instances"]),
    ("aws", &["delete-bucket"]), ("aws", &["delete-table"]), ("aws", &["delete-stack"]),
    ("gsutil", &["rm"]), ("gsutil", &["rb"]), ("gcloud", &["delete"]), ("az", &["delete"]),
    ("rclone", &["delete"]), ("rclone", &["purge"]), ("gh", &["repo", "delete"]),
    ("gh", &["release", "delete"]), ("gh", &["secret", "delete"]), ("heroku", &["apps:destroy"]),
    ("heroku", &["pg:reset"]), ("dropdb", &[]), ("dropuser", &[]), ("mysqladmin", &["drop"]),
    ("npm", &["unpublish"]), ("cargo", &["yank"]), ("vagrant", &["destroy"]), ("zfs", &["destroy"]),
    ("fly", &["destroy"]), ("firebase", &["firestore:delete"]), ("rails", &["db:drop"]),
    ("rake", &["db:drop"]), ("manage.py", &["flush"]), ("manage.py", &["reset_db"]),
    ("rails", &["db:reset"]), ("rake", &["db:reset"]), ("artisan", &["db:wipe"]),
    ("artisan", &["migrate:fresh"]), ("mix", &["ecto.drop"]), ("sequelize", &["db:drop"]),
    ("knex", &["migrate:rollback", "--all"]), ("typeorm", &["schema:drop"]), ("prisma", &["reset"]), ("alembic", &["downgrade"]),
    ("etcdctl", &["del"]), ("consul", &["delete"]), ("vault", &["delete"]),
];

impl Walk<'_> {
    pub(super) fn remote(&mut self, call: &Call<'_>) -> Option<Stream> {
        if CLIENTS.contains(&call.name) {
            self.query(call);
        }
        let fits = |(name, words): &&(&str, &[&str])| {
            *name == call.name
                && words.iter().all(|verb| call.words.iter().any(|word| word.is(verb)))
        };
        if let Some((name, words)) = DELETIONS.iter().find(|row| fits(row)) {
            let mut what = (*name).to_owned();
            for word in *words {
                what.push(' ');
                what.push_str(word);
            }
            self.push(Effect::DestroyRemote(what));
        }
        if call.name == "aws" && call.words.iter().any(|word| word.text.starts_with("delete-")) {
            self.push(Effect::DestroyRemote("aws delete".to_owned()));
        }
        None
    }

    fn query(&mut self, call: &Call<'_>) {
        let mut texts: Vec<&str> = call.words.iter().map(|word| word.text.as_str()).collect();
        let all = super::output::joined(call.words).text;
        texts.push(&all);
        if let Stream::Text(text) = &call.input {
            texts.push(text);
        }
        if texts.iter().any(|text| ends_sessions(text)) {
            self.end_all();
        }
        if let Some(what) = texts.iter().find_map(|text| destroys(text)) {
            self.push(Effect::DestroyRemote(what.to_owned()));
        } else if call.words.iter().any(|word| word.text().is_none() && !word.is_option())
            || matches!(call.input, Stream::Fetched | Stream::Decoded)
        {
            self.cannot_know("a query that is not known");
        }
        // `\!` and `.shell` run commands, `.read` and `\i` files.
        for line in texts.iter().flat_map(|text| text.lines()) {
            let line = line.trim();
            let command = line
                .strip_prefix("\\!")
                .or(line.strip_prefix(".shell "))
                .or(line.strip_prefix(".system "));
            if let Some(command) = command {
                self.shell_text(&Word::known(command), Stream::Absent);
            }
        }
    }
}

/// Whether a query ends the sessions of others: all of them, not one that is named.
fn ends_sessions(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("pg_terminate_backend") && lower.contains("pg_stat_activity")
        || lower.contains("client kill type")
        || lower.trim_start().starts_with("shutdown")
}

/// What a text of a query language deletes.
pub(super) fn destroys(text: &str) -> Option<&'static str> {
    let upper = text.to_ascii_uppercase();
    for statement in upper.split(';') {
        let words: Vec<&str> = statement.split_whitespace().collect();
        let has = |wanted: &str| words.contains(&wanted);
        let follows = |first: &str, second: &str| words.windows(2).any(|w| w == [first, second]);
        if ["TABLE", "DATABASE", "SCHEMA", "INDEX", "VIEW", "USER", "ROLE", "COLUMN", "KEYSPACE"]
            .iter()
            .any(|object| follows("DROP", object))
        {
            return Some("DROP");
        }
        if has("TRUNCATE") {
            return Some("TRUNCATE");
        }
        if follows("DELETE", "FROM") && !has("WHERE") {
            return Some("DELETE without WHERE");
        }
        if has("UPDATE") && has("SET") && !has("WHERE") {
            return Some("UPDATE without WHERE");
        }
        if has("FLUSHALL") || has("FLUSHDB") {
            return Some("FLUSHALL");
        }
    }
    ["DROPDATABASE(", ".DROP(", "DELETEMANY({})", ".REMOVE({})"]
        .iter()
        .any(|call| upper.replace(' ', "").contains(call))
        .then_some("drop")
}
