//! Extraction from small texts.

use assize_model::{FileClass, LineIndex, RepoPath};

use crate::{FactKind, FileFacts, FileFlags, Flags, Parsed, extract};

fn facts(path: &str, text: &str) -> FileFacts {
    let path = RepoPath::new(path).unwrap();
    extract(&path, FileClass::Production, text, &LineIndex::new(text))
}

/// The facts of a kind, each as `key|value|item|marks`.
#[track_caller]
fn check(path: &str, text: &str, kind: FactKind, expected: &[&str]) {
    const MARKS: [(Flags, char); 5] = [
        (Flags::DEV, 'd'),
        (Flags::OPTIONAL, 'o'),
        (Flags::LOCKED, 'l'),
        (Flags::IN_MCP, 'm'),
        (Flags::UNRESOLVED, 'u'),
    ];
    let found = facts(path, text);
    assert_eq!(found.parsed, Parsed::Valid, "{:?}", found.errors);
    let list: Vec<String> = found
        .facts
        .iter()
        .filter(|fact| fact.kind == kind && !fact.flags.has(Flags::MENTIONED))
        .map(|fact| {
            let marks: String =
                MARKS.iter().filter(|(flag, _)| fact.flags.has(*flag)).map(|(_, c)| *c).collect();
            format!("{}|{}|{}|{marks}", fact.key, fact.value, fact.item)
        })
        .collect();
    assert_eq!(list, expected);
}

#[test]
fn manifests() {
    let text = r##"{
        "name": "@acme/web",
        "scripts": { "build": "vite build", "lint:fix": "eslint" },
        "dependencies": { "react": "^18" },
        "devDependencies": { "vite": "5" },
        "peerDependencies": { "a": "*", "b": "*" },
        "peerDependenciesMeta": { "b": { "optional": true } },
        "optionalDependencies": { "fsevents": "2" },
        "imports": { "#db": { "types": "./db.d.ts" }, "#x/*": "./src/*.js" }
    }"##;
    check("web/package.json", text, FactKind::Project, &["npm:@acme/web|web||"]);
    check("web/package.json", text, FactKind::Target, &["npm:build|web||", "npm:lint:fix|web||"]);
    check(
        "web/package.json",
        text,
        FactKind::Package,
        &[
            "npm:react|^18|dependencies|",
            "npm:vite|5|devDependencies|d",
            "npm:a|*|peerDependencies|",
            "npm:b|*|peerDependencies|o",
            "npm:fsevents|2|optionalDependencies|o",
        ],
    );
    check(
        "web/package.json",
        text,
        FactKind::ModuleAlias,
        &["#db|web/db.d.ts|web|", "#x/*|web/src/*.js|web|"],
    );
}

#[test]
fn compiler_settings() {
    let text = r#"{
        // shared
        "extends": "../tsconfig.base.json",
        "compilerOptions": { "baseUrl": "src", "paths": { "@/*": ["./*", "../gen/*"] }, },
    }"#;
    check(
        "web/tsconfig.json",
        text,
        FactKind::ModuleAlias,
        &[
            "extends|tsconfig.base.json|web|",
            "*|web/src/*|web|",
            "@/*|web/gen/*|web|",
            "@/*|web/src/*|web|",
        ],
    );
    let text = r#"{ "extends": ["@tsconfig/node20/tsconfig.json", "./a"] }"#;
    check(
        "tsconfig.json",
        text,
        FactKind::ModuleAlias,
        &["extends|@tsconfig/node20/tsconfig.json||", "extends|a||"],
    );
}

#[test]
fn locks() {
    let text = r#"{ "packages": { "": {}, "node_modules/a": { "version": "1" },
        "node_modules/a/node_modules/@x/b": { "version": "2" }, "packages/own": {} } }"#;
    check("package-lock.json", text, FactKind::Package, &["npm:a|1|lock|l", "npm:@x/b|2|lock|l"]);
    let text = r#"{ "dependencies": { "a": { "version": "1", "dependencies": { "b": {} } } } }"#;
    check("npm-shrinkwrap.json", text, FactKind::Package, &["npm:a|1|lock|l", "npm:b||lock|l"]);
    let text = r#"{ "default": { "Foo_Bar": { "version": "==1" } }, "develop": { "x": {} } }"#;
    check(
        "Pipfile.lock",
        text,
        FactKind::Package,
        &["py:foo-bar|==1|default|l", "py:x||develop|dl"],
    );
}

#[test]
fn servers_to_lock_stand_in_files_that_clients_read() {
    let text = r#"{ "mcpServers": { "one": { "command": "a", "env": { "KEY": "v" } } } }"#;
    let one = r#"one|{"type":"stdio","command":"a","env":["KEY"]}||"#;
    check(".mcp.json", text, FactKind::McpLock, &[one]);
    check("docs/mcp.json", text, FactKind::McpLock, &[]);
    let text = r#"{ "tab": 2, "mcp": { "servers": { "one": { "url": "https://u:p@h/m" } } } }"#;
    let one = r#"one|{"type":"http","url":"https://h/m"}||"#;
    check(".vscode/settings.json", text, FactKind::McpLock, &[one]);
}

#[test]
fn servers() {
    let text = r#"{ "mcpServers": {
        "one": { "command": "./scripts/one.sh", "args": ["--port", "1"], "env": { "KEY": "v" } },
        "two": { "command": "npx", "args": ["-y", "@scope/server", "tools/two.js"] },
        "three": { "command": "docker", "args": ["run", "mcp/three", "server.py"] },
        "four": { "command": "/opt/four/run.sh", "args": ["${HOME}/x.py", "dist/four.js"] },
        "five": { "url": "https://example.com/mcp" },
        "six": { "note": "nothing to start" }
    } }"#;
    check(
        ".mcp.json",
        text,
        FactKind::McpServer,
        &[
            "one|./scripts/one.sh --port 1||",
            "two|npx -y @scope/server tools/two.js||",
            "three|docker run mcp/three server.py||",
            "four|/opt/four/run.sh ${HOME}/x.py dist/four.js||",
            "five|https://example.com/mcp||",
        ],
    );
    check(
        ".mcp.json",
        text,
        FactKind::Path,
        &[
            "scripts/one.sh|./scripts/one.sh|mcp-server one|m",
            "tools/two.js|tools/two.js|mcp-server two|m",
            "/opt/four/run.sh|/opt/four/run.sh|mcp-server four|mu",
            "dist/four.js|dist/four.js|mcp-server four|mu",
        ],
    );
    check(".mcp.json", text, FactKind::Env, &["KEY|v|one|"]);
}

#[test]
fn servers_are_started_in_the_project() {
    let text = r#"{ "servers": { "a": { "command": "node", "args": ["tools/a.js"] } } }"#;
    check(
        "web/.vscode/mcp.json",
        text,
        FactKind::Path,
        &["web/tools/a.js|tools/a.js|mcp-server a|m"],
    );
    check("config/mcp.json", text, FactKind::Path, &["tools/a.js|tools/a.js|mcp-server a|mu"]);
    let text = r#"{ "mcpServers": { "a": { "command": "uv", "cwd": "srv", "args": ["a.py"] },
        "b": { "command": "uv", "args": ["--directory", "x", "b.py"] } } }"#;
    check(
        "config.json",
        text,
        FactKind::Path,
        &["srv/a.py|a.py|mcp-server a|m", "b.py|b.py|mcp-server b|mu"],
    );
}

#[test]
fn what_does_not_parse() {
    for (path, text, line) in [
        ("a.json", "{\n  \"a\": 1,\n}\n", 2),
        ("a.json", "{\n  \"a\": 1\n", 2),
        ("package.json", "{\n  // no\n}", 2),
        ("tsconfig.json", "{ \"a\" 1 }", 1),
        ("a.json", "{\"legend\": \"{{ name }}\",\n\n\n\"b\": }", 4),
    ] {
        let found = facts(path, text);
        assert_eq!(found.parsed, Parsed::Invalid, "{text}");
        assert_eq!(found.errors[0].place.line, line, "{text}");
    }
}

#[test]
fn what_is_no_error() {
    for (path, text) in [
        ("a.json", ""),
        ("a.json", "{\"a\":1}\n{\"a\":2}\n"),
        ("a.json", "{\"a\": {{ value }} }"),
        ("a.json", "{% if a %}{}{% endif %}"),
        ("a.json", "{\"replicas\": ${REPLICAS}}"),
        (".eslintrc", "extends: base\n"),
        ("a.json5", "{a: 1}"),
    ] {
        let found = facts(path, text);
        assert_eq!(found.parsed, Parsed::NotParsed, "{text}");
        assert!(found.errors.is_empty());
    }
    assert!(facts("a.json", "{\"a\": {{ b }} }").flags.has(FileFlags::TEMPLATE));
    assert_eq!(facts("a.json", "// for the editor\n{\"a\": 1,}").parsed, Parsed::Valid);
    assert_eq!(facts(".vscode/settings.json", "{ // a\n}").parsed, Parsed::Valid);
}
