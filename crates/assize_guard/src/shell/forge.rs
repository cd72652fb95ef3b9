//! Command lines of the services that keep repositories.

use crate::{Effect, GitStep};

use super::walk::Walk;
use super::word::{Options, Word};

impl Walk<'_> {
    /// What the command line of the service does to branches.
    pub(super) fn service(&mut self, words: &[Word]) {
        let options = Options::of(words, &["-X", "--method", "-f", "-F", "--field", "--raw-field"]);
        let (first, second) = (options.verb(0), options.verb(1));
        let method = options.value(&["-X", "--method"]).and_then(Word::text).unwrap_or("");
        let method = method.to_ascii_uppercase();
        let forces = words.iter().any(|word| word.is("force=true"));
        if first == "api" && is_ref(second) && (method == "DELETE" || forces) {
            self.push(Effect::Git(GitStep::RewriteShared));
        }
        let by_file = second.contains("/contents/") && matches!(method.as_str(), "PUT" | "DELETE");
        let past_rules = first == "pr" && second == "merge" && options.has(&["--admin"]);
        let protection = second.ends_with("/protection") || second.contains("/rulesets");
        let opens = first == "api" && protection && matches!(method.as_str(), "PUT" | "DELETE");
        if opens || first == "api" && by_file || past_rules {
            self.push(Effect::Git(GitStep::SkipHooks));
        }
    }
}

/// Whether an address of a service is that of a branch.
fn is_ref(address: &str) -> bool {
    address.contains("/git/refs/") || address.contains("/repository/branches/")
}
