//! Programs whose business is to print credentials.

use crate::Program;

/// Programs, and words of which all stand in the command. A word that ends in `*` is a beginning,
/// `a|b` is either.
#[rustfmt::skip]
const PRINTERS: &[(&str, &[&str])] = &[
    ("gh", &["auth", "token"]), ("gh", &["auth", "status", "--show-token|-t"]),
    ("glab", &["auth", "status", "--show-token|-t"]),
    ("gcloud", &["auth", "print-access-token|print-identity-token"]),
    ("gcloud", &["auth", "application-default", "print-access-token"]),
    ("gcloud", &["secrets", "versions", "access"]), ("gcloud", &["iam", "service-accounts", "keys", "create"]),
    ("aws", &["configure", "export-credentials"]),
    ("aws", &["configure", "get", "aws_secret_access_key|aws_session_token|*.aws_secret_access_key"]),
    ("aws", &["sts", "get-session-token|assume-role|get-federation-token|assume-role-with-web-identity"]),
    ("aws", &["secretsmanager", "get-secret-value|batch-get-secret-value"]),
    ("aws", &["ssm", "get-parameter|get-parameters|get-parameters-by-path", "--with-decryption"]),
    ("aws", &["iam", "create-access-key"]), ("aws", &["sso", "get-role-credentials"]),
    ("az", &["account", "get-access-token"]), ("az", &["keyvault", "secret", "show|download"]),
    ("az", &["storage", "account", "keys"]), ("az", &["acr", "credential", "show"]),
    ("az", &["ad", "sp", "create-for-rbac"]), ("az", &["cosmosdb", "keys", "list"]),
    ("vault", &["kv", "get"]), ("vault", &["read"]), ("vault", &["print", "token"]),
    ("bao", &["kv", "get"]), ("conjur", &["variable", "get|value"]),
    ("op", &["read"]), ("op", &["item", "get"]), ("op", &["inject"]), ("op", &["document", "get"]),
    ("bw", &["get"]), ("bw", &["export"]), ("bw", &["list", "items"]), ("bws", &["secret", "get|list"]),
    ("rbw", &["get"]), ("lpass", &["show|export"]), ("dcli", &["password|note|read"]),
    ("pass", &["show"]), ("gopass", &["show|cat"]), ("keepassxc-cli", &["show|export|clip"]),
    ("security", &["find-generic-password|find-internet-password|dump-keychain|export"]),
    ("secret-tool", &["lookup|search"]), ("kwallet-query", &["-r"]), ("keyring", &["get"]),
    ("gpg", &["--export-secret-keys|--export-secret-subkeys|--export-secret-key"]),
    ("gpg2", &["--export-secret-keys|--export-secret-subkeys"]),
    ("kubectl", &["config", "view", "--raw|--flatten"]), ("kubectl", &["create", "token"]),
    ("oc", &["whoami", "-t|--show-token"]), ("oc", &["config", "view", "--raw"]),
    ("git", &["credential", "fill"]), ("git", &["credential-*", "get"]),
    ("docker-credential-desktop", &["get"]), ("docker-credential-osxkeychain", &["get"]),
    ("docker-credential-secretservice", &["get"]), ("docker-credential-pass", &["get"]),
    ("doppler", &["secrets"]), ("infisical", &["secrets|export"]), ("chamber", &["read|export|env"]),
    ("sops", &["-d|--decrypt|decrypt|exec-env"]), ("ansible-vault", &["view|decrypt|edit"]),
    ("age", &["-d|--decrypt"]), ("terraform", &["state", "pull"]), ("tofu", &["state", "pull"]),
    ("pulumi", &["--show-secrets"]), ("heroku", &["auth:token"]), ("heroku", &["config"]),
    ("fly", &["auth", "token"]), ("flyctl", &["auth", "token"]), ("doctl", &["auth", "token"]),
    ("vercel", &["env", "pull"]), ("netlify", &["env:get|env:list"]), ("railway", &["variables"]),
    ("npm", &["config", "get", "*_authToken"]), ("npm", &["token", "create"]),
    ("rclone", &["config", "show|dump"]), ("rclone", &["reveal"]), ("wg", &["showconf"]),
    ("nmcli", &["--show-secrets|-s"]), ("cf", &["oauth-token"]), ("ibmcloud", &["iam", "oauth-tokens"]),
    ("getent", &["shadow|gshadow"]), ("redis-cli", &["requirepass"]), ("mimipenguin", &[]),
    ("lazagne", &[]), ("trufflehog", &["filesystem"]), ("unshadow", &[]), ("firebase", &["login:ci"]),
];

/// Options by which a listing of secrets shows what they hold.
const SHOWS: [&str; 9] = [
    "yaml",
    "json",
    "jsonpath",
    "go-template",
    "custom-columns",
    "-oyaml",
    "-ojson",
    "-ojsonpath",
    "-ogo-template",
];

/// Whether a program's business is to print credentials.
pub(super) fn prints(program: &Program) -> bool {
    let words: Vec<&str> = program.words.iter().flatten().map(String::as_str).collect();
    if words.iter().any(|word| matches!(*word, "--help" | "-h" | "--version")) {
        return false;
    }
    let listed = PRINTERS.iter().any(|(name, wanted)| {
        *name == program.name
            && wanted.iter().all(|signs| words.iter().any(|word| fits(signs, word)))
    });
    listed || shows_secrets(program, &words) || shows_environment(program, &words)
}

fn fits(signs: &str, word: &str) -> bool {
    signs.split('|').any(|sign| {
        sign.strip_suffix('*').map_or_else(
            || sign.strip_prefix('*').map_or(sign == word, |end| word.ends_with(end)),
            |beginning| word.starts_with(beginning),
        )
    })
}

/// `kubectl get secret x -o yaml`: without `-o` only names are listed.
fn shows_secrets(program: &Program, words: &[&str]) -> bool {
    let secret = |word: &&str| {
        let kind = word.split(['/', ',', '.']).next().unwrap_or(word);
        matches!(kind, "secret" | "secrets")
    };
    matches!(program.name.as_str(), "kubectl" | "oc" | "k")
        && words.contains(&"get")
        && words.iter().any(secret)
        && words.iter().any(|word| {
            let value = word.split_once('=').map_or(*word, |(option, value)| {
                if option.starts_with("-o") || option == "--output" { value } else { option }
            });
            SHOWS.iter().any(|shows| value.starts_with(shows))
        })
}

/// `docker inspect --format '{{.Config.Env}}'`.
fn shows_environment(program: &Program, words: &[&str]) -> bool {
    matches!(program.name.as_str(), "docker" | "podman" | "nerdctl")
        && words.contains(&"inspect")
        && words.iter().any(|word| word.contains(".Config.Env"))
}
