//! What no hook holds, by client and version: data, measured with the real clients
//! (`docs/enforcement.md`).

use super::{Examined, Installed};
use crate::cli::{Harness, Scope};

/// One thing that is not enforced.
pub(super) struct Limit {
    /// The client's name, or `any`.
    pub(super) client: &'static str,
    pub(super) what: &'static str,
    when: When,
}

/// Where it is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Always,
    /// The installed client is older than the switch for hooks that fail.
    WithoutSwitch,
    /// No hooks of the machine are installed.
    WithoutManaged,
}

const LIMITS: [Limit; 10] = [
    Limit {
        client: "claude-code",
        what: "a call runs when the shell around the hook is killed, or the client's time for it \
               passes: this version has no `onFailure` (2.1.295 has)",
        when: When::WithoutSwitch,
    },
    Limit {
        client: "claude-code",
        what: "`disableAllHooks` in any settings, `--settings`, `--setting-sources` and `--bare` \
               silence hooks of a project and a user; only `assize init --scope managed` survives",
        when: When::WithoutManaged,
    },
    Limit {
        client: "claude-code",
        what: "files mentioned with `@` are sent without a hook",
        when: When::Always,
    },
    Limit {
        client: "claude-code",
        what: "the end of a turn can be blocked eight times in a row, the ninth time it ends",
        when: When::Always,
    },
    Limit {
        client: "codex",
        what: "hooks that nobody has trusted are skipped without a word: `/hooks` in Codex shows \
               them; hooks of the machine need no trust",
        when: When::WithoutManaged,
    },
    Limit {
        client: "codex",
        what: "text written into a live shell (`write_stdin`) passes no hook; the files are checked \
               after the next call",
        when: When::Always,
    },
    Limit {
        client: "codex",
        what: "a call runs when the shell around the hook is killed, or the client's time for it \
               passes: there is no switch for hooks that fail",
        when: When::Always,
    },
    Limit { client: "any", what: "what a person types", when: When::Always },
    Limit {
        client: "any",
        what: "clients other than Claude Code and Codex: nothing asks Assize there; the gates at \
               commit and in CI still see their work",
        when: When::Always,
    },
    Limit {
        client: "any",
        what: "a process of the same user can undo everything that the user can",
        when: When::Always,
    },
];

/// Those that hold on this machine.
pub(super) fn of(examined: &[Examined], clients: &[Installed]) -> Vec<&'static Limit> {
    let managed = |harness: Harness| {
        let of = |one: &&Examined| one.place.harness == harness;
        examined.iter().filter(of).any(|one| one.place.scope == Scope::Managed)
    };
    let holds = |limit: &&Limit| {
        let Some(client) = clients.iter().find(|client| client.name == limit.client) else {
            return limit.client == "any";
        };
        match limit.when {
            When::Always => true,
            When::WithoutManaged => !managed(client.harness),
            When::WithoutSwitch => !assize_harness::knows_failure(client.version.as_deref()),
        }
    };
    LIMITS.iter().filter(holds).collect()
}
