//! What each language yields, and what no text may do to the walk.

use assize_model::{FileClass, LineIndex, RepoPath};

use crate::{FactKind, FileFacts, Flags, Parsed, Role, extract};

fn facts(path: &str, text: &str) -> FileFacts {
    let path = RepoPath::new(path).unwrap();
    extract(&path, FileClass::Production, text, &LineIndex::new(text))
}

fn keys(path: &str, text: &str, kind: FactKind, role: Role) -> Vec<String> {
    let found = facts(path, text).facts.into_iter();
    let chosen = found.filter(|fact| fact.kind == kind && fact.role == role);
    chosen.filter(|fact| !fact.flags.has(Flags::MENTIONED)).map(|fact| fact.key).collect()
}

/// Imports as `key>value`.
fn imports(path: &str, text: &str) -> Vec<String> {
    let mut found: Vec<String> = facts(path, text)
        .facts
        .into_iter()
        .filter(|fact| fact.kind == FactKind::Import)
        .map(|fact| format!("{}>{}", fact.key, fact.value))
        .collect();
    found.sort();
    found
}

/// Reads of the environment, each with how the code bears that the variable is not set.
fn reads(path: &str, text: &str) -> Vec<(String, &'static str)> {
    let found = facts(path, text).facts.into_iter();
    let reads = found.filter(|f| f.kind == FactKind::Env && f.role == Role::Reference);
    let how = |flags: Flags| {
        if flags.has(Flags::DEFAULTED) {
            "default"
        } else if flags.has(Flags::PROBE) {
            "probe"
        } else if flags.has(Flags::OPTIONAL) {
            "nullable"
        } else {
            "required"
        }
    };
    reads.map(|fact| (fact.key, how(fact.flags))).collect()
}

fn owned(pairs: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    pairs.iter().map(|(name, how)| ((*name).to_owned(), *how)).collect()
}

#[test]
fn go_imports_and_symbols() {
    let text = "package a\n\nimport \"fmt\"\nimport (\n\tx \"a.org/b/c\"\n\t. `d`\n)\n\n\
                type Store struct{}\ntype (\n\tA = int\n\tB int\n)\nconst C, D = 1, 2\nvar e = 3\n\
                func F() { type inner int; var g = 1; _ = g }\nfunc (s *Store) M() {}\nfunc init() {}\n";
    assert_eq!(imports("a.go", text), ["a.org/b/c>", "d>", "fmt>"]);
    let found = keys("a.go", text, FactKind::Symbol, Role::Definition);
    assert_eq!(found, ["Store", "A", "B", "C", "D", "e", "F"]);
}

#[test]
fn go_environment() {
    let text = "package a\n\nconst key = \"E_ENV\"\n\nfunc f() {\n\tport := os.Getenv(\"A\")\n\
                \tb := os.Getenv(\"B\")\n\tif b == \"\" {\n\t\tb = \"x\"\n\t}\n\
                \tc := os.Getenv(\"C\")\n\tif c == \"\" {\n\t\tlog.Fatal(\"no C\")\n\t}\n\
                \t_, ok := os.LookupEnv(\"D\")\n\te := os.Getenv(key)\n\tg := getEnv(\"G_H\", \"x\")\n\
                \tif os.Getenv(\"H\") != \"\" {\n\t}\n\tmustGetenv(\"I\")\n\tgetenv(\"lower\", \"\")\n\
                \tos.Getenv(other)\n\tos.Setenv(\"J\", \"1\")\n}\n";
    assert_eq!(
        reads("a.go", text),
        owned(&[
            ("A", "nullable"),
            ("B", "probe"),
            ("C", "required"),
            ("D", "probe"),
            ("E_ENV", "nullable"),
            ("G_H", "default"),
            ("H", "probe"),
            ("I", "required"),
        ])
    );
    assert_eq!(keys("a.go", text, FactKind::Env, Role::Definition), ["J"]);
    let tags = "package a\n\ntype C struct {\n\tPort int `json:\"port\" env:\"PORT,required\"`\n\
                \tHost string `envconfig:\"HOST\" default:\"x\"`\n\tX int `myenv:\"NO\"`\n}\n";
    assert_eq!(keys("a.go", tags, FactKind::Env, Role::Definition), ["PORT", "HOST"]);
}

#[test]
fn java_facts() {
    let text = "package a;\nimport java.util.List;\nimport java.io.*;\nimport static a.B.c;\n\
                public class Shop {\n  static final String KEY = \"D_E\";\n  class Inner {}\n\
                  void f() {\n    String a = System.getenv(\"A\");\n    if (a == null) {\n      \
                      throw new E();\n    }\n    String b = System.getenv(\"B\");\n    \
                    if (b != null) {}\n    Objects.requireNonNull(System.getenv(\"C\"));\n    \
                    g(System.getenv(KEY));\n    System.getenv().getOrDefault(\"F\", \"x\");\n  }\n}\n\
                interface Other {}\n";
    assert_eq!(imports("a.java", text), ["a.B>c", "java.io>*", "java.util>List"]);
    assert_eq!(keys("a.java", text, FactKind::Symbol, Role::Definition), ["Shop", "Other"]);
    assert_eq!(
        reads("a.java", text),
        owned(&[
            ("A", "required"),
            ("B", "probe"),
            ("C", "required"),
            ("D_E", "nullable"),
            ("F", "default"),
        ])
    );
}

#[test]
fn rust_facts() {
    let text = "use std::{env, fmt::{self, Debug}};\npub use a::b as c;\nuse crate::d::*;\nmod e;\n\
                mod f { fn g() {} }\npub struct S;\nconst KEY: &str = \"D_E\";\nimpl S { fn m() {} }\n\
                fn h() -> R {\n    env::var(\"A\").unwrap();\n    \
                    std::env::var(\"B\").unwrap_or_default();\n    let c = env::var(\"C\")?;\n    \
                    if let Ok(d) = env::var(KEY) {}\n    env::var(\"F\").ok();\n    \
                    let g = env!(\"G\"); let v = env!(\"CARGO_PKG_VERSION\");\n}\n";
    assert_eq!(
        imports("a.rs", text),
        ["a>b", "crate::d>*", "std::fmt>Debug", "std>env", "std>fmt"]
    );
    let found = keys("a.rs", text, FactKind::Symbol, Role::Definition);
    assert_eq!(found, ["e", "f", "S", "KEY", "h"]);
    assert_eq!(
        reads("a.rs", text),
        owned(&[
            ("A", "required"),
            ("B", "default"),
            ("C", "required"),
            ("D_E", "probe"),
            ("F", "nullable"),
        ])
    );
    let clap = "#[derive(Parser)]\nstruct A { #[arg(long, env = \"SHOP_URL\")] url: String }\n";
    assert_eq!(keys("a.rs", clap, FactKind::Env, Role::Definition), ["SHOP_URL"]);
}

#[test]
fn tests_inside_a_rust_file_are_none_of_the_products() {
    let work = "    let a = env::var(\"A\").unwrap();\n    if a > b { c(a, b + 1); }\n".repeat(6);
    let inside = format!("#[cfg(test)]\nmod tests {{\n#[test]\nfn f() {{\n{work}}}\n}}\n");
    let found = facts("src/a.rs", &inside).facts;
    assert!(!found.iter().any(|fact| matches!(fact.kind, FactKind::Body | FactKind::Env)));
    let outside = inside.replace("#[cfg(test)]", "");
    let found = facts("src/a.rs", &outside).facts;
    assert!(found.iter().any(|fact| fact.kind == FactKind::Body));
}

#[test]
fn csharp_facts() {
    let text = "using System;\nusing static A.B;\nusing X = C.D;\nnamespace Shop;\n\
                public class Order {\n  const string Key = \"E_F\";\n  void M() {\n    \
                var a = Environment.GetEnvironmentVariable(\"A\");\n    \
                var b = Environment.GetEnvironmentVariable(\"B\") ?? \"x\";\n    \
                var c = Environment.GetEnvironmentVariable(\"C\") ?? throw new E();\n    \
                if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(\"D\"))) {}\n    \
                var e = Environment.GetEnvironmentVariable(Key);\n  }\n}\nrecord Line(int N);\n";
    assert_eq!(imports("a.cs", text), ["A>B", "C>D", "System>"]);
    let symbols = keys("a.cs", text, FactKind::Symbol, Role::Definition);
    assert_eq!(symbols, ["namespace:Shop", "Order", "Line"]);
    let nested = "namespace A.B { namespace C { class D {} } }\n";
    let symbols = keys("a.cs", nested, FactKind::Symbol, Role::Definition);
    assert_eq!(symbols, ["namespace:A.B", "namespace:A.B.C", "D"]);
    assert_eq!(
        reads("a.cs", text),
        owned(&[
            ("A", "nullable"),
            ("B", "default"),
            ("C", "required"),
            ("D", "probe"),
            ("E_F", "nullable"),
        ])
    );
}

#[test]
fn bodies_fold_names_but_not_structure() {
    let cases = [
        ("a.go", "package a\nfunc f(NAME int) {\n", "NAME = NAME OP g(NAME, 1)\n", "}\n"),
        ("a.java", "class A { void f(int NAME) {\n", "NAME = NAME OP g(NAME, 1);\n", "} }\n"),
        ("a.rs", "fn f(NAME: i32) {\n", "NAME = NAME OP g(NAME, 1);\n", "}\n"),
        ("a.cs", "class A { void F(int NAME) {\n", "NAME = NAME OP G(NAME, 1);\n", "} }\n"),
    ];
    for (path, start, line, end) in cases {
        let hash = |name: &str, op: &str| {
            let text = format!("{start}{}{end}", line.repeat(8));
            let found = facts(path, &text.replace("NAME", name).replace("OP", op));
            assert_eq!(found.parsed, Parsed::Valid, "{path}");
            let body = found.facts.into_iter().find(|fact| fact.kind == FactKind::Body).unwrap();
            (body.key, body.value, body.item)
        };
        let (one, renamed, other) = (hash("a", "+"), hash("total", "+"), hash("a", "-"));
        assert_eq!(one.0, renamed.0, "{path}");
        assert_ne!(one.1, renamed.1, "{path}");
        assert_ne!(one.0, other.0, "{path}");
        assert!(one.2.to_ascii_lowercase().ends_with('f'), "{path}: {}", one.2);
    }
}

#[test]
fn what_compilers_refuse_is_invalid() {
    let refused = [
        ("a.go", "package a\nfunc f( {\n}\n"),
        ("a.go", "package a\nfunc f() {\n\tif x {\n}\n"),
        ("A.java", "class A { void f( { } }\n"),
        ("A.java", "class A { void f() { g() }\n"),
        ("a.rs", "fn f( { }\n"),
        ("a.cs", "class A { void F() { if (x) { } }\n"),
        ("a.go", "package a\nvar a = \"open\nvar b = 1\n"),
        ("a.go", "package a\nfunc f() {}\n/* open\n"),
        ("a.go", "package a\nfunc f() { x := new(1)\n"),
        ("A.java", "class A { String a = \"open;\n int b; }\n"),
        ("A.java", "class A { void f() { g(a]; } }\n"),
        ("a.rs", "fn f() { let a = \"open; }\n"),
        ("a.rs", "fn f() {} /* open\n"),
        ("a.rs", "extern \"C\" {\n    pub type X;\n"),
    ];
    for (path, text) in refused {
        let found = facts(path, text);
        assert_eq!((found.parsed, found.errors.len()), (Parsed::Invalid, 1), "{path}: {text}");
    }
}

#[test]
fn where_brackets_pair_up_the_notation_may_be_new() {
    let unknown = [
        ("a.go", "package a\nfunc f() { x := }\n"),
        ("A.java", "class A { int x = ; }\n"),
        ("a.rs", "enum E { A, B C }\n"),
        ("a.rs", "fn f() { let x = ; let y = ('(', \"{\"); }\n"),
    ];
    for (path, text) in unknown {
        let found = facts(path, text);
        assert_eq!(found.parsed, Parsed::NotParsed, "{path}: {text}");
        let codes: Vec<_> = found.errors.iter().map(|error| error.code).collect();
        assert_eq!(codes, [crate::NOTATION], "{path}: {text}");
    }
}

#[test]
fn what_only_the_grammar_refuses_is_not_judged() {
    let unknown = [
        ("a.go", "package a\n\nvar x = new(int64(1))\n\nfunc F() {}\n"),
        ("a.rs", "extern \"C\" {\n    pub type Modal;\n}\n"),
        ("a.rs", "fn f() -> (\n    impl A + for<'a> B<'a> + Send,\n    u8,\n) {\n    g()\n}\n"),
        ("a.rs", "fn f(\n    #[future(awt)]\n    #[from(db)]\n    db: Db,\n) {\n}\n"),
        ("a.go", "package a\nfunc f() {\n\tg(new(\"Name (\"), nil, new([]string{\"s\"}))\n}\n"),
        ("a.cs", "class A { void M() { d[k] = [type]; } }\n"),
        ("a.cs", "class A {\n#if X\n  void M() {\n#else\n  void N() {\n#endif\n  }\n}\n"),
    ];
    for (path, text) in unknown {
        let found = facts(path, text);
        assert_ne!(found.parsed, Parsed::Invalid, "{path}: {text}");
        assert_eq!(found.errors, [], "{path}: {text}");
    }
}

#[test]
fn texts_that_nest_without_end_are_borne() {
    let nested = [
        ("a.go", "package a\nvar x = ", "a + ", "a\n"),
        ("a.go", "package a\nvar x = ", "-", "1\n"),
        ("a.java", "class A { int x = ", "a + ", "a; }\n"),
        ("a.java", "class A { boolean x = ", "!", "a; }\n"),
        ("a.rs", "fn f() { let x = ", "a + ", "a; }\n"),
        ("a.rs", "fn f() { ", "if a {} else ", "{} }\n"),
        ("a.cs", "class A { int x = ", "a + ", "a; }\n"),
        ("a.cs", "class A { object x = ", "a.b", "; }\n"),
        ("a.go", "", "a<({[", ""),
        ("a.java", "", "a<b<(", ""),
        ("a.rs", "", "a<b::<", ""),
        ("a.cs", "", "a<b<", ""),
        ("a.cs", "", "a<b<c;", ""),
    ];
    for (path, start, link, end) in nested {
        facts(path, &format!("{start}{}{end}", link.repeat(20_000)));
    }
}
