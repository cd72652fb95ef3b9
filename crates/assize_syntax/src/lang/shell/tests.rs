//! What shell scripts yield.

use assize_model::{FileClass, LineIndex, RepoPath, Span};

use super::{Script, commands, package_script};
use crate::{Dialect, Extraction, FactKind, FileFacts, Flags, Parsed, Role, extract};

fn file(path: &str, text: &str) -> FileFacts {
    let path = RepoPath::new(path).unwrap();
    extract(&path, FileClass::Production, text, &LineIndex::new(text))
}

/// The facts of a CI step that runs in a folder.
fn step(folder: Option<&str>, text: &str) -> FileFacts {
    let path = RepoPath::new(".github/workflows/ci.yml").unwrap();
    let lines = LineIndex::new(text);
    let class = FileClass::Production;
    let mut sheet = Extraction::new(&path, class, Dialect::GithubWorkflow, text, &lines);
    let span = Span::new(0, text.len());
    let surface = Flags::IN_CI;
    commands(&mut sheet, &Script { text, span, exact: true, folder, surface, item: "job/step" });
    sheet.finish()
}

fn word(flags: Flags) -> String {
    let words = [
        (Flags::OPTIONAL, " optional"),
        (Flags::CREATED, " created"),
        (Flags::UNRESOLVED, " unresolved"),
        (Flags::DYNAMIC, " dynamic"),
        (Flags::DEFAULTED, " defaulted"),
        (Flags::PROBE, " probe"),
        (Flags::DEV, " dev"),
    ];
    words.iter().filter(|(flag, _)| flags.has(*flag)).map(|(_, word)| *word).collect()
}

fn of(facts: &FileFacts, kind: FactKind, role: Role) -> Vec<String> {
    let facts = facts
        .facts
        .iter()
        .filter(|fact| fact.kind == kind && fact.role == role)
        .filter(|fact| !fact.flags.has(Flags::MENTIONED));
    facts.map(|fact| format!("{}{}", fact.key, word(fact.flags))).collect()
}

fn called(folder: &str, text: &str) -> Vec<String> {
    of(&step(Some(folder), text), FactKind::Command, Role::Reference)
}

#[test]
fn programs_lead_to_the_scripts_that_they_run() {
    let cases = [
        ("./run.sh a", "file:run.sh"),
        ("bash -euo pipefail ci/x.sh", "file:ci/x.sh"),
        ("sh -x ci/x.sh", "file:ci/x.sh"),
        ("source lib/a.sh", "file:lib/a.sh"),
        ("python3 -u -W error tools/x.py --flag", "file:tools/x.py"),
        ("node --max-old-space-size=4096 -r dotenv/config server.js", "file:server.js"),
        ("npx tsx src/x.ts", "file:src/x.ts"),
        ("uv run --with rich tools/x.py", "file:tools/x.py"),
        ("poetry run python tools/x.py", "file:tools/x.py"),
        ("coverage run --source app tools/x.py", "file:tools/x.py"),
        ("sudo -E env A=b timeout -k 3 10 nice -n 5 ./x.sh", "file:x.sh"),
        ("xvfb-run --auto-servernum python x.py", "file:x.py"),
        ("bash -c 'cd sub && ./x.sh'", "file:sub/x.sh"),
        ("A=1 ./x.sh", "file:x.sh"),
        ("make -C docs html", "make:html"),
        ("make -j 4 V=1 all", "make:all"),
        ("npm run build -- --watch", "npm:build"),
        ("npm test", "npm:test"),
        ("npm --prefix web run lint", "npm:lint"),
        ("yarn test:unit", "npm:test:unit"),
        ("npm exec -- tsx x.ts", "file:x.ts"),
        ("run-s clean build", "npm:clean npm:build"),
        ("concurrently \"npm run a\" \"npm:b\"", "npm:a npm:b"),
        ("(cd a; ./x.sh); ./y.sh", "file:a/x.sh file:y.sh"),
        ("pushd a; ./x.sh; popd; ./y.sh", "file:a/x.sh file:y.sh"),
        ("cd a/b && cd ../c && ./x.sh", "file:a/c/x.sh"),
        ("cd a; cd -; ./x.sh", "file:x.sh"),
        ("echo $(python tools/v.py)", "file:tools/v.py"),
        ("[[ $(./x.sh) ]] && true", "file:x.sh"),
        ("x=$(( $(./x.sh) + 1 ))", "file:x.sh"),
        ("echo \"`./x.sh`\"", "file:x.sh"),
        ("cat <<E\n$(./x.sh)\nE", "file:x.sh"),
        ("D=scripts; $D/x.sh", "file:scripts/x.sh"),
        ("cd \"$GITHUB_WORKSPACE\"; ./x.sh", "file:x.sh"),
        ("cd ${{ github.workspace }}/a; ./x.sh", "file:a/x.sh"),
        ("cd \"$(git rev-parse --show-toplevel)\"; ./x.sh", "file:x.sh"),
    ];
    for (text, expected) in cases {
        assert_eq!(called("", text).join(" "), expected, "{text}");
    }
}

#[test]
fn what_is_no_call_of_ours_is_left_alone() {
    for text in [
        "python -m pytest tests/x.py",
        "python -c 'import x'",
        "echo ./x.sh",
        "printf '%s' \"bash x.sh\"",
        "cat <<'E'\n./x.sh\nE",
        "/usr/local/bin/x.sh",
        "~/x.sh",
        "ssh host ./x.sh",
        "docker exec -it app ./x.sh",
        "docker run --rm image bash /x.sh",
        "kubectl exec pod -- python x.py",
        "bash <(curl -s https://example.org/x.sh)",
        "curl https://example.org/x.sh | bash -s -- a",
        "yarn eslint .",
        "npm ci",
        "make",
        "command -v x",
        "source <(x completion bash)",
    ] {
        assert_eq!(called("", text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn what_only_run_time_knows_is_unresolved() {
    for text in [
        "\"$DIR/x.sh\"",
        "bash scripts/*.sh",
        "cd \"$DIR\" && ./x.sh",
        "cd $(mktemp -d); python x.py",
        "for d in a b; do cd $d; ./x.sh; done",
        "npm run --workspace web build",
        "pnpm --filter web run build",
        "npm run build --if-present",
        "make -f other.mk all",
        "make $TARGET",
        "./${{ matrix.script }}.sh",
        "if [ $a ]; then cd a; fi; ./x.sh",
        "D=a; D=b; $D/x.sh",
        "[ -f x.sh ] && ./x.sh",
        "if test -e x.sh; then bash x.sh; fi",
        "source x.sh || true",
        "./x.sh 2>/dev/null || echo none",
        "tar xf a.tgz; ./x.sh",
        "git clone https://example.org/a.git; a/x.sh",
    ] {
        let found = called("", text);
        assert!(!found.is_empty(), "{text}");
        assert!(found.iter().all(|one| one.contains("unresolved")), "{text}: {found:?}");
    }
    assert_eq!(called("", "cat > x.sh <<E\nE\nbash x.sh"), ["file:x.sh created"]);
    assert_eq!(called("", "curl -o x.sh https://example.org; sh x.sh"), ["file:x.sh created"]);
    let none = step(None, "./x.sh; make all");
    let found = of(&none, FactKind::Command, Role::Reference);
    assert_eq!(found, ["file:x.sh unresolved", "make:all unresolved"]);
}

#[test]
fn a_script_finds_itself() {
    let text = "#!/bin/bash\n\
        HERE=\"$(cd \"$(dirname \"${BASH_SOURCE[0]}\")\" >/dev/null 2>&1 && pwd)\"\n\
        ROOT=\"$(dirname \"$HERE\")\"\n\
        . \"$HERE/lib.sh\"\n\
        \"${0%/*}/near.sh\"\n\
        ./loose.sh\n\
        build() { ./unknown.sh; }\n\
        cd \"$ROOT\" || exit 1\n\
        ops/known.sh\n";
    let facts = file("ops/run.sh", text);
    assert_eq!(facts.parsed, Parsed::Valid);
    assert_eq!(
        of(&facts, FactKind::Command, Role::Reference),
        [
            "file:ops/lib.sh",
            "file:ops/near.sh",
            "file:loose.sh dynamic",
            "file:unknown.sh unresolved",
            "file:ops/known.sh",
        ]
    );
}

#[test]
fn variables_are_defined_and_read() {
    let text = "export AA=1\nBB=$AA\nread -r CC\nfor DD in 1; do :; done\n: \"${EE:=x}\"\n\
        echo $EE $FF ${GG:-y} ${HH+z} \"$CC $DD\" '$II' \"\\$JJ\" $RANDOM\n\
        [ -z \"$KK\" ] && echo\ncat <<X\n$LL\nX\ncat <<'X'\n$MM\nX\n";
    let facts = file("x.sh", text);
    assert_eq!(
        of(&facts, FactKind::Env, Role::Reference),
        ["FF", "GG defaulted", "HH probe", "KK probe", "LL"]
    );
    assert_eq!(of(&facts, FactKind::Env, Role::Definition), ["AA", "BB", "CC", "EE"]);
    let open = file("x.sh", "source ./env.sh\necho $AA\n");
    assert_eq!(of(&open, FactKind::Env, Role::Reference), ["AA unresolved"]);
    let roots = step(Some("app"), "PYTHONPATH=src:$PYTHONPATH:../lib pytest");
    assert_eq!(of(&roots, FactKind::SourceRoot, Role::Definition), ["app/src", "lib"]);
}

#[test]
fn installed_packages_are_definitions() {
    let text = "pip install -U 'Foo.Bar[x]==1.2' baz -r reqs.txt ./local git+https://x/y\n\
        python -m pip install -e . qux\nuv pip install quux\n\
        npm install --save-dev @a/b@^1 c\nnpm i -g tool\nyarn add d@2\npip3 install $X";
    let found = of(&step(Some(""), text), FactKind::Package, Role::Definition);
    assert_eq!(
        found,
        [
            "py:foo-bar",
            "py:baz",
            "py:qux",
            "py:quux",
            "npm:@a/b dev",
            "npm:c dev",
            "tool:tool",
            "npm:d"
        ]
    );
}

#[test]
fn options_name_files_that_are_read() {
    let text = "docker build -f docker/Dockerfile.a -t x:y web\n\
        docker compose -f a.yml --env-file .env.ci up -d\n\
        docker-compose logs -f --tail=2\nkubectl apply -f k8s/\n\
        pip install -r reqs/dev.txt\npsql -f db/a.sql\nalembic -c app/alembic.ini upgrade head\n\
        cd sub\nhelm upgrade --install x ./chart";
    let facts = step(Some(""), text);
    let found: Vec<String> = facts
        .facts
        .iter()
        .filter(|fact| fact.kind == FactKind::Path && !fact.flags.has(Flags::CREATED))
        .map(|fact| format!("{} {}", fact.item, fact.key))
        .collect();
    assert_eq!(
        found,
        [
            "dockerfile docker/Dockerfile.a",
            "build-context web",
            "compose-file a.yml",
            "env-file .env.ci",
            "manifest k8s",
            "requirements reqs/dev.txt",
            "sql db/a.sql",
            "config app/alembic.ini",
            "working-directory sub",
            "chart sub/chart",
        ]
    );
}

#[test]
fn places_count_bytes_of_the_file() {
    let text = "é=1; echo 'é'; ./x.sh";
    let facts = step(Some(""), text);
    let fact = facts.facts.iter().find(|fact| fact.kind == FactKind::Command).unwrap();
    assert_eq!((fact.place.column, fact.place.end_column), (16, 22));
    let mut sheet_text = String::from("{\"scripts\":{\"a\":\"./x.sh\"}}");
    sheet_text.push('\n');
    let path = RepoPath::new("web/package.json").unwrap();
    let lines = LineIndex::new(&sheet_text);
    let class = FileClass::Production;
    let mut sheet = Extraction::new(&path, class, Dialect::PackageJson, &sheet_text, &lines);
    package_script(&mut sheet, "./x.sh", Span::new(16, 24), "a");
    let facts = sheet.finish();
    let found = facts.facts.first().unwrap();
    assert_eq!((found.key.as_str(), found.value.as_str()), ("file:web/x.sh", "web"));
    assert_eq!((found.place.column, found.item.as_str()), (17, "a"));
}

#[test]
fn only_certain_faults_are_told() {
    let broken = file("a.sh", "if true; then\n  echo 'é\nfi\n");
    assert_eq!(broken.parsed, Parsed::Invalid);
    assert_eq!(broken.errors.first().unwrap().message, "a single quote is not closed");
    for text in [
        "#!/usr/bin/env zsh\nfor f (*.txt) echo $f\n",
        "#!/usr/bin/fish\nif test; echo; end\n",
        "if true; then\r\n  echo\r\n",
        "echo {% if x %} ( {% endif %}\n",
        "{{ if .x }} then ( {{ end }}\n",
        "declare -A m=(\n  [a b (c)]=1\n)\n",
    ] {
        assert!(file("a.sh", text).errors.is_empty(), "{text}");
    }
    let missing = file("b.sh", "f() {\n  echo\n");
    assert_eq!(missing.errors.first().unwrap().message, "`}` is missing before the end");
}

#[test]
fn hostile_texts_end() {
    let deep = [
        "$(".repeat(400),
        "$(( 1".to_owned() + &"+1".repeat(50_000) + " ))",
        "[[ ".to_owned() + &"! ".repeat(30_000) + "x ]]",
        "f() { ".to_owned() + &"a; ".repeat(20_000) + "}",
        "if ".repeat(2_000),
        "`<<E\n".repeat(5_000),
        "((a); b\n".repeat(5_000),
        "\"${a}{".repeat(8_000),
        "a && ".repeat(20_000) + "b",
        "case x in ".repeat(400),
        "`${".repeat(900),
        "${a:-`".repeat(900),
        "$(`".repeat(20),
        "`${'}'".repeat(900),
    ];
    for text in &deep {
        let _ = file("a.sh", text);
    }
    let whole =
        "cd \"$(dirname \"$0\")\"/.. && [ -f é ] && bash -c 'x `y` ${z:-$(q)}' <<E\n$A\nE\n";
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        let _ = file("a.sh", &whole[..end]);
    }
}

#[test]
fn back_ticks_in_everyday_use_are_read() {
    let line = "a=`dirname \"$0\"`; b=`echo ${a##*/} | awk '{print $1}'`; c=`x \"$(y)\"` # don`t\n";
    assert_eq!(file("a.sh", &line.repeat(100)).parsed, Parsed::Valid);
}
