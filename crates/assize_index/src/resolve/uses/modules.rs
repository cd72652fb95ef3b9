//! Go: a module is imported by its path and by those below it.

use std::collections::BTreeSet;

use assize_syntax::{FactKind, Language, Role};

use super::{Use, has_code, is_below};
use crate::View;
use crate::resolve::World;

/// Modules that code imports which generators write, mostly out of the repository.
const GENERATED: [&str; 9] = [
    "github.com/99designs/gqlgen",
    "github.com/gogo/",
    "github.com/golang/mock",
    "github.com/golang/protobuf",
    "github.com/grpc-ecosystem/",
    "github.com/envoyproxy/protoc-gen-validate",
    "github.com/stretchr/testify",
    "go.uber.org/mock",
    "google.golang.org/",
];

pub(super) fn of(path: &str, folder: &str, world: &World, view: &View<'_>) -> Use {
    let imported = view.find_key(FactKind::Import, Role::Reference, path, |import| {
        means(import.key, path) && is_below(import.file.path(), folder)
    });
    if imported {
        return Use::Imported;
    }
    let possible = GENERATED.iter().any(|one| path.starts_with(one))
        || world.named(view).is_named(&words(path), folder)
        || !has_code(&[Language::Go], folder, view);
    if possible { Use::Possible } else { Use::None }
}

/// Whether an import is of a package of the module.
pub(super) fn means(import: &str, path: &str) -> bool {
    import.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The words that may mean a module: its path, without the version and up to what most have.
pub(super) fn words(path: &str) -> BTreeSet<String> {
    let parts: Vec<&str> = path.split('/').take(3).collect();
    [path.to_owned(), parts.join("/")].into()
}
