//! Which handlers are written down, and what spares them.

use assize_model::{FileClass, LineIndex, RepoPath};

use crate::{FactKind, Flags, extract};

/// The handlers of a text as `caught>does`, with `said` and `harmless` behind.
fn handlers(path: &str, text: &str) -> Vec<String> {
    let path = RepoPath::new(path).unwrap();
    let facts = extract(&path, FileClass::Production, text, &LineIndex::new(text)).facts;
    let found = facts.iter().filter(|fact| fact.kind == FactKind::Catch).map(|fact| {
        let said = if fact.flags.has(Flags::MENTIONED) { " said" } else { "" };
        let harmless = if fact.flags.has(Flags::OPTIONAL) { " harmless" } else { "" };
        format!("{}>{}{said}{harmless}", fact.key, fact.value)
    });
    found.collect()
}

#[track_caller]
fn check(path: &str, text: &str, expect: &[&str]) {
    assert_eq!(handlers(path, text), expect, "{text}");
}

#[test]
fn java_handlers() {
    let java = |tried: &str, handler: &str| {
        format!("class A {{ int f() {{ try {{ {tried} }} {handler}\n }} }}")
    };
    let check = |tried: &str, handler: &str, expect: &[&str]| {
        check("A.java", &java(tried, handler), expect);
    };
    check("a.b();", "catch (Exception e) {}", &["Exception>nothing"]);
    check(
        "a.b();",
        "catch (final java.io.IOException | Throwable e) { ; }",
        &["IOException|Throwable>nothing"],
    );
    check("a.b();", "catch (Exception e) { return Optional.empty(); }", &["Exception>default"]);
    check("a.b();", "catch (Exception e) { return -1; }", &[]);
    check("a.b();", "catch (Exception e) { e.printStackTrace(); }", &["Exception>printed"]);
    check("a.b();", "catch (Exception e) { cause.printStackTrace(); }", &[]);
    check("a.b();", "catch (Exception e) { log(e); }", &[]);
    check("a.b();", "catch (Exception e) { /* so be it */ }", &["Exception>nothing said"]);
    check("a.b();", "catch (Exception ignored) {}", &["Exception>nothing said"]);
    check("a.close();", "catch (Exception e) {}", &["Exception>nothing harmless"]);
    check("x = Integer.parseInt(a);", "catch (Exception e) {}", &["Exception>nothing harmless"]);
    check(
        "String s = a.b(); x = Integer.parseInt(s);",
        "catch (Exception e) {}",
        &["Exception>nothing harmless"],
    );
    check("a.b(); a.close();", "catch (Exception e) {}", &["Exception>nothing"]);
    check("int x = a.b();", "catch (Exception e) {}", &["Exception>nothing"]);
    check("if (a) { return 1; }", "catch (Exception e) {}", &["Exception>nothing harmless"]);
    check(
        "x = a.b();",
        "catch (Exception e) {} if (x == null) { c(); }",
        &["Exception>nothing harmless"],
    );
    check(
        "if (a) { x = b(); }",
        "catch (Exception e) {} if (x==null ) { c(); }",
        &["Exception>nothing harmless"],
    );
    check("x = a.b();", "catch (Exception e) {} if (y == null) { c(); }", &["Exception>nothing"]);
}

#[test]
fn csharp_handlers() {
    let check = |tried: &str, handler: &str, expect: &[&str]| {
        let text = format!("class A {{ int F() {{ try {{ {tried} }} {handler}\n return 1; }} }}");
        check("A.cs", &text, expect);
    };
    check("a.B();", "catch { }", &["*>nothing"]);
    check("a.B();", "catch (System.Exception) { }", &["Exception>nothing"]);
    check("a.B();", "catch (Exception e) when (e.Known) { }", &["?>nothing"]);
    check("a.B();", "catch { return default; }", &["*>default"]);
    check("await a.CloseAsync();", "catch { }", &["*>nothing harmless"]);
    check("a?.Dispose();", "catch { }", &["*>nothing harmless"]);
    check("await a.StopAsync().ConfigureAwait(false);", "catch { }", &["*>nothing harmless"]);
    check("await a.B().ConfigureAwait(false);", "catch { }", &["*>nothing"]);
    check("x = a.B();", "catch { } x ??= c;", &["*>nothing harmless"]);
    check("// This can go wrong.\n a.B();", "catch { }", &["*>nothing said"]);
    check("var x = a.B();", "catch { }", &["*>nothing"]);
    check("all.Add(Point.Parse(text));", "catch { }", &["*>nothing harmless"]);
    check("all.Add(Point.Parse(text)); a.B();", "catch { }", &["*>nothing"]);
}

#[test]
fn go_handlers() {
    let check = |body: &str, expect: &[&str]| {
        check("a.go", &format!("package a\nfunc f() {{\n{body}\n}}\n"), expect);
    };
    check("if err := a.B(); err != nil {\n}", &["*>nothing"]);
    check("err := a.B()\nif err != nil {\n}", &["*>nothing"]);
    check("if err := a.Close(); err != nil {\n}", &["*>nothing harmless"]);
    check("if found != nil {\n}", &[]);
    check("if err == nil {\n}", &[]);
    check("if err != nil {\n\t// so be it\n}", &["*>nothing said"]);
    check("if err != nil {\n} else {\n\tb()\n}", &[]);
    check("defer func() { recover() }()", &["panic>nothing"]);
    check("defer func() {\n\t_ = recover() // so be it\n}()", &["panic>nothing said"]);
    check("cause := recover()\nb(cause)", &[]);
    check("defer func() { recover() }()\nchannel <- 1", &["panic>nothing harmless"]);
    check("defer func() {\n\tif r := recover(); r != nil {\n\t}\n}()", &["panic>nothing"]);
}

#[test]
fn rust_handlers() {
    let check = |matched: &str, arms: &str, expect: &[&str]| {
        check("a.rs", &format!("fn f() {{ match {matched} {{ {arms} }} }}\n"), expect);
    };
    check("a.b()", "Ok(x) => c(x), Err(_) => {}", &["*>nothing"]);
    check("a.b()", "Err(..) => (), Ok(x) => c(x)", &["*>nothing"]);
    check("a.b()", "Ok(x) => c(x), Err(_cause) => {}", &["*>nothing"]);
    check("a.b()", "Ok(x) => c(x), Err(cause) => {}", &[]);
    check("a.b()", "Ok(x) => c(x), Err(_) if a => {}", &[]);
    check("a.b()", "Ok(x) => c(x), Err(_) => {}\n// so be it\n", &["*>nothing said"]);
    check("a.b()", "Ok(x) => { return x; } Err(_) => {}", &["*>nothing harmless"]);
    check("a.b()", "Ok(x) => c(x), Err(E::A) => c(1), Err(_) => {}", &["*>nothing harmless"]);
    check("text.parse::<u8>()", "Ok(x) => c(x), Err(_) => {}", &["*>nothing harmless"]);
    check("a.close().await", "Ok(x) => c(x), Err(_) => {}", &["*>nothing harmless"]);
}
