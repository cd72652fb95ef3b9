//! Places that more than one control asks about: credentials, what starts by itself, and what holds
//! Assize up.

use crate::{Place, Surroundings};

/// Why a place is not like others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Keys, tokens and passwords.
    Credential,
    /// Read when a shell, a session, a machine or an editor starts.
    Startup,
    /// Settings of a client in which hooks stand, and what Assize itself rests on.
    Own,
}

/// Paths below the home folder. A `/` at the end means the folder with all in it.
const AT_HOME: [(&str, Kind); 63] = [
    (".ssh/", Kind::Credential),
    (".gnupg/", Kind::Credential),
    (".aws/", Kind::Credential),
    (".azure/", Kind::Credential),
    (".config/gcloud/", Kind::Credential),
    (".config/gh/", Kind::Credential),
    (".config/hub", Kind::Credential),
    (".config/op/", Kind::Credential),
    (".kube/", Kind::Credential),
    (".docker/config.json", Kind::Credential),
    (".netrc", Kind::Credential),
    ("_netrc", Kind::Credential),
    (".git-credentials", Kind::Credential),
    (".config/git/credentials", Kind::Credential),
    (".npmrc", Kind::Credential),
    (".yarnrc.yml", Kind::Credential),
    (".pypirc", Kind::Credential),
    (".cargo/credentials", Kind::Credential),
    (".cargo/credentials.toml", Kind::Credential),
    (".gem/credentials", Kind::Credential),
    (".m2/settings.xml", Kind::Credential),
    (".pgpass", Kind::Credential),
    (".my.cnf", Kind::Credential),
    (".vault-token", Kind::Credential),
    (".terraform.d/credentials.tfrc.json", Kind::Credential),
    (".password-store/", Kind::Credential),
    (".local/share/keyrings/", Kind::Credential),
    (".mozilla/", Kind::Credential),
    (".config/google-chrome/", Kind::Credential),
    (".config/chromium/", Kind::Credential),
    (".claude/.credentials.json", Kind::Credential),
    (".codex/auth.json", Kind::Credential),
    (".gemini/oauth_creds.json", Kind::Credential),
    (".bashrc", Kind::Startup),
    (".bash_profile", Kind::Startup),
    (".bash_login", Kind::Startup),
    (".bash_logout", Kind::Startup),
    (".profile", Kind::Startup),
    (".zshrc", Kind::Startup),
    (".zshenv", Kind::Startup),
    (".zprofile", Kind::Startup),
    (".zlogin", Kind::Startup),
    (".config/fish/", Kind::Startup),
    (".config/autostart/", Kind::Startup),
    (".config/systemd/", Kind::Startup),
    (".gitconfig", Kind::Startup),
    (".config/git/", Kind::Startup),
    (".bash_aliases", Kind::Startup),
    (".inputrc", Kind::Startup),
    (".xprofile", Kind::Startup),
    (".xinitrc", Kind::Startup),
    (".pam_environment", Kind::Startup),
    (".config/environment.d/", Kind::Startup),
    (".vimrc", Kind::Startup),
    (".vim/", Kind::Startup),
    (".config/nvim/", Kind::Startup),
    (".emacs", Kind::Startup),
    (".emacs.d/", Kind::Startup),
    (".tmux.conf", Kind::Startup),
    (".screenrc", Kind::Startup),
    (".local/bin/", Kind::Startup),
    ("bin/", Kind::Startup),
    (".config/direnv/", Kind::Startup),
];

/// Paths of the machine.
const OF_MACHINE: [(&str, Kind); 19] = [
    ("/etc/shadow", Kind::Credential),
    ("/etc/gshadow", Kind::Credential),
    ("/etc/ssh/", Kind::Credential),
    ("/etc/ssl/private/", Kind::Credential),
    ("/run/secrets/", Kind::Credential),
    ("/var/run/secrets/", Kind::Credential),
    ("/etc/profile", Kind::Startup),
    ("/etc/profile.d/", Kind::Startup),
    ("/etc/bash.bashrc", Kind::Startup),
    ("/etc/crontab", Kind::Startup),
    ("/etc/cron.d/", Kind::Startup),
    ("/etc/cron.daily/", Kind::Startup),
    ("/var/spool/cron/", Kind::Startup),
    ("/etc/systemd/", Kind::Startup),
    ("/etc/init.d/", Kind::Startup),
    ("/etc/rc.local", Kind::Startup),
    ("/etc/ld.so.preload", Kind::Startup),
    ("/etc/sudoers", Kind::Startup),
    ("/etc/sudoers.d/", Kind::Startup),
];

/// Settings of clients: below the home folder and below any work tree.
const OF_CLIENTS: [&str; 22] = [
    ".claude/settings.json",
    ".claude/settings.local.json",
    ".claude/hooks/",
    ".claude.json",
    ".codex/hooks.json",
    ".codex/config.toml",
    ".codex/hooks/",
    ".gemini/settings.json",
    ".qwen/settings.json",
    ".cursor/hooks.json",
    ".cursor/hooks/",
    ".github/hooks/",
    ".copilot/hooks/",
    ".copilot/settings.json",
    ".cline/hooks/",
    ".clinerules/hooks/",
    ".opencode/plugin/",
    ".config/opencode/plugin/",
    ".codeium/windsurf/hooks.json",
    ".windsurf/hooks.json",
    ".factory/hooks.json",
    ".kiro/hooks/",
];

/// Managed settings of clients, and what Assize keeps outside of the tree.
const OWN_OF_MACHINE: [&str; 4] =
    ["/etc/claude-code/", "/etc/codex/", "/etc/github-copilot/", "/etc/cursor/"];
const OWN_AT_HOME: [&str; 2] = [".local/state/assize/", ".cache/assize/"];
/// Below any work tree.
const OWN_IN_TREE: [&str; 2] = ["assize.toml", ".assize/"];
/// Hooks of git in a clone, and editors' tasks that start with a folder.
const STARTUP_IN_TREE: [&str; 3] = [".git/hooks/", ".git/config", ".vscode/tasks.json"];

/// What a place is, if it is one of these. Of a place of which only a beginning is known, what may
/// lie below it counts for changes, not for reads.
pub fn kind_of(place: &Place, surroundings: &Surroundings) -> Option<Kind> {
    let Place::Known(path) = place else { return None };
    kind_of_path(path, surroundings)
}

/// The kinds of places that lie below a folder or may be among what a pattern fits.
pub fn kinds_below(folder: &str, surroundings: &Surroundings) -> Vec<Kind> {
    let folder = folder.trim_end_matches('/');
    let mut found = Vec::new();
    for (path, kind) in all(surroundings) {
        let path = path.trim_end_matches('/');
        let below = path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        if (below || path == folder) && !found.contains(&kind) {
            found.push(kind);
        }
    }
    found
}

fn kind_of_path(path: &str, surroundings: &Surroundings) -> Option<Kind> {
    for (protected, kind) in all(surroundings) {
        let folder = protected.strip_suffix('/');
        let inside = folder.is_some_and(|folder| {
            path == folder || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        });
        if inside || path == protected {
            // Public halves and lists of known hosts are no secret.
            let open = path.ends_with(".pub") || path.ends_with("/known_hosts");
            return (kind != Kind::Credential || !open).then_some(kind);
        }
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    // A rule book in a folder of the tree takes the place of the one above.
    if name == "assize.toml" && path.starts_with(&format!("{}/", surroundings.root)) {
        return Some(Kind::Own);
    }
    // The environment of a process holds what was given to it.
    if path.starts_with("/proc/") && name == "environ" {
        return Some(Kind::Credential);
    }
    is_credential_name(name).then_some(Kind::Credential)
}

/// Every protected path, absolute.
fn all(surroundings: &Surroundings) -> impl Iterator<Item = (String, Kind)> + '_ {
    let home = surroundings.home.as_str();
    let root = surroundings.root.as_str();
    let own = OF_CLIENTS.iter().flat_map(move |path| {
        [(format!("{home}/{path}"), Kind::Own), (format!("{root}/{path}"), Kind::Own)]
    });
    let kept = OWN_AT_HOME.iter().map(move |path| (format!("{home}/{path}"), Kind::Own));
    let tree = OWN_IN_TREE.iter().map(move |path| (format!("{root}/{path}"), Kind::Own));
    let managed = OWN_OF_MACHINE.iter().map(|path| ((*path).to_owned(), Kind::Own));
    let started = STARTUP_IN_TREE.iter().map(move |path| (format!("{root}/{path}"), Kind::Startup));
    let at_home = AT_HOME.iter().map(move |(path, kind)| (format!("{home}/{path}"), *kind));
    let machine = OF_MACHINE.iter().map(|(path, kind)| ((*path).to_owned(), *kind));
    let program =
        (!surroundings.program.is_empty()).then(|| (surroundings.program.clone(), Kind::Own));
    own.chain(program)
        .chain(kept)
        .chain(tree)
        .chain(managed)
        .chain(started)
        .chain(at_home)
        .chain(machine)
}

/// Whether a file of this name holds credentials wherever it lies.
fn is_credential_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let env = lower == ".env" || lower.strip_prefix(".env.").is_some_and(|rest| !is_sample(rest));
    let key = matches!(lower.as_str(), "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519");
    env || key
        || matches!(lower.as_str(), ".netrc" | ".pgpass" | ".git-credentials" | ".htpasswd")
        || [".p12", ".pfx", ".jks", ".keystore", ".kdbx"].iter().any(|end| lower.ends_with(end))
}

fn is_sample(rest: &str) -> bool {
    rest.split(['.', '-', '_']).any(|word| {
        matches!(word, "example" | "sample" | "template" | "dist" | "test" | "defaults")
    })
}

#[cfg(test)]
mod tests {
    use super::{Kind, kind_of, kinds_below};
    use crate::{Place, Surroundings};

    fn here() -> Surroundings {
        Surroundings {
            root: "/repo".into(),
            folder: "/repo".into(),
            home: "/home/dev".into(),
            ..Surroundings::default()
        }
    }

    #[test]
    fn what_each_place_is() {
        let cases = [
            ("/home/dev/.ssh/id_ed25519", Some(Kind::Credential)),
            ("/home/dev/.ssh/id_ed25519.pub", None),
            ("/home/dev/.ssh", Some(Kind::Credential)),
            ("/home/dev/.sshx/a", None),
            ("/repo/.env", Some(Kind::Credential)),
            ("/repo/.env.example", None),
            ("/repo/api/.env.production", Some(Kind::Credential)),
            ("/repo/.claude/settings.local.json", Some(Kind::Own)),
            ("/repo/.claude/agents/a.md", None),
            ("/repo/assize.toml", Some(Kind::Own)),
            ("/repo/.assize/keys/a", Some(Kind::Own)),
            ("/home/dev/.bashrc", Some(Kind::Startup)),
            ("/repo/.git/hooks/pre-commit", Some(Kind::Startup)),
            ("/etc/claude-code/managed-settings.json", Some(Kind::Own)),
            ("/repo/src/main.py", None),
        ];
        for (path, expected) in cases {
            assert_eq!(kind_of(&Place::Known(path.into()), &here()), expected, "{path}");
        }
        assert_eq!(kinds_below("/repo/.claude", &here()), [Kind::Own]);
        assert_eq!(kinds_below("/repo/src/", &here()), []);
    }
}
