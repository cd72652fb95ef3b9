//! Look-ups in small trees.

use assize_model::{FileClass, LineIndex, RepoPath};
use assize_syntax::{FactKind, Role, extract};

use super::JavaScriptWorld;
use crate::resolve::Resolution;
use crate::{FileRecord, FileStamp, IndexedFile, Overlay, Snapshot, View};

fn indexed(path: &str, text: &str) -> IndexedFile {
    let path = RepoPath::new(path).unwrap();
    let found = extract(&path, FileClass::Production, text, &LineIndex::new(text));
    IndexedFile {
        record: FileRecord {
            path,
            class: FileClass::Production,
            dialect: found.dialect,
            parsed: found.parsed,
            flags: found.flags,
            stamp: FileStamp::default(),
            hash: [0; 16],
            problem: None,
        },
        facts: found.facts,
        findings: Vec::new(),
    }
}

/// What each import of the tree's first file means.
#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let mut overlay = Overlay::new();
    for (path, text) in files {
        overlay.put(indexed(path, text));
    }
    let snapshot = Snapshot::empty();
    let view = View::new(&snapshot, &overlay);
    let world = JavaScriptWorld::new(&view);
    let file = view.file(files[0].0).unwrap();
    let found: Vec<String> = file
        .facts_of(FactKind::Import, Role::Reference)
        .map(|import| match world.resolve(file, &import, &view) {
            Resolution::Local => "local".to_owned(),
            Resolution::External => "external".to_owned(),
            Resolution::Unresolved => "unresolved".to_owned(),
            Resolution::Undeclared { package, .. } => format!("undeclared {package}"),
            Resolution::NoModule { expected, nearest } => {
                format!("no module {expected} ({})", nearest.unwrap_or_default())
            }
            Resolution::NoSymbol { module, name, nearest } => {
                format!("no symbol {name} in {module} ({})", nearest.unwrap_or_default())
            }
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn relative_modules() {
    check(
        &[
            (
                "src/a.ts",
                "import './b'; import './c.js'; import './d'; import '../e.json'; import './f.vue';
                 import './g?raw'; import './h.css'; import './i'; import './j'; import '.';",
            ),
            ("src/b.tsx", ""),
            ("src/c.ts", ""),
            ("src/d/index.js", ""),
            ("e.json", "{}"),
            ("src/f.vue", ""),
            ("src/g.ts", ""),
            ("src/h.scss", ""),
            ("src/i.native.tsx", ""),
            ("src/j/package.json", "{}"),
            ("src/index.ts", ""),
        ],
        &["local"; 10],
    );
}

#[test]
fn missing_modules() {
    check(
        &[
            (
                "src/a.ts",
                "import './utlis'; import './gone/far'; import './Button';
                 import './x.test-only'; import '../../outside';",
            ),
            ("src/utils.ts", ""),
            ("src/ui/Button.tsx", ""),
            ("src/Button.module.css", ""),
        ],
        &[
            "no module src/utlis (src/utils.ts)",
            "no module src/gone/far ()",
            "no module src/Button (src/ui/Button.tsx)",
            "no module src/x.test-only ()",
            "unresolved",
        ],
    );
}

#[test]
fn modules_that_are_made() {
    check(
        &[
            (
                "web/src/a.ts",
                "import './generated/api'; import '../dist/x'; import './routeTree.gen';
                 import './x_pb'; import '../lib/cli'; import './lib/cli'; import '@prisma/client';",
            ),
            ("web/package.json", "{}"),
        ],
        &[
            "unresolved",
            "unresolved",
            "unresolved",
            "unresolved",
            "unresolved",
            "no module web/src/lib/cli ()",
            "undeclared @prisma/client",
        ],
    );
}

#[test]
fn packages() {
    check(
        &[
            (
                "web/src/a.ts",
                "import 'react/jsx-runtime'; import 'lodash'; import '@acme/ui/x'; import 'phantom';
                 import 'only-locked'; import type { A } from 'aws-lambda'; import 'node:fs';
                 import 'fs/promises'; import 'k6/http'; import 'virtual:x'; import '@scope/none/x';
                 import 'https://example.com/x.js'; import '@/x'; import 'services/x';
                 import 'elsewhere'; import type { B } from 'estree';",
            ),
            (
                "web/package.json",
                "{\"dependencies\":{\"react\":\"1\"},\"devDependencies\":{\"@types/aws-lambda\":\"1\"}}",
            ),
            ("package.json", "{\"dependencies\":{\"lodash\":\"4\"}}"),
            ("packages/ui/package.json", "{\"name\":\"@acme/ui\",\"dependencies\":{\"elsewhere\":\"1\"}}"),
            ("package-lock.json", "{\"packages\":{\"node_modules/only-locked\":{}}}"),
            ("web/src/services/x.ts", ""),
        ],
        &[
            "external",
            "external",
            "local",
            "undeclared phantom",
            "unresolved",
            "external",
            "external",
            "external",
            "external",
            "external",
            "undeclared @scope/none",
            "external",
            "unresolved",
            "unresolved",
            "unresolved",
            "unresolved",
        ],
    );
}

#[test]
fn without_a_manifest_nothing_is_known() {
    check(&[("a.js", "import 'x';"), ("b/package.json", "{}")], &["unresolved"]);
    check(&[("b/a.js", "import 'x';"), ("b/package.json", "{")], &["unresolved"]);
    check(
        &[("a.js", "try { require('x'); require('./y') } catch {}"), ("package.json", "{}")],
        &["unresolved", "unresolved"],
    );
}

#[test]
fn aliases() {
    check(
        &[
            (
                "web/src/a.ts",
                "import '@/b'; import '@/none'; import 'shared/c'; import '@acme/x'; import '#d';
                 import 'phantom'; import './e.svg'; import './f.md';",
            ),
            (
                "web/tsconfig.json",
                "{\"extends\":\"../tsconfig.base\",\"compilerOptions\":{\"baseUrl\":\"src\"}}",
            ),
            (
                "tsconfig.base.json",
                "{\"compilerOptions\":{\"paths\":{\"@/*\":[\"./web/src/*\"],\"@acme/*\":[\"packages/*\"]}}}",
            ),
            (
                "web/package.json",
                "{\"imports\":{\"#d\":\"./src/b.ts\"},\"dependencies\":{\"@acme/x\":\"1\"}}",
            ),
            ("web/src/b.ts", ""),
            ("web/src/shared/c.ts", ""),
            ("web/src/types.d.ts", "declare module '*.svg';"),
        ],
        &[
            "local",
            "no module web/src/none ()",
            "local",
            "external",
            "local",
            "undeclared phantom",
            "unresolved",
            "no module web/src/f.md ()",
        ],
    );
}

#[test]
fn aliases_that_are_computed_or_lie_elsewhere() {
    let manifest = ("package.json", "{}");
    check(
        &[
            ("src/a.ts", "import 'components/x'; import 'phantom';"),
            ("vite.config.ts", "export default { resolve: { alias: { components: f() } } }"),
            manifest,
        ],
        &["unresolved", "undeclared phantom"],
    );
    check(
        &[
            ("src/a.ts", "import '$lib/x'; import 'anything';"),
            ("tsconfig.json", "{\"extends\":\"./.svelte-kit/tsconfig.json\"}"),
            manifest,
        ],
        &["unresolved", "unresolved"],
    );
}

#[test]
fn symbols() {
    check(
        &[
            (
                "a.ts",
                "import d, { one, two, tow, three, four } from './m';
                 import * as all from './m'; import { any } from './open.js';
                 import { x } from './data.json'; import { y } from './broken';
                 import e from './none';",
            ),
            ("m.ts", "export const one = 1, two = 2; export * from './n'; export default one;"),
            ("n/index.ts", "export * from '../o';"),
            ("o.ts", "export type three = 3;"),
            ("open.js", "module.exports = f();"),
            ("data.json", "{}"),
            ("broken.ts", "export const ("),
            ("none.ts", "export const z = 1;"),
        ],
        &[
            "local",
            "local",
            "local",
            "no symbol tow in m.ts (two)",
            "local",
            "no symbol four in m.ts ()",
            "local",
            "local",
            "local",
            "local",
            "no symbol default in none.ts ()",
        ],
    );
}

#[test]
fn symbols_behind_what_cannot_be_followed() {
    check(
        &[
            (
                "a.ts",
                "import { x } from './m'; import { y } from './loop'; import { z } from './c';",
            ),
            ("m.ts", "export * from 'some-package';"),
            ("loop.ts", "export * from './pool';"),
            ("pool.ts", "export * from './loop';"),
            ("c.d.ts", "export declare const a: 1;"),
            ("c.js", "exports.a = 1;"),
        ],
        &["local", "no symbol y in loop.ts ()", "local"],
    );
}
