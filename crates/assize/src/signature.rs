//! Signatures of people, made and verified by OpenSSH: Assize holds no key of anybody.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use assize_repo::read_up_to;

use crate::failure::Failure;

/// Signatures made for another purpose do not count.
const NAMESPACE: &str = "assize";
/// The name under which all keys of the repository are listed for one verification.
const SIGNER: &str = "person";
/// Public keys that people committed.
const KEYS: &str = ".assize/keys";
const KEY_BYTES_MAX: u64 = 64 << 10;
const KEYS_MAX: usize = 200;

/// Whether a signature counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verified {
    Yes,
    /// No key of the repository made it.
    No,
    /// It cannot be told, and why.
    Unknown(String),
}

/// Signs a statement with the key in a file, or with the agent of its owner.
pub(crate) fn sign(statement: &str, key: &Path) -> Result<String, Failure> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("statement");
    std::fs::write(&path, statement)?;
    let mut command = Command::new("ssh-keygen");
    command.args(["-Y", "sign", "-q", "-n", NAMESPACE, "-f"]).arg(key).arg(&path);
    // Its question for the passphrase goes to the terminal of the person.
    let output = command.output().map_err(|error| missing(&error))?;
    let signature = std::fs::read_to_string(folder.path().join("statement.sig"));
    match signature {
        Ok(signature) if output.status.success() => Ok(signature),
        _ => Err(Failure::said(format!("`ssh-keygen` did not sign: {}", words(&output)))
            .hint("name the key with `--key`; `ssh-keygen -t ed25519` makes one")),
    }
}

/// Verifies a signature against the keys in the repository.
pub(crate) fn verify(statement: &str, signature: &str, root: &Path) -> Verified {
    match verified(statement, signature, root) {
        Ok(answer) => answer,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Verified::Unknown("`ssh-keygen` of OpenSSH is not installed".to_owned())
        }
        Err(error) => Verified::Unknown(format!("the signature cannot be verified: {error}")),
    }
}

fn verified(statement: &str, signature: &str, root: &Path) -> std::io::Result<Verified> {
    let keys = keys(root);
    if keys.is_empty() {
        return Ok(Verified::Unknown(format!("`{KEYS}` holds no public key of a person")));
    }
    let folder = tempfile::tempdir()?;
    let (signers, given) = (folder.path().join("signers"), folder.path().join("signature"));
    let lines: String = keys.iter().map(|key| format!("{SIGNER} {key}\n")).collect();
    std::fs::write(&signers, lines)?;
    std::fs::write(&given, signature)?;
    let mut command = Command::new("ssh-keygen");
    command.args(["-Y", "verify", "-n", NAMESPACE, "-I", SIGNER, "-f"]).arg(&signers);
    command.arg("-s").arg(&given).stdin(Stdio::piped());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(statement.as_bytes())?;
    }
    Ok(if child.wait()?.success() { Verified::Yes } else { Verified::No })
}

/// The public keys of people, type and key: the folder may hold keys of other kinds as well.
fn keys(root: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(root.join(KEYS)) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths.retain(|path| path.extension().is_some_and(|end| end == "pub"));
    let texts = paths.iter().take(KEYS_MAX).filter_map(|path| read_up_to(path, KEY_BYTES_MAX).ok());
    texts.filter_map(|bytes| key(&String::from_utf8_lossy(&bytes))).collect()
}

fn key(text: &str) -> Option<String> {
    let mut words = text.lines().next()?.split_whitespace();
    let (kind, key) = (words.next()?, words.next()?);
    let known = ["ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"].iter().any(|it| kind.starts_with(it));
    known.then(|| format!("{kind} {key}"))
}

/// The key with which git signs, where it signs with one of OpenSSH.
pub(crate) fn key_of_git(root: &Path) -> Option<PathBuf> {
    if git_config(root, "gpg.format")? != "ssh" {
        return None;
    }
    let key = git_config(root, "user.signingkey")?;
    let home = std::env::var("HOME").unwrap_or_default();
    let path = key.strip_prefix("~/").map_or(key.clone(), |rest| format!("{home}/{rest}"));
    // A key that stands there itself has no file.
    (!key.starts_with("key::") && !key.starts_with("ssh-")).then(|| PathBuf::from(path))
}

/// A value of git's configuration.
pub(crate) fn git_config(root: &Path, name: &str) -> Option<String> {
    let output = Command::new("git").current_dir(root).args(["config", "--get", name]).output();
    let text = String::from_utf8(output.ok()?.stdout).ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

fn missing(error: &std::io::Error) -> Failure {
    Failure::said(format!("`ssh-keygen` cannot be run: {error}"))
        .hint("install OpenSSH: `[approvals] strength = \"signed\"` rests on it")
}

fn words(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    if text.is_empty() { output.status.to_string() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keypair(folder: &Path, name: &str) -> (PathBuf, String) {
        let path = folder.join(name);
        let mut command = Command::new("ssh-keygen");
        command.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&path);
        assert!(command.status().unwrap().success());
        let public = std::fs::read_to_string(path.with_extension("pub")).unwrap();
        (path, public)
    }

    #[test]
    fn only_a_key_of_the_repository_signs_and_only_this_statement() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let (own, public) = keypair(root, "own");
        let (other, _) = keypair(root, "other");
        let signature = sign("statement", &own).unwrap();
        assert!(matches!(verify("statement", &signature, root), Verified::Unknown(_)));
        std::fs::create_dir_all(root.join(KEYS)).unwrap();
        std::fs::write(root.join(KEYS).join("own.pub"), public).unwrap();
        assert_eq!(verify("statement", &signature, root), Verified::Yes);
        assert_eq!(verify("other statement", &signature, root), Verified::No);
        assert_eq!(verify("statement", &sign("statement", &other).unwrap(), root), Verified::No);
        assert_eq!(verify("statement", "nothing", root), Verified::No);
    }

    #[test]
    fn keys_of_other_kinds_are_passed_over() {
        assert_eq!(key("ssh-ed25519 AAAA me@host\n").as_deref(), Some("ssh-ed25519 AAAA"));
        assert_eq!(key("ed25519 00ff\n"), None);
        assert_eq!(key("person ssh-ed25519 AAAA\n"), None);
        assert_eq!(key(""), None);
    }
}
