//! Which calls are written down, by what they say.

use assize_model::{FileClass, LineIndex, RepoPath};

use crate::{FactKind, Flags, Role, extract};

/// The calls of a text as `key>what is said`, with `?` where more may be said.
fn calls(path: &str, class: FileClass, text: &str) -> Vec<String> {
    let path = RepoPath::new(path).unwrap();
    let facts = extract(&path, class, text, &LineIndex::new(text)).facts;
    let calls = facts.iter().filter(|fact| fact.kind == FactKind::Call);
    let shown = calls.map(|fact| {
        let open = if fact.flags.has(Flags::UNRESOLVED) { "?" } else { "" };
        let sets = if fact.role == Role::Definition { "=" } else { ">" };
        format!("{}{sets}{}{open}", fact.key, fact.value)
    });
    shown.collect()
}

#[track_caller]
fn check(path: &str, text: &str, expect: &[&str]) {
    assert_eq!(calls(path, FileClass::Production, text), expect, "{text}");
    assert!(calls(path, FileClass::Test, text).is_empty(), "{text}");
}

#[test]
fn go_calls() {
    let head = "package a\nimport (\n\t\"fmt\"\n\tweb \"net/http\"\n)\n";
    let go = |body: &str| format!("{head}func f() {{\n{body}\n}}\n");
    check("a.go", &go("web.Get(u)\nhttp.Get(u)\nstore.Get(u)"), &["go:net/http.Get>"]);
    check("a.go", &go("web.DefaultClient.Do(r)"), &["go:net/http.DefaultClient.Do>?"]);
    check("a.go", &go("c := web.Client{}\nc.Head(u)"), &["go:net/http.Client>"]);
    check("a.go", &go("return web.Client{Jar: j}"), &["go:net/http.Client>Jar?"]);
    check("a.go", &go("c := &web.Client{t, nil}\nc.Get(u)"), &["go:net/http.Client>?"]);
    check("a.go", &go("fmt.Println(1)\nfmt.Sprint(1)"), &["go:fmt.Println>"]);
    check("a.go", &go("for {\nif verbose {\nfmt.Println(1)\n}\n}"), &[]);
    let sets = calls("a.go", FileClass::Production, &go("web.DefaultClient.Timeout = t"));
    assert!(sets.contains(&"go:net/http.Get=Timeout".to_owned()), "{sets:?}");
}

#[test]
fn java_calls() {
    let head = "import java.net.http.*;\nimport java.net.URL;\nclass A { void f() {\n";
    let java = |body: &str| format!("{head}{body}\n}} }}\n");
    let key = "java:java.net.http.HttpRequest.newBuilder";
    check(
        "A.java",
        &java("HttpRequest.newBuilder(u).GET().build();"),
        &[&format!("{key}>GET build")],
    );
    check("A.java", &java("b = HttpRequest.newBuilder(u).GET();"), &[&format!("{key}>GET?")]);
    check("A.java", &java("use(HttpRequest.newBuilder(u));"), &[&format!("{key}>?")]);
    check("A.java", &java("url.openConnection();"), &["java:java.net.URL.openConnection>?"]);
    let cast = java("c = (HttpURLConnection) url.openConnection();");
    check("A.java", &cast, &["java:java.net.URL.openConnection>"]);
    check(
        "A.java",
        &java("System.out.println(1); System.err.println(1);"),
        &["java:System.out.println>"],
    );
    check("A.java", &java("new RestTemplate(); HttpClients.createDefault();"), &[]);
}

#[test]
fn rust_calls() {
    check("a.rs", "fn f() { reqwest::get(u); }", &["rs:reqwest.get>"]);
    check(
        "a.rs",
        "use reqwest::Client;\nfn f() { Client::builder().timeout(t).build()?; x.send() }",
        &["rs:reqwest.Client.builder>timeout build?"],
    );
    check("a.rs", "use reqwest::Client;\nfn f() { Client::new() }", &["rs:reqwest.Client.new>?"]);
    check("a.rs", "use reqwest::blocking::Client;\nfn f() { Client::new().send() }", &[]);
    // Once a name has two meanings, it has none.
    let one = "use reqwest::Client; Client::new().send()";
    let other = "use reqwest::blocking::Client; Client::new().send()";
    let both = |a, b| format!("fn f() {{ {a} }}\nfn g() {{ {b} }}");
    check("a.rs", &both(one, other), &["rs:reqwest.Client.new>send"]);
    check("a.rs", &both(other, one), &[]);
    check(
        "a.rs",
        "fn f() { println!(\"{}\", 1); eprintln!(); write!(f, \"\"); }",
        &["rs:println!>"],
    );
    check("a.rs", "#[cfg(all(test, feature = \"a\"))]\nmod tests { fn f() { println!(); } }", &[]);
    check("a.rs", "#[cfg(test)]\nmod tests { fn f() { println!(); reqwest::get(u); } }", &[]);
}

#[test]
fn csharp_calls() {
    let idle = "class A { HttpClient c = new() { Timeout = Timeout.InfiniteTimeSpan }; }";
    check("A.cs", idle, &[]);
    let stops = "class A { HttpClient c = new() { Timeout = Timeout.InfiniteTimeSpan };\n\
                 void F(CancellationToken stop) { c.GetAsync(u, stop); } }";
    check("A.cs", stops, &[]);
    let taken = "class A { HttpClient c = new() { Timeout = Timeout.InfiniteTimeSpan };\n\
                 void F() { c.GetAsync(u); } }";
    check("A.cs", taken, &["cs:System.Net.Http.HttpClient>Timeout=none"]);
    let own = "class A { Gate c = new() { Timeout = Timeout.InfiniteTimeSpan }; }";
    check("A.cs", own, &[]);
    let prints = "class A { void F() { Console.WriteLine(1); Console.Error.WriteLine(1); } }";
    check("A.cs", prints, &["cs:Console.WriteLine>"]);
}
