//! `assize approve`: a person lifts a denial.

use std::io::Write;
use std::path::PathBuf;

use assize_config::{ApprovalStrength, Date};
use assize_ledger::Map;
use assize_session::{Grants, Request};

use crate::cli::Approve;
use crate::failure::Failure;
use crate::hook::{command_hash, demanded, escalation_command};
use crate::output::status;
use crate::person::{self, Book};
use crate::signature::{self, Verified};
use crate::statement::Statement;

/// So many requests are listed.
const LISTED_MAX: usize = 20;

pub(super) fn run(options: &Approve, out: &mut dyn Write) -> Result<u8, Failure> {
    if options.escalation {
        return trust(options);
    }
    let Some(id) = options.request.as_deref().filter(|_| !options.list) else {
        return match Book::known(&options.path)? {
            Some(mut book) => list(&book.grants()?, out),
            None => Ok(0),
        };
    };
    let mut book = Book::open(&options.path)?;
    let grants = book.grants()?;
    let what = format!("approve {id}");
    book.only_people(&what)?;
    let request = find(&grants, id)?;
    let until = options.until.as_deref().map(person::until).transpose()?;
    show(request, until.as_deref());
    let reason = person::reason(options.reason.as_deref())?;
    book.challenge(&what)?;
    let statement = Statement {
        approval: person::random()?,
        request: request.id.clone(),
        call_hash: request.call_hash.clone(),
        controls: request.controls.clone(),
        until,
        reason,
        person: person::name(&book.root),
    };
    let signature = signed(&statement, options.key.clone(), &book)?;
    book.append("approval", statement.payload(signature.as_deref()))?;
    let often = statement.until.map_or("once".to_owned(), |day| format!("up to {day}"));
    status(&format!("Allowed {often}: the agent may try the same call again"));
    Ok(0)
}

/// Lets the configured command run. It is trusted as it is: another word asks again.
fn trust(options: &Approve) -> Result<u8, Failure> {
    let mut book = Book::open(&options.path)?;
    let what = "approve --escalation";
    book.only_people(what)?;
    let settings = crate::settings::of_root(&book.root)?;
    let words = escalation_command(&book.root, &settings).ok_or_else(|| {
        Failure::said("no `[escalate] command` is configured in the topmost `assize.toml`")
    })?;
    for word in &words {
        status(&format!("runs     {word}"));
    }
    let reason = person::reason(options.reason.as_deref())?;
    book.challenge(what)?;
    let payload = Map::from([
        ("command-hash".to_owned(), command_hash(&words).into()),
        ("reason".to_owned(), reason.into()),
        ("person".to_owned(), person::name(&book.root).into()),
    ]);
    book.append("trust", payload)?;
    status("It runs, from now on, after a denial that calls for a person");
    Ok(0)
}

fn list(grants: &Grants, out: &mut dyn Write) -> Result<u8, Failure> {
    let requests: Vec<&Request> = grants.requests().rev().take(LISTED_MAX).collect();
    for request in requests.into_iter().rev() {
        let (what, controls) = (inline(&request.what), request.controls.join(", "));
        let Request { id, tool, .. } = request;
        writeln!(out, "{id}  {}  {tool}  {what}  ({controls})", time(request.time_ms))?;
    }
    Ok(0)
}

fn inline(text: &str) -> String {
    assize_report::inline(text).to_string()
}

fn find<'g>(grants: &'g Grants, id: &str) -> Result<&'g Request, Failure> {
    let id = id.trim().to_ascii_lowercase();
    let mut found = grants.requests().rev().filter(|request| request.id == id);
    let request = found.next().ok_or_else(|| {
        Failure::said(format!("no denial that can be lifted has the id `{id}`"))
            .hint("`assize approve --list`, in the agent's folder, shows what is not yet lifted")
    })?;
    // The id is short: two calls that share one were made to.
    if found.next().is_some() {
        return Err(Failure::said(format!("two denials have the id `{id}`: neither is lifted")));
    }
    Ok(request)
}

fn show(request: &Request, until: Option<&str>) {
    status(&format!("denied   {} in {}", time(request.time_ms), request.session));
    status(&format!("tool     {}", request.tool));
    status(&format!("what     {}", request.what));
    if request.what.ends_with('…') {
        status("         and more: only its beginning is shown, the whole would run");
    }
    if matches!(request.tool.as_str(), "write" | "edit" | "notebook" | "patch" | "mcp" | "unknown")
    {
        status(
            "         its content stands in the agent's client, and only that content is allowed",
        );
    }
    for (control, message) in request.controls.iter().zip(&request.messages) {
        status(&format!("because  {control}: {message}"));
    }
    let often = until.map_or("once".to_owned(), |day| format!("again and again up to {day}"));
    status(&format!("allow    {often}, in its folder and on its files as they are now"));
}

/// The day and the minute, in UTC.
fn time(time_ms: i64) -> String {
    let seconds = time_ms.div_euclid(1_000);
    let minutes = seconds.rem_euclid(86_400) / 60;
    let day = Date::from_unix_seconds(seconds);
    format!("{day} {:02}:{:02} UTC", minutes / 60, minutes % 60)
}

/// The signature, where a key is named or one is demanded.
fn signed(
    statement: &Statement,
    key: Option<PathBuf>,
    book: &Book,
) -> Result<Option<String>, Failure> {
    let config = crate::settings::of_root(&book.root)?;
    let (top, strength) = demanded(&book.root, config.approval_strength);
    let demands = strength == ApprovalStrength::Signed;
    if key.is_none() && !demands {
        return Ok(None);
    }
    let key = key.or_else(|| signature::key_of_git(&book.root)).ok_or_else(|| {
        Failure::said("`[approvals] strength = \"signed\"` needs a key of OpenSSH")
            .hint("name it with `--key`, or set git's `gpg.format = ssh` and `user.signingkey`")
    })?;
    let text = statement.text();
    let signature = signature::sign(&text, &key)?;
    match signature::verify(&text, &signature, &top) {
        Verified::Yes => Ok(Some(signature)),
        Verified::No => {
            Err(Failure::said(format!("`{}` is no key of this repository", key.display())).hint(
                "its public half belongs into `.assize/keys/`, as a file that ends in `.pub`",
            ))
        }
        Verified::Unknown(why) => Err(Failure::said(why)),
    }
}
