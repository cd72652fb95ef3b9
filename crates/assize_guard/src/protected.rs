//! Places that more than one control asks about: credentials, what starts by itself, and what holds
//! Assize up.

use crate::shell::fits_pattern;
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

/// Below the home folder: keys, tokens, cookies, and what was typed. A `/` at the end means the
/// folder with all in it.
#[rustfmt::skip]
const SECRETS_AT_HOME: &[&str] = &[
    ".ssh/", ".gnupg/", ".aws/", ".azure/", ".config/gcloud/", ".config/gh/", ".config/hub",
    ".config/op/", ".kube/", ".docker/config.json", ".netrc", "_netrc", ".git-credentials",
    ".config/git/credentials", ".npmrc", ".yarnrc.yml", ".pypirc", ".cargo/credentials",
    ".cargo/credentials.toml", ".gem/credentials", ".m2/settings.xml", ".pgpass", ".my.cnf",
    ".vault-token", ".terraform.d/credentials.tfrc.json", ".password-store/",
    ".local/share/keyrings/", ".mozilla/", ".config/google-chrome/", ".config/chromium/",
    ".claude/.credentials.json", ".codex/auth.json", ".gemini/oauth_creds.json",
    ".bash_history", ".zsh_history", ".sh_history", ".python_history", ".node_repl_history",
    ".psql_history", ".mysql_history", ".sqlite_history", ".local/share/fish/fish_history",
    ".config/rclone/", ".boto", ".s3cfg", ".passwd-s3fs", ".config/doctl/", ".oci/",
    ".config/hcloud/", ".config/linode-cli", ".databrickscfg", ".kaggle/", ".huggingface/",
    ".cache/huggingface/token", ".fly/config.yml", ".config/stripe/", ".config/heroku/",
    ".pulumi/credentials.json", ".cloudflared/", ".wrangler/", ".config/.wrangler/",
    ".config/netlify/", ".vercel/auth.json", ".local/share/com.vercel.cli/auth.json",
    ".terraformrc", ".config/sops/", ".config/age/", ".gradle/gradle.properties",
    ".composer/auth.json", ".config/composer/auth.json", ".config/containers/auth.json",
    ".config/helm/registry/config.json", ".config/glab-cli/", ".config/tea/",
    ".config/github-copilot/", ".rediscli_auth", ".msmtprc", ".fetchmailrc",
    ".config/BraveSoftware/", ".config/microsoft-edge/", ".thunderbird/",
    ".local/share/kwalletd/", ".config/1Password/", ".bitcoin/", ".ethereum/", ".electrum/",
    ".config/solana/", ".config/filezilla/", ".local/share/opencode/auth.json",
    ".qwen/oauth_creds.json", "Library/Keychains/", "Library/Cookies/",
    "Library/Application Support/Google/Chrome/",
];

/// Below the home folder: what is read when something starts.
#[rustfmt::skip]
const STARTS_AT_HOME: &[&str] = &[
    ".bashrc", ".bash_profile", ".bash_login", ".bash_logout", ".profile", ".zshrc", ".zshenv",
    ".zprofile", ".zlogin", ".config/fish/", ".config/autostart/", ".config/systemd/",
    ".gitconfig", ".config/git/", ".bash_aliases", ".inputrc", ".xprofile", ".xinitrc",
    ".pam_environment", ".config/environment.d/", ".vimrc", ".vim/", ".config/nvim/", ".emacs",
    ".emacs.d/", ".tmux.conf", ".screenrc", ".local/bin/", "bin/", ".config/direnv/",
    ".zlogout", ".bashrc.d/", ".zshrc.d/", ".oh-my-zsh/", ".config/pip/", ".pip/",
    ".pydistutils.cfg", ".cargo/config", ".cargo/config.toml", ".local/share/systemd/",
    "Library/LaunchAgents/", ".gdbinit", ".lldbinit", ".irbrc", ".pryrc", ".psqlrc",
    ".sqliterc", ".Rprofile", ".ipython/", ".jupyter/", ".config/Code/User/",
    ".gradle/init.gradle", ".gradle/init.d/", ".mavenrc", ".yarnrc", ".config/nix/",
    ".xsession", ".xsessionrc", ".config/i3/", ".config/sway/", ".config/hypr/", ".forward",
    ".procmailrc", ".condarc", ".config/plasma-workspace/", ".kshrc", ".cshrc", ".tcshrc",
    ".login", ".hgrc", ".config/hg/", ".ssh/rc", ".config/lf/", ".config/helix/",
];

/// Both at once: settings in which a token stands beside the program that runs next time.
const STARTS_TOO: [&str; 6] =
    [".npmrc", ".yarnrc.yml", ".ssh/", ".kube/config", ".docker/config.json", ".m2/settings.xml"];

/// Secrets of the machine.
#[rustfmt::skip]
const SECRETS_OF_MACHINE: &[&str] = &[
    "/etc/shadow", "/etc/gshadow", "/etc/ssh/", "/etc/ssl/private/", "/run/secrets/",
    "/var/run/secrets/", "/etc/krb5.keytab", "/etc/pki/tls/private/", "/etc/letsencrypt/",
    "/etc/kubernetes/admin.conf", "/etc/rancher/", "/etc/docker/key.json", "/root/.ssh/",
    "/root/.aws/", "/var/lib/docker/", "/proc/kcore", "/dev/mem",
];

/// What the machine reads when it, a user or a program starts.
#[rustfmt::skip]
const STARTS_OF_MACHINE: &[&str] = &[
    "/etc/profile", "/etc/profile.d/", "/etc/bash.bashrc", "/etc/crontab", "/etc/cron.d/",
    "/etc/cron.daily/", "/var/spool/cron/", "/etc/systemd/", "/etc/init.d/", "/etc/rc.local",
    "/etc/ld.so.preload", "/etc/sudoers", "/etc/sudoers.d/", "/etc/cron.hourly/",
    "/etc/cron.weekly/", "/etc/cron.monthly/", "/etc/anacrontab", "/etc/environment",
    "/etc/zsh/", "/etc/zshenv", "/etc/zshrc", "/etc/bashrc", "/etc/xdg/autostart/",
    "/lib/systemd/", "/usr/lib/systemd/", "/etc/pam.d/", "/etc/update-motd.d/", "/etc/rc.d/",
    "/etc/ld.so.conf", "/etc/ld.so.conf.d/", "/etc/modules-load.d/", "/etc/udev/",
    "/etc/apt/apt.conf.d/", "/etc/gitconfig", "/Library/LaunchDaemons/",
    "/Library/LaunchAgents/", "/etc/NetworkManager/dispatcher.d/", "/usr/local/bin/",
    "/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/", "/root/.bashrc", "/root/.profile",
    "/etc/npmrc", "/etc/pip.conf",
];

/// Settings of clients: below the home folder and below any work tree.
const OF_CLIENTS: [&str; 29] = [
    ".claude/settings.json",
    ".claude/settings.local.json",
    ".claude/hooks/",
    ".claude.json",
    ".codex/hooks.json",
    ".codex/config.toml",
    ".codex/hooks/",
    ".gemini/settings.json",
    ".gemini/trustedFolders.json",
    ".qwen/settings.json",
    ".qwen/trustedFolders.json",
    ".cursor/hooks.json",
    ".cursor/hooks/",
    ".github/hooks/",
    ".github/copilot/settings.json",
    ".github/copilot/settings.local.json",
    ".copilot/hooks/",
    ".copilot/settings.json",
    ".cline/hooks/",
    ".clinerules/hooks/",
    "Documents/Cline/Hooks/",
    ".opencode/plugin/",
    ".opencode/plugins/",
    ".config/opencode/plugin/",
    ".config/opencode/plugins/",
    ".codeium/windsurf/hooks.json",
    ".windsurf/hooks.json",
    ".factory/hooks.json",
    ".kiro/hooks/",
];

/// Managed settings of clients, and what Assize keeps outside of the tree.
const OWN_OF_MACHINE: [&str; 11] = [
    "/etc/claude-code/",
    "/etc/codex/",
    "/etc/gemini-cli/",
    "/etc/qwen-code/",
    "/etc/github-copilot/",
    "/etc/opencode/",
    "/etc/cursor/",
    "/Library/Application Support/ClaudeCode/",
    "/Library/Application Support/GeminiCli/",
    "/Library/Application Support/QwenCode/",
    "/Library/Application Support/Cursor/hooks.json",
];
const OWN_AT_HOME: [&str; 2] = [".local/state/assize/", ".cache/assize/"];
/// Below any work tree.
const OWN_IN_TREE: [&str; 3] = ["assize.toml", ".assize/", ".git/assize-id"];
/// Hooks of git in a clone, and editors' tasks that start with a folder.
const STARTUP_IN_TREE: [&str; 4] = [".git/hooks/", ".git/config", ".vscode/tasks.json", ".envrc"];

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

/// Whether something reads the file when it starts, whatever else it holds.
pub fn starts(place: &Place, surroundings: &Surroundings) -> bool {
    let Place::Known(path) = place else { return false };
    let too = below_folder(&surroundings.home, path)
        .is_some_and(|rest| STARTS_TOO.iter().any(|listed| fits(listed, rest)));
    too || kind_of(place, surroundings) == Some(Kind::Startup) || loads_code(path)
}

fn kind_of_path(path: &str, surroundings: &Surroundings) -> Option<Kind> {
    if let Some(kind) = listed(path, surroundings) {
        // Public halves and lists of known hosts are no secret.
        let open = path.ends_with(".pub") || path.ends_with("/known_hosts");
        return (kind != Kind::Credential || !open).then_some(kind);
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

/// What the lists say of an absolute path.
fn listed(path: &str, surroundings: &Surroundings) -> Option<Kind> {
    let among = |list: &[&str], path: &str| list.iter().any(|listed| fits(listed, path));
    let at_home = below_folder(&surroundings.home, path);
    let in_tree = below_folder(&surroundings.root, path);
    let own = path == surroundings.program && !path.is_empty()
        || at_home.is_some_and(|rest| among(&OF_CLIENTS, rest) || among(&OWN_AT_HOME, rest))
        || in_tree.is_some_and(|rest| among(&OF_CLIENTS, rest) || among(&OWN_IN_TREE, rest))
        || among(&OWN_OF_MACHINE, path);
    if own {
        Some(Kind::Own)
    } else if in_tree.is_some_and(|rest| among(&STARTUP_IN_TREE, rest)) {
        Some(Kind::Startup)
    } else if at_home.is_some_and(|rest| among(SECRETS_AT_HOME, rest))
        || among(SECRETS_OF_MACHINE, path)
    {
        Some(Kind::Credential)
    } else if at_home.is_some_and(|rest| among(STARTS_AT_HOME, rest))
        || among(STARTS_OF_MACHINE, path)
    {
        Some(Kind::Startup)
    } else {
        None
    }
}

/// The protected path that a pattern of an absolute path most likely means. `\0` stands for a part
/// that is not known and may hold slashes; then what follows must name the place by itself.
pub fn like(pattern: &str, surroundings: &Surroundings) -> Option<String> {
    let home = surroundings.home.as_str();
    let (before, tail) = pattern.rsplit_once('\0').map_or((None, pattern), |(b, t)| (Some(b), t));
    let last = tail.rsplit('/').next().unwrap_or(tail);
    if last == "environ" && pattern.starts_with("/proc/") {
        return Some("/proc/self/environ".to_owned());
    }
    if matches!(last, "sitecustomize.py" | "usercustomize.py") {
        return Some(format!("/usr/lib/python3/site-packages/{last}"));
    }
    let wanted: Vec<&str> = tail.split('/').skip(1).collect();
    let at_home = SECRETS_AT_HOME.iter().chain(STARTS_AT_HOME).chain(&OF_CLIENTS);
    match before {
        None => {
            let relative = below_folder(home, pattern).map(|rest| rest.split('/').collect());
            let relative: Vec<&str> = match relative {
                Some(relative) => relative,
                // `/home/*/..`: as many parts as the home folder has.
                None => {
                    let own: Vec<&str> = home.split('/').skip(1).collect();
                    let fits = wanted.iter().zip(&own).all(|(sign, part)| glob(sign, part));
                    let enough = fits && wanted.len() > own.len() && !home.is_empty();
                    wanted.get(own.len()..).filter(|_| enough).unwrap_or(&[]).to_vec()
                }
            };
            let mut lists = at_home.filter(|listed| names(&relative, listed));
            lists.next().map(|listed| format!("{home}/{}", listed.trim_end_matches('/')))
        }
        Some(before) => {
            let begins = before.split('\0').next().unwrap_or("");
            let hidden = tail.starts_with("/.") && home.starts_with(begins);
            let mut lists = at_home.filter(|listed| hidden && names(&wanted, listed));
            lists.next().map(|listed| format!("{home}/{}", listed.trim_end_matches('/')))
        }
    }
    .or_else(|| {
        let named =
            NAMES.iter().find(|name| last.len() > 3 && letters(last) > 2 && glob(last, name));
        named.map(|name| format!("{}/{name}", surroundings.root))
    })
}

/// Names of files of credentials that lie anywhere.
const NAMES: [&str; 7] =
    [".env", ".env.local", ".env.production", "id_rsa", "id_ed25519", ".netrc", ".git-credentials"];

/// Whether the parts of a pattern lead to a listed path or into a listed folder.
fn names(wanted: &[&str], listed: &str) -> bool {
    let parts: Vec<&str> = listed.trim_end_matches('/').split('/').collect();
    let long = if listed.ends_with('/') {
        wanted.len() >= parts.len()
    } else {
        wanted.len() == parts.len()
    };
    long && wanted.first().is_some_and(|first| letters(first) > 1)
        && wanted.iter().zip(&parts).all(|(sign, part)| glob(sign, part))
        && !wanted.last().is_some_and(|last| last.ends_with(".pub"))
}

fn letters(text: &str) -> usize {
    text.chars().filter(|sign| sign.is_ascii_alphanumeric() || *sign == '_').count()
}

/// Whether a pattern of a shell fits one part of a path; a dot at its beginning must be written.
fn glob(pattern: &str, part: &str) -> bool {
    let hidden = part.starts_with('.') && !pattern.starts_with(['.', '[']);
    !hidden && part.len() <= PART_MAX && fits_pattern(pattern, part)
}

/// Longer parts are no listed ones.
const PART_MAX: usize = 64;

/// What follows a folder in a path.
fn below_folder<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    path.strip_prefix(folder)?.strip_prefix('/').filter(|_| !folder.is_empty())
}

/// Whether a path is a listed one, or lies in a listed folder.
fn fits(listed: &str, path: &str) -> bool {
    match listed.strip_suffix('/') {
        Some(folder) => {
            path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }
        None => path == listed,
    }
}

/// Files that Python loads by their name, and programs of the system in a folder that comes before
/// theirs.
fn loads_code(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let (name, folder) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    let before = matches!(folder, "bin" | ".bin") && SYSTEM.contains(&name);
    matches!(name, "sitecustomize.py" | "usercustomize.py")
        || name.ends_with(".pth") && path.contains("-packages/")
        || before
}

/// Programs whose names nobody takes by accident.
const SYSTEM: [&str; 18] = [
    "git", "sudo", "ssh", "scp", "ls", "cat", "rm", "cp", "mv", "bash", "sh", "env", "curl",
    "wget", "gpg", "su", "grep", "which",
];

/// Every protected path, absolute.
fn all(surroundings: &Surroundings) -> impl Iterator<Item = (String, Kind)> + '_ {
    let home = surroundings.home.as_str();
    let root = surroundings.root.as_str();
    let below = |folder: &'static str, kind: Kind| (folder.to_owned(), kind);
    let joined = move |base: &str, list: &'static [&'static str], kind: Kind| {
        let base = base.to_owned();
        list.iter().map(move |path| (format!("{base}/{path}"), kind))
    };
    joined(home, &OF_CLIENTS, Kind::Own)
        .chain(joined(root, &OF_CLIENTS, Kind::Own))
        .chain(joined(home, &OWN_AT_HOME, Kind::Own))
        .chain(joined(root, &OWN_IN_TREE, Kind::Own))
        .chain(OWN_OF_MACHINE.iter().map(move |path| below(path, Kind::Own)))
        .chain(
            (!surroundings.program.is_empty()).then(|| (surroundings.program.clone(), Kind::Own)),
        )
        .chain(joined(root, &STARTUP_IN_TREE, Kind::Startup))
        .chain(joined(home, SECRETS_AT_HOME, Kind::Credential))
        .chain(joined(home, STARTS_AT_HOME, Kind::Startup))
        .chain(SECRETS_OF_MACHINE.iter().map(move |path| below(path, Kind::Credential)))
        .chain(STARTS_OF_MACHINE.iter().map(move |path| below(path, Kind::Startup)))
}

/// Whether a file of this name holds credentials wherever it lies.
fn is_credential_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let env = lower == ".env" || lower.strip_prefix(".env.").is_some_and(|rest| !is_sample(rest));
    let key = matches!(
        lower.as_str(),
        "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519" | "id_ecdsa_sk" | "id_ed25519_sk"
    );
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
            ("/etc/gemini-cli/settings.json", Some(Kind::Own)),
            ("/repo/.github/hooks/assize.json", Some(Kind::Own)),
            ("/repo/.github/workflows/ci.yml", None),
            ("/repo/.clinerules/hooks/PreToolUse", Some(Kind::Own)),
            ("/repo/.clinerules/style.md", None),
            ("/home/dev/.config/opencode/plugins/a.js", Some(Kind::Own)),
            ("/home/dev/.config/opencode/themes/a.json", None),
            ("/repo/src/main.py", None),
        ];
        for (path, expected) in cases {
            assert_eq!(kind_of(&Place::Known(path.into()), &here()), expected, "{path}");
        }
        assert_eq!(kinds_below("/repo/.claude", &here()), [Kind::Own]);
        assert_eq!(kinds_below("/repo/src/", &here()), []);
    }
}
