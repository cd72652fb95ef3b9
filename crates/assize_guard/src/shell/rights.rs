//! Programs whose business is more rights: accounts, the kernel, firewalls, roles of clouds.

use crate::Effect;

use super::call::Call;
use super::walk::Walk;
use super::word::{Options, Stream, Word};

/// Programs that change rights whatever they are told.
#[rustfmt::skip]
const ALWAYS: [&str; 28] = [
    "usermod", "useradd", "adduser", "userdel", "deluser", "groupadd", "groupmod", "groupdel",
    "gpasswd", "chpasswd", "chsh", "visudo", "vipw", "vigr", "newgrp", "sg", "sudoedit", "setenforce",
    "aa-teardown", "aa-disable", "aa-complain", "insmod", "rmmod", "modprobe", "kexec", "setpriv",
    "capsh", "run0",
];

/// Programs that do so unless one of these words stands first: they look.
#[rustfmt::skip]
const UNLESS: &[(&str, &[&str])] = &[
    ("iptables", &["-L", "-S", "--list", "-nL", "-vL", "-C"]),
    ("ip6tables", &["-L", "-S", "--list", "-nL", "-C"]),
    ("nft", &["list"]), ("ufw", &["status", "show"]), ("mount", &["-l", "--help", "-h", "-V"]),
    ("passwd", &["-S", "--status"]), ("firewall-cmd", &["--state", "--list-all", "--get-zones"]),
    ("auditctl", &["-l", "-s"]), ("swapoff", &[]), ("losetup", &["-a", "-l"]),
];

/// Commands that give rights: program, and words of which all stand in the command.
#[rustfmt::skip]
const GRANTS: &[(&str, &[&str])] = &[
    ("kubectl", &["create", "clusterrolebinding"]), ("kubectl", &["create", "rolebinding"]),
    ("kubectl", &["create", "clusterrole"]), ("oc", &["adm", "policy"]),
    ("aws", &["iam", "attach-user-policy"]), ("aws", &["iam", "attach-role-policy"]),
    ("aws", &["iam", "attach-group-policy"]), ("aws", &["iam", "put-user-policy"]),
    ("aws", &["iam", "put-role-policy"]), ("aws", &["iam", "add-user-to-group"]),
    ("aws", &["iam", "create-access-key"]), ("aws", &["iam", "create-login-profile"]),
    ("aws", &["iam", "update-assume-role-policy"]),
    ("aws", &["s3api", "put-bucket-acl"]), ("aws", &["s3api", "put-bucket-policy"]),
    ("gcloud", &["add-iam-policy-binding"]), ("gcloud", &["set-iam-policy"]),
    ("az", &["role", "assignment", "create"]), ("gh", &["repo", "edit", "--visibility"]),
    ("gh", &["repo", "deploy-key", "add"]), ("gh", &["auth", "refresh"]),
    ("lxc", &["security.privileged=true"]), ("lxc", &["source=/"]),
    ("machinectl", &["shell"]), ("apparmor_parser", &["-R"]), ("kubectl", &["--privileged"]),
    ("kubectl", &["auth", "reconcile"]), ("loginctl", &["enable-linger"]),
    ("gh", &["ssh-key", "add"]), ("gh", &["gpg-key", "add"]), ("snap", &["connect"]),
];

impl Walk<'_> {
    pub(super) fn rights(&mut self, call: &Call<'_>) -> Option<Stream> {
        let words = call.words;
        let first = words.first().map_or("", |word| word.text.as_str());
        let asks = matches!(first, "--version" | "--help" | "-V" | "-h");
        let has = |wanted: &str| words.iter().any(|word| word.is(wanted));
        let looks = UNLESS.iter().find(|(name, _)| *name == call.name);
        let gives = ALWAYS.contains(&call.name) && !asks
            || looks.is_some_and(|(_, free)| {
                !words.is_empty() && !words.iter().any(|word| free.contains(&word.text.as_str()))
            })
            || GRANTS.iter().any(|(name, all)| *name == call.name && all.iter().all(|w| has(w)))
            || call.name == "sysctl" && words.iter().any(sets)
            || call.name == "gh" && first == "api" && opens_repository(words)
            || unprivileged_root(call);
        if gives {
            self.push(Effect::Privilege(call.name.to_owned()));
        }
        match call.name {
            "setpriv" | "capsh" | "sg" | "newgrp" => Some(self.with_rights(call)),
            _ => None,
        }
    }

    /// Runs what these programs are given: after their options, after `--`, after `-c`, as input.
    fn with_rights(&mut self, call: &Call<'_>) -> Stream {
        if let Some(at) = call.words.iter().position(|word| word.is("-c")) {
            let text = call.words.get(at + 1).cloned().unwrap_or_default();
            return self.shell_text(&text, call.input.clone());
        }
        if call.name == "setpriv" {
            let (_, at) = Options::leading(call.words, &["-d"]);
            let rest = call.words.get(at..).unwrap_or(&[]);
            return self.call(rest, call.variables, call.input.clone());
        }
        self.run_input(call)
    }
}

/// `sysctl -w name=value`, `sysctl name=value`, `sysctl -p`.
fn sets(word: &Word) -> bool {
    word.text.contains('=') || word.is("-w") || word.is("-p") || word.is("--write")
}

/// Calls of the API of a forge that open or unlock a repository.
fn opens_repository(words: &[Word]) -> bool {
    let text = |word: &Word| word.text.to_ascii_lowercase();
    let writes = words.iter().any(|word| {
        matches!(text(word).as_str(), "post" | "put" | "patch" | "delete" | "-xdelete" | "-xput")
    });
    let fields = words.iter().any(|word| matches!(text(word).as_str(), "-f" | "--field"));
    let about = |end: &str| words.iter().any(|word| text(word).contains(end));
    about("visibility=public")
        || about("private=false")
        || (writes || fields) && (about("/protection") || about("/rulesets") || about("/keys"))
        || (writes || fields) && (about("/collaborators") || about("/hooks"))
}

/// `unshare -r`, `-U`, `--map-root-user` with a shell, `nsenter` into another process.
fn unprivileged_root(call: &Call<'_>) -> bool {
    let letters = |wanted: &[char]| {
        call.words.iter().any(|word| {
            let text = word.text.as_str();
            text.starts_with('-') && !text.starts_with("--") && text.contains(wanted)
        })
    };
    let long = |wanted: &str| call.words.iter().any(|word| word.text.starts_with(wanted));
    match call.name {
        "unshare" => {
            letters(&['r', 'U']) && letters(&['m']) || long("--map-root") || long("--map-users")
        }
        "nsenter" => letters(&['t', 'a']) || long("--target") || long("--all"),
        _ => false,
    }
}
