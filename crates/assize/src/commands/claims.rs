//! `assize claims`: what a report says, and how it stands.

use std::io::{Read as _, Write};
use std::path::Path;

use assize_claims::Claim;
use assize_repo::read_up_to;
use assize_report::inline;
use assize_syntax::{NESTING_MAX, too_deep};
use serde_json::json;

use crate::claims::{Answer, Evidence, Judged, judge};
use crate::cli::{Claims, Plain};
use crate::failure::Failure;
use crate::project::{Keep, Project};

/// Longer reports are read by nobody.
const REPORT_BYTES_MAX: u64 = 1 << 20;

pub(super) fn run(options: &Claims, out: &mut dyn Write) -> Result<u8, Failure> {
    let text = read(&options.file)?;
    let is_control = |name: &str| assize_checks::control(name).is_some();
    let claims = assize_claims::claims(&text, &is_control);
    let judged = if claims.is_empty() { Vec::new() } else { judge_all(&claims, options)? };
    match options.format {
        Plain::Text => as_text(&claims, &judged, options, out)?,
        Plain::Json => as_json(&claims, &judged, out)?,
    }
    let any = |answer: Answer| judged.iter().any(|one| one.answer == answer);
    Ok(u8::from(any(Answer::False) || options.strict && any(Answer::Unproven)))
}

fn read(file: &Path) -> Result<String, Failure> {
    let unread = |why: &str| {
        Failure::said(format!("cannot read `{}`: {why}", file.display()))
            .hint("name a text of at most a megabyte, or `-` for standard input")
    };
    let bytes = if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(REPORT_BYTES_MAX + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > REPORT_BYTES_MAX {
            return Err(unread(&format!("it has more than {REPORT_BYTES_MAX} bytes")));
        }
        bytes
    } else {
        read_up_to(file, REPORT_BYTES_MAX).map_err(|error| unread(&error.to_string()))?
    };
    let text = String::from_utf8(bytes).map_err(|_| unread("the text is not UTF-8"))?;
    // What opens a link again and again costs its square to read.
    if too_deep(&text) {
        return Err(unread(&format!("brackets nest deeper than {NESTING_MAX}")));
    }
    Ok(text)
}

fn judge_all(claims: &[Claim], options: &Claims) -> Result<Vec<Judged>, Failure> {
    let project = Project::open(&options.path, Keep::Yes)?;
    project.say_problems();
    if !options.base.is_empty() {
        // A base that is not there is a mistake in the call, not an unproven claim.
        let mut problems = Vec::new();
        crate::before::past(&project, &options.base, &mut problems)?;
    }
    let mut evidence = Evidence::new(&project, &options.base, options.session.as_deref());
    evidence.report = project.relative(&options.file).ok().map(|path| path.as_str().to_owned());
    Ok(claims.iter().map(|claim| judge(claim, &evidence)).collect())
}

fn as_text(
    claims: &[Claim],
    judged: &[Judged],
    options: &Claims,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let file = options.file.display().to_string();
    for (claim, Judged { answer, proof }) in claims.iter().zip(judged) {
        let place = format!("{file}:{}", claim.line);
        let what = claim.what.to_string();
        writeln!(out, "{:8} {}  {}", answer.word(), inline(&place), inline(&what))?;
        writeln!(out, "         {}", inline(proof))?;
    }
    let count = |answer: Answer| judged.iter().filter(|one| one.answer == answer).count();
    let noun = if claims.len() == 1 { "claim" } else { "claims" };
    writeln!(
        out,
        "{} {noun}: {} true, {} false, {} unproven",
        claims.len(),
        count(Answer::True),
        count(Answer::False),
        count(Answer::Unproven)
    )?;
    Ok(())
}

fn as_json(claims: &[Claim], judged: &[Judged], out: &mut dyn Write) -> Result<(), Failure> {
    let one = |(claim, judged): (&Claim, &Judged)| {
        json!({
            "line": claim.line,
            "sentence": claim.sentence,
            "kind": claim.what.word(),
            "claim": claim.what.to_string(),
            "answer": judged.answer.word(),
            "proof": judged.proof,
        })
    };
    let all: Vec<_> = claims.iter().zip(judged).map(one).collect();
    writeln!(out, "{}", json!({ "schema": "assize.claims/1", "claims": all }))?;
    Ok(())
}
