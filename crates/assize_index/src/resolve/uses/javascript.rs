//! JavaScript and TypeScript: a package is imported by its own name, by what lies below its
//! manifest.

use std::collections::BTreeSet;

use assize_syntax::{FactKind, Language, Role};

use super::{Use, has_code, is_below};
use crate::View;
use crate::resolve::World;

pub(super) const LANGUAGES: &[Language] = &[Language::JavaScript, Language::TypeScript];

/// Packages that others load when they are there, or that run by themselves: peers of frameworks,
/// drivers of databases, what compilers and bundlers put in. Sorted.
#[rustfmt::skip]
const UNSEEN: &[&str] = &[
    "@babel/runtime", "@babel/runtime-corejs3", "@emotion/react", "@emotion/styled",
    "@img/sharp-linux-x64", "@popperjs/core", "@prisma/client", "@prisma/engines", "@swc/helpers",
    "autoprefixer", "better-sqlite3", "bootstrap", "bufferutil", "chokidar", "concurrently",
    "core-js", "cross-env", "dd-trace", "dotenv", "dotenv-cli", "encoding", "eslint",
    "fabric-shim", "fsevents", "graphql", "http-server", "husky", "ioredis", "jiti", "jquery",
    "jsdom", "less", "lint-staged", "mongodb", "mysql", "mysql2", "newrelic", "next", "node-sass",
    "nodemon", "npm-run-all", "nyc", "oracledb", "patch-package", "pg", "pg-hstore", "pg-native",
    "pino-pretty", "pm2", "popper.js", "postcss", "prettier", "prisma", "pug", "react",
    "react-dom", "react-is", "react-native-web", "react-scripts", "react-test-renderer", "redis",
    "reflect-metadata", "regenerator-runtime", "rimraf", "rxjs", "sass", "scheduler", "serve",
    "sharp", "sqlite3", "styled-jsx", "stylus", "supports-color", "svelte", "tailwindcss",
    "tedious", "ts-node", "tslib", "tsx", "typescript", "utf-8-validate", "vite", "vue",
    "vue-template-compiler", "wait-on", "webpack", "ws", "zod", "zone.js",
];

/// Words of names that plug-ins, settings and their like bear, which tools find by themselves.
const TOOLS: [&str; 32] = [
    "adapter",
    "addon",
    "babel",
    "binding",
    "bindings",
    "builder",
    "cli",
    "config",
    "dialect",
    "driver",
    "eslint",
    "expo",
    "extension",
    "font",
    "fonts",
    "gulp",
    "jest",
    "loader",
    "native",
    "plugin",
    "plugins",
    "polyfill",
    "preset",
    "prettier",
    "provider",
    "rehype",
    "remark",
    "template",
    "theme",
    "transformer",
    "types",
    "webpack",
];

/// Scopes and beginnings of packages that a framework finds by their names.
const FAMILIES: [&str; 20] = [
    "@angular/",
    "@capacitor/",
    "@docusaurus/",
    "@expo/",
    "@fontsource",
    "@nuxt",
    "@react-native",
    "@rollup/",
    "@storybook/",
    "@sveltejs/",
    "@swc/",
    "@tailwindcss/",
    "@types/",
    "cordova-",
    "docusaurus-",
    "gatsby",
    "hexo-",
    "n8n-nodes-",
    "nuxt",
    "vuepress",
];

pub(super) fn of(name: &str, folder: &str, world: &World, view: &View<'_>) -> Use {
    let imported = view.find_key(FactKind::Import, Role::Reference, name, |import| {
        means(import.key, name)
            && is_below(import.file.path(), folder)
            && LANGUAGES.contains(&import.file.dialect().language())
    });
    if imported {
        return Use::Imported;
    }
    // What adds to a package has that one as its peer.
    let added = view.find_key(FactKind::Import, Role::Reference, name, |import| {
        adds_to(import.key, name) && is_below(import.file.path(), folder)
    });
    // A peer of something that is installed is there for it.
    let peer = || view.has(FactKind::Package, Role::Definition, &format!("peer:{name}"));
    let ours = || view.has(FactKind::Project, Role::Definition, &format!("npm:{name}"));
    let code = || has_code(LANGUAGES, folder, view);
    let possible = added
        || is_unseen(name)
        || peer()
        || ours()
        || world.named(view).is_named(&words(name), folder);
    if possible || !code() { Use::Possible } else { Use::None }
}

/// Whether an import means the package or a module of it.
fn means(import: &str, name: &str) -> bool {
    import.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

/// Whether an import says that the package may be used.
pub(super) fn may_mean(import: &str, name: &str) -> bool {
    means(import, name) || adds_to(import, name)
}

/// Whether an import is of a package that adds to this one.
fn adds_to(import: &str, name: &str) -> bool {
    import.strip_prefix(name).is_some_and(|rest| rest.starts_with('-'))
}

/// Whether packages of this name are used without being named.
fn is_unseen(name: &str) -> bool {
    UNSEEN.binary_search(&name).is_ok()
        || FAMILIES.iter().any(|family| name.starts_with(family))
        || name.split(['-', '/', '@', '.']).any(|word| TOOLS.binary_search(&word).is_ok())
}

/// The words that may mean a package: it, and the program that it most likely brings.
pub(super) fn words(name: &str) -> BTreeSet<String> {
    let last = name.rsplit('/').next().unwrap_or(name);
    [name, last].map(str::to_owned).into()
}

#[cfg(test)]
mod tests {
    use super::{TOOLS, UNSEEN, is_unseen, means};

    #[test]
    fn the_tables_are_sorted() {
        assert_eq!(UNSEEN.windows(2).find(|pair| pair[0] >= pair[1]), None);
        assert!(TOOLS.is_sorted());
    }

    #[test]
    fn names_of_tools() {
        for name in ["@types/node", "eslint-config-x", "@acme/theme", "css-loader", "react-dom"] {
            assert!(is_unseen(name), "{name}");
        }
        assert!(!is_unseen("left-pad") && !is_unseen("@acme/orders"));
    }

    #[test]
    fn imports_of_a_package() {
        assert!(means("left/pad", "left") && means("left", "left") && means("left?url", "left"));
        assert!(!means("left-pad", "left") && !means("./left", "left"));
    }
}
