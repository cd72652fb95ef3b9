//! The state of the rules under which a commit is made: `rulebook-hash`.

use std::path::Path;

use assize_guard::Reason;
use assize_repo::{Git, Reach};

use crate::failure::Failure;
use crate::permit::{Documents, rules_hash};
use crate::records::RULES_TRAILER;

const HASH: &str = "rulebook-hash";

/// The hash of the rules as they are in the work tree.
pub(super) fn now(root: &Path) -> Result<String, Failure> {
    let settings = crate::settings::of_root(root)?;
    rules_hash(root, &Documents::of(root, &settings.permit, None))
}

/// What there is to say where the commit that is checked out was made under other rules than it
/// holds. A commit that names none says nothing.
pub(super) fn other(root: &Path, git: &Git) -> Result<Option<Reason>, Failure> {
    let named =
        git.trailers(RULES_TRAILER, Reach::Last(1)).map_err(|error| Failure::tool(&error))?;
    let Some((_, made_under)) = named.last() else { return Ok(None) };
    let now = now(root)?;
    let short = |hash: &str| hash.chars().take(8).collect::<String>();
    Ok((*made_under != now).then(|| Reason {
        control: HASH,
        message: format!(
            "the commit was made under rules {}, and the tree holds rules {}",
            short(made_under),
            short(&now)
        ),
        help: "look whether documents or `assize.toml` changed on the way, or another version of \
               Assize has other rules"
            .to_owned(),
    }))
}
