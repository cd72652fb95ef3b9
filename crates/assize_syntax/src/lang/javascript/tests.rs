//! Extraction from small texts.

use assize_model::{FileClass, LineIndex, RepoPath};

use crate::{FactKind, FileFacts, FileFlags, Flags, Parsed, Role, extract};

fn facts(path: &str, text: &str) -> FileFacts {
    let path = RepoPath::new(path).unwrap();
    extract(&path, FileClass::Production, text, &LineIndex::new(text))
}

/// The facts of a kind, each as `key|value|marks`.
fn list(found: &FileFacts, kind: FactKind, role: Role) -> Vec<String> {
    const MARKS: [(Flags, char); 7] = [
        (Flags::TYPE_ONLY, 't'),
        (Flags::OPTIONAL, 'o'),
        (Flags::REEXPORT, 'r'),
        (Flags::NESTED, 'n'),
        (Flags::DEFAULTED, 'd'),
        (Flags::PROBE, 'p'),
        (Flags::DYNAMIC, 'y'),
    ];
    found
        .facts
        .iter()
        .filter(|fact| fact.kind == kind && fact.role == role)
        .map(|fact| {
            let marks: String =
                MARKS.iter().filter(|(flag, _)| fact.flags.has(*flag)).map(|(_, c)| *c).collect();
            format!("{}|{}|{marks}", fact.key, fact.value)
        })
        .collect()
}

#[track_caller]
fn imports(text: &str, expected: &[&str]) {
    let found = facts("a.ts", text);
    assert_eq!(found.parsed, Parsed::Valid, "{:?}", found.errors);
    assert_eq!(list(&found, FactKind::Import, Role::Reference), expected, "{text}");
}

#[track_caller]
fn reads(text: &str, expected: &[&str]) {
    let found = facts("a.ts", text);
    assert_eq!(found.parsed, Parsed::Valid, "{:?}", found.errors);
    let mut list: Vec<String> = list(&found, FactKind::Env, Role::Reference)
        .iter()
        .map(|line| line.replacen("||", "|", 1))
        .collect();
    list.sort();
    assert_eq!(list, expected, "{text}");
}

#[track_caller]
fn defines(path: &str, text: &str, expected: &[&str]) {
    let found = facts(path, text);
    assert_eq!(found.parsed, Parsed::Valid, "{:?}", found.errors);
    assert_eq!(list(&found, FactKind::Env, Role::Definition), expected, "{text}");
}

/// The exported names, and `..` where they are not all known.
#[track_caller]
fn exports(path: &str, text: &str, expected: &[&str]) {
    let found = facts(path, text);
    assert_eq!(found.parsed, Parsed::Valid, "{:?}", found.errors);
    let mut names: Vec<String> = found
        .facts
        .iter()
        .filter(|fact| fact.kind == FactKind::Symbol)
        .map(|fact| fact.key.clone())
        .collect();
    if found.flags.has(FileFlags::OPEN_EXPORTS) {
        names.push("..".to_owned());
    }
    assert_eq!(names, expected, "{text}");
}

#[test]
fn one_import_per_name() {
    imports("import a, { b, c as d } from './m';", &["./m|default|", "./m|b|", "./m|c|"]);
    imports("import * as n from 'p';\nimport 'q';\nimport {} from 'r';", &["p|*|", "q||", "r||"]);
    imports(
        "import type { A } from './a';\nimport { type B, c } from './b';",
        &["./a|A|t", "./b|B|t", "./b|c|"],
    );
    imports("import x = require('m');", &["m||"]);
    imports(
        "export { a as b } from './m';\nexport * from './n';\nexport * as o from './o';",
        &["./m|a|r", "./n|*|r", "./o|*|"],
    );
    imports(
        "let t: import('./t').A.B; import('./u'); import(`./v`); import(w + 'x');",
        &["./t|A|tn", "./u||n", "./v||n"],
    );
}

#[test]
fn required_modules() {
    imports(
        "const a = require('a'); const { b, c: d } = require('./b');",
        &["a||", "./b|b|", "./b|c|"],
    );
    imports(
        "try { require('fsevents') } catch {} \nfunction f() { require('g') }",
        &["fsevents||o", "g||n"],
    );
    imports("require(name); require('a' + b); require.resolve('c'); jest.mock('./d');", &[]);
    imports("(function (require, module) { require('./inside-a-bundle') })()", &[]);
    imports("new URL('./x.wasm', import.meta.url)", &[]);
}

#[test]
fn exported_names() {
    exports(
        "a.ts",
        "export const { a, b: [c], ...d } = x; export function e() {}",
        &["a", "c", "d", "e"],
    );
    exports("a.ts", "export type T = 1; export interface I {} export enum E {}", &["T", "I", "E"]);
    exports(
        "a.ts",
        "export namespace N {} export default class {} export { x as y };",
        &["N", "default", "y"],
    );
    exports("a.ts", "export { default as z } from './z'; export * as w from './w'", &["z", "w"]);
    exports("a.ts", "const a = {}; export = a;", &["default", ".."]);
    exports("a.d.ts", "export declare const a: number;", &["a", ".."]);
    exports("a.ts", "let module = 1; f(module); export {};", &[]);
}

#[test]
fn exported_names_of_common_js() {
    exports(
        "a.js",
        "module.exports = { a, b: 1, 'c': 2, d() {} };",
        &["default", "a", "b", "c", "d"],
    );
    exports("a.js", "exports.a = 1; module.exports.b = 2; exports.a();", &["a", "default", "b"]);
    exports("a.js", "module.exports = { a, ...rest };", &["default", "a", ".."]);
    exports("a.js", "module.exports = require('./b');", &["default", ".."]);
    exports("a.js", "exports.a = 1; Object.assign(exports, more);", &["a", "default", ".."]);
    exports("a.js", "exports.a = 1; if (require.main === module) run();", &["a", "default"]);
    exports("a.js", "window.a = 1;", &[".."]);
}

#[test]
fn environment_reads() {
    reads(
        "f(process.env.A, process.env['B'], import.meta.env.C, Bun.env.D)",
        &["A|o", "B|o", "C|o", "D|o"],
    );
    reads(
        "Deno.env.get('A'); Deno.env.has('B'); process.env[name]; import.meta.env.DEV",
        &["A|o", "B|p"],
    );
    reads("const { A, B = '1', C: c } = process.env;", &["A|o", "B|d", "C|o"]);
    reads(
        "const env = process.env; f(env.A); import { env as e } from 'process'; f(e.B)",
        &["A|o", "B|o"],
    );
    reads("f(process.env.A!, process.env.B as string, `${process.env.C}`)", &["A|", "B|o", "C|o"]);
    reads("process.env.A.trim(); f(() => process.env.B[0])", &["A|", "B|n"]);
    reads("process.env.npm_package_name; process.env.hasOwnProperty('A')", &[]);
}

#[test]
fn reads_that_bear_absence() {
    reads("f(process.env.A || 'a', process.env.B ?? 'b')", &["A|d", "B|d"]);
    reads("f(Number(process.env.A) || 1, parseInt(process.env.B ?? '1', 10))", &["A|d", "B|d"]);
    reads("f(process.env.A || process.env.B)", &["A|d", "B|od"]);
    reads("f(process.env.A?.split(','))", &["A|d"]);
    reads(
        "f(process.env.A === '1'); f(!!process.env.B); f(typeof process.env.C)",
        &["A|p", "B|p", "C|p"],
    );
    reads("f(token === process.env.A)", &["A|o"]);
    reads("if (process.env.A) { f(process.env.A) }", &["A|dp", "A|od"]);
    reads("const a = process.env.A; if (!a) { log(); return } f(a)", &["A|d"]);
    reads("if ('A' in process.env) {}", &["A|p"]);
    reads(
        "envOr(process.env.A, 'x'); createClient(process.env.B, process.env.C)",
        &["A|d", "B|o", "C|o"],
    );
}

#[test]
fn a_guard_that_gives_up_leaves_the_read_required() {
    reads("if (!process.env.A) throw new Error('A'); f(process.env.A)", &["A|", "A|p"]);
    reads("const a = process.env.A; if (!a) { process.exit(1) } f(a)", &["A|"]);
    reads("if (a && !process.env.A) throw 1; f(process.env.A)", &["A|o", "A|op"]);
    reads("function g() { if (!process.env.A) throw 1; f(process.env.A) }", &["A|np", "A|on"]);
    reads("const a = process.env.A, b = process.env.B; if (!a || !b) throw 1;", &["A|", "B|"]);
}

#[test]
fn environment_definitions() {
    defines("a.ts", "process.env.A = '1'; process.env.B ??= 'x';", &["A|1|", "B|x|"]);
    defines(
        "a.ts",
        "z.object({ DATABASE_URL: z.string().url(), name: z.string() })",
        &["DATABASE_URL||"],
    );
    defines(
        "a.ts",
        "import { cleanEnv, str } from 'envalid'; cleanEnv(e, { A_B: str() })",
        &["A_B||"],
    );
    defines("a.ts", "interface ImportMetaEnv { readonly VITE_A: string }", &["VITE_A||"]);
    defines(
        "a.ts",
        "declare global { namespace NodeJS { interface ProcessEnv { A: string } } }",
        &["A||"],
    );
    defines("a.ts", "spawn('x', { env: { ...process.env, PORT: '1' } })", &["PORT|1|"]);
    defines("a.ts", "new DefinePlugin({ 'process.env.A': '1' })", &["A||"]);
}

#[test]
fn aliases_of_bundlers() {
    let of =
        |path: &str, text: &str| list(&facts(path, text), FactKind::ModuleAlias, Role::Definition);
    let text = "export default { resolve: { alias: { '@': path.resolve('src') } } }";
    assert_eq!(of("web/vite.config.ts", text), ["@||", "@/*||"]);
    assert_eq!(of("web/other.ts", text), [""; 0]);
    let text = "module.exports = { resolve: { modules: ['src', 'node_modules'] } }";
    assert_eq!(of("web/webpack.config.js", text), ["*|web/src/*|"]);
    let text = "module.exports = { moduleNameMapper: { '^~/(.*)$': '<rootDir>/src/$1' } }";
    assert_eq!(of("jest.config.js", text), ["~||", "~/*||"]);
    assert_eq!(of("a.d.ts", "declare module '*.svg' {}"), ["*.svg||"]);
}

#[test]
fn what_does_not_parse() {
    let found = facts("a.js", "function f( {\n");
    assert_eq!(found.parsed, Parsed::Invalid);
    assert!(found.facts.is_empty() && found.flags.has(FileFlags::OPEN_EXPORTS));
    assert_eq!(facts("a.js", "const a: number = 1;").parsed, Parsed::Invalid);
    assert_eq!(facts("a.ts", "const a = <div/>;").parsed, Parsed::Invalid);
    // What marks Flow elsewhere is everyday syntax in TypeScript.
    let cut = "import type { A } from './a';\nexport function f(a: A) {\n";
    assert_eq!(facts("a.ts", cut).parsed, Parsed::Invalid);
}

#[test]
fn what_parses_in_some_way() {
    for (path, text) in [
        ("a.js", "const a = <div style={{ color }}>don't</div>;"),
        ("a.js", "return;\n"),
        ("a.js", "const a = await import('b');"),
        ("a.js", "with (a) { b }"),
        ("a.cjs", "return; module.exports = 1"),
        ("a.mjs", "await f();"),
        ("a.js", "#!/usr/bin/env node\n<!-- old\nf();"),
        ("a.ts", "@Injectable() class A { constructor(private readonly b: B) {} }"),
        ("a.js", ""),
    ] {
        let found = facts(path, text);
        assert_eq!(found.parsed, Parsed::Valid, "{path} {text}: {:?}", found.errors);
    }
}

#[test]
fn what_is_another_language() {
    for (path, text) in [
        ("a.js", "// @flow\nfunction f(a: number): ?string {}"),
        ("a.js", "import type { A } from './a';\nfunction f(a: A) {}"),
        ("a.js", "var a = <%= JSON.stringify(b) %>;"),
        ("a.js", "var a = {{ value }};"),
        ("a.ts", "<?xml version=\"1.0\"?><TS/>"),
    ] {
        let found = facts(path, text);
        assert_eq!(found.parsed, Parsed::NotParsed, "{path} {text}");
        assert!(found.errors.is_empty() && found.flags.has(FileFlags::OPEN_EXPORTS));
    }
}

const BODY: &str = "(rows, limit) {
    // Sum up.
    const totals = new Map();
    for (const row of rows) {
        if (row.amount > limit) { throw new Error(`too much: ${row.amount}`); }
        totals.set(row.owner, (totals.get(row.owner) ?? 0) + row.amount);
    }
    return [...totals.entries()].sort((a, b) => b[1] - a[1]);
}";

fn bodies(text: &str) -> Vec<(String, String, String, u32)> {
    facts("a.js", text)
        .facts
        .into_iter()
        .filter(|fact| fact.kind == FactKind::Body)
        .map(|fact| (fact.key, fact.value, fact.item, fact.place.line))
        .collect()
}

#[test]
fn bodies_share_their_shape() {
    let plain = bodies(&format!("function first{BODY}"));
    assert_eq!(plain.len(), 1);
    let spaced = BODY.replace("// Sum up.", "/* other words */").replace("    ", "\t");
    let other = bodies(&format!("\n\nclass A {{ second{spaced} }}"));
    assert_eq!((&plain[0].0, &plain[0].1), (&other[0].0, &other[0].1));
    assert_eq!((other[0].2.as_str(), other[0].3), ("A.second", 3));
    let renamed = BODY.replace("totals", "sums").replace("too much", "over");
    let renamed = bodies(&format!("const third = function{renamed};"));
    assert_eq!(plain[0].0, renamed[0].0);
    assert_ne!(plain[0].1, renamed[0].1);
    assert_eq!(renamed[0].2, "third");
    let asks_others = bodies(&format!("function f{}", BODY.replace("row.owner", "row.other")));
    assert_ne!(plain[0].0, asks_others[0].0);
    let swapped = bodies(&format!("function f{}", BODY.replace("b[1] - a[1]", "a[1] - b[1]")));
    assert_ne!(plain[0].0, swapped[0].0);
}

#[test]
fn small_bodies_are_left_out() {
    assert!(bodies("function f(a) { return a + 1; }").is_empty());
}

/// Each of these nests with nearly every byte.
const DEEP: [(&str, &str, &str); 22] = [
    ("", "!", "a"),
    ("", "-+", "a"),
    ("", "typeof ", "a"),
    ("a", "+a", ""),
    ("a", "**a", ""),
    ("a", ".b", ""),
    ("a", "?.b", ""),
    ("a", "!", ""),
    ("a", "()", ""),
    ("a", "[0]", ""),
    ("a", "`b`", ""),
    ("", "a=>", "a"),
    ("", "a=", "a"),
    ("", "a?b:", "c"),
    ("", "if(a)", "b"),
    ("", "if(a)b;else ", "c"),
    ("", "a:", "for(;;);"),
    ("", "async a=>await ", "b"),
    ("let a: ", "A<", "b"),
    ("let a: b", "[]", ""),
    ("let a = b", " as c", ""),
    ("let a: ", "keyof ", "b"),
];

#[test]
fn chains_do_not_overflow_the_stack() {
    for count in [300, 3_000, 30_000] {
        for (start, link, end) in DEEP {
            let text = format!("{start}{}{end}", link.repeat(count));
            facts("a.ts", &text);
            let nested = format!("function f() {{ {text} }}");
            facts("b.ts", &nested);
        }
        facts("a.jsx", &format!("x = {}", "<a>".repeat(count)));
        let tags = format!("x = {}{}", "<a>".repeat(count), "</a>".repeat(count));
        facts("a.jsx", &tags);
    }
}
