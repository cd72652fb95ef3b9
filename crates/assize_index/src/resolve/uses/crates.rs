//! Rust: a crate is named at the beginning of a path, in an import or without one.

use std::collections::BTreeSet;

use assize_syntax::{FactKind, Flags, Language, Role};

use super::{Use, has_code};
use crate::resolve::World;
use crate::{FactRef, View};

/// Crates that generated code and the features of others need.
const UNSEEN: [&str; 18] = [
    "bytes",
    "capnp",
    "cc",
    "flatbuffers",
    "getrandom",
    "http",
    "openssl",
    "pbjson",
    "prost",
    "prost-types",
    "protobuf",
    "rand-core",
    "ring",
    "serde-derive",
    "tonic",
    "wasm-bindgen",
    "web-sys",
    "winapi",
];

pub(super) fn of(name: &str, declared: &FactRef<'_>, world: &World, view: &View<'_>) -> Use {
    let folder = declared.file.folder();
    let beside = || declared.file.facts_of(FactKind::Package, Role::Definition);
    // The code knows it by another name.
    let renamed = beside().any(|one| one.flags.has(Flags::MENTIONED) && one.value == name);
    let bound = name.ends_with("-sys") || name.ends_with("_sys") || name.ends_with("-src");
    let unseen = UNSEEN.contains(&name.replace('_', "-").as_str()) || bound;
    let ours = || view.has(FactKind::Project, Role::Definition, declared.key);
    let rust = &[Language::Rust];
    let possible = renamed || unseen || world.named(view).is_named(&words(name), folder) || ours();
    if possible || !has_code(rust, folder, view) { Use::Possible } else { Use::None }
}

/// The name, and those that its library may have in code: `tokio_wasi` is `tokio`, `md-5` is `md5`.
pub(super) fn words(name: &str) -> BTreeSet<String> {
    const BEHIND: [&str; 8] = ["async", "fork", "next", "ng", "rs", "rust", "sdk", "wasi"];
    let name = name.replace('_', "-");
    let mut words = BTreeSet::from([name.replace('-', "")]);
    if let Some((before, last)) = name.rsplit_once('-')
        && BEHIND.contains(&last)
    {
        words.insert(before.to_owned());
    }
    words.extend(
        ["rust-", "rs-"].iter().filter_map(|start| name.strip_prefix(start)).map(str::to_owned),
    );
    words.insert(name);
    words
}
