//! What no hook holds, by client and version: data, measured with the real clients
//! (`docs/enforcement.md`).

use assize_harness::Client;

use super::{Examined, Installed};
use crate::cli::Scope;

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

const SHELL_KILLED: &str = "a call runs when the shell around the hook is killed, or the client's \
                            time for it passes: there is no switch for hooks that fail";
const BY_DOCUMENTATION: &str = "the hooks follow the client's documentation; nobody has tried them";

const LIMITS: [Limit; 33] = [
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
    Limit { client: "codex", what: SHELL_KILLED, when: When::Always },
    Limit { client: "gemini-cli", what: SHELL_KILLED, when: When::Always },
    Limit {
        client: "gemini-cli",
        what: "`hooksConfig.disabled` in any settings switches off a hook by its command line, those \
               of the machine as well; `assize status` tells",
        when: When::Always,
    },
    Limit {
        client: "gemini-cli",
        what: "`hooksConfig.enabled` of a project silences hooks of a project and a user; only \
               `assize init --scope managed` survives",
        when: When::WithoutManaged,
    },
    Limit {
        client: "gemini-cli",
        what: "the settings of a folder that nobody has trusted are passed over, and the hooks in \
               them; those of the user and the machine are not",
        when: When::WithoutManaged,
    },
    Limit { client: "qwen-code", what: SHELL_KILLED, when: When::Always },
    Limit {
        client: "qwen-code",
        what: "`disableAllHooks` of a project silences hooks of a project and a user; only `assize \
               init --scope managed` survives",
        when: When::WithoutManaged,
    },
    Limit {
        client: "qwen-code",
        what: "before a call only a denial reaches the model: a warning comes after the call",
        when: When::Always,
    },
    Limit {
        client: "copilot-cli",
        what: "a call runs when the client's time for the hook passes",
        when: When::Always,
    },
    Limit {
        client: "copilot-cli",
        what: "hooks of a repository are not loaded in a folder that nobody has trusted; those of \
               the user and the machine are",
        when: When::WithoutManaged,
    },
    Limit {
        client: "copilot-cli",
        what: "`disableAllHooks` in its settings of a repository or in those of Claude Code silences \
               hooks of a project and a user; only `assize init --scope managed` survives",
        when: When::WithoutManaged,
    },
    Limit {
        client: "copilot-cli",
        what: "hooks in `.claude/settings.json` run as well; one of the two answers",
        when: When::Always,
    },
    Limit {
        client: "cline",
        what: "a denied call of an MCP server ends the whole task, and the model reads no reason",
        when: When::Always,
    },
    Limit {
        client: "cline",
        what: "a script of yours that rewrites the arguments of a call takes a denial back",
        when: When::Always,
    },
    Limit {
        client: "cline",
        what: "a call runs when its script is gone, cannot be run or is killed",
        when: When::Always,
    },
    Limit { client: "cline", what: "the end of a task cannot be held up", when: When::Always },
    Limit {
        client: "cline",
        what: "three calls in a row that fail or are denied end the task (`--retries`)",
        when: When::Always,
    },
    Limit {
        client: "opencode",
        what: "a plugin that does not load is passed over in silence; `--pure` loads none",
        when: When::Always,
    },
    Limit {
        client: "opencode",
        what: "it loads its plugin package from the network when it first sees a folder with \
               plugins, and waits for it",
        when: When::Always,
    },
    Limit {
        client: "opencode",
        what: "`opencode run` ends before the end of a turn can be held up",
        when: When::Always,
    },
    Limit { client: "cursor", what: BY_DOCUMENTATION, when: When::Always },
    Limit {
        client: "cursor",
        what: "a version without `preToolUse` passes over the entry in silence",
        when: When::Always,
    },
    Limit { client: "vs-code", what: BY_DOCUMENTATION, when: When::Always },
    Limit {
        client: "vs-code",
        what: "it runs the hooks of Copilot and of Claude Code and has none of its own",
        when: When::Always,
    },
    Limit { client: "any", what: "what a person types", when: When::Always },
    Limit {
        client: "any",
        what: "other clients than these: nothing asks Assize there; the gates at commit and in CI \
               still see their work",
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
    let hooked = |client: Client| examined.iter().filter(move |one| one.place.client() == client);
    let managed = |client: Client| hooked(client).any(|one| one.place.scope == Scope::Managed);
    let is_here = |client: &Installed| client.is_here || hooked(client.client).next().is_some();
    let holds = |limit: &&Limit| {
        let named = |client: &&Installed| client.client.name() == limit.client && is_here(client);
        let Some(client) = clients.iter().find(named) else {
            return limit.client == "any";
        };
        match limit.when {
            When::Always => true,
            When::WithoutManaged => !managed(client.client),
            When::WithoutSwitch => !assize_harness::knows_failure(client.version.as_deref()),
        }
    };
    LIMITS.iter().filter(holds).collect()
}
