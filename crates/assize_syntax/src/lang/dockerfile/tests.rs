//! What Dockerfiles yield.

use assize_model::{FileClass, LineIndex, RepoPath};

use crate::{FactKind, FileFacts, FileFlags, Flags, Role, extract};

fn file(path: &str, text: &str) -> FileFacts {
    let path = RepoPath::new(path).unwrap();
    extract(&path, FileClass::Production, text, &LineIndex::new(text))
}

fn keys(facts: &FileFacts, kind: FactKind, role: Role) -> Vec<String> {
    let facts = facts
        .facts
        .iter()
        .filter(|fact| fact.kind == kind && fact.role == role && !fact.key.starts_with("said:"));
    facts
        .map(|fact| {
            let mut shown = fact.key.clone();
            for (flag, word) in [(Flags::GLOB, " glob"), (Flags::UNRESOLVED, " unresolved")] {
                if fact.flags.has(flag) {
                    shown.push_str(word);
                }
            }
            shown
        })
        .collect()
}

#[test]
fn sources_of_copies() {
    let text = "FROM a AS b\nCOPY --chown=x:y web/ conf.d/a.conf /srv/\nCOPY --from=b /x /y\n\
        ADD https://example.org/a /a\nCOPY . .\nCOPY requirements.tx[t] package-lock.json* ./\n\
        COPY *.py ${DIR}/x ./\nCOPY [\"a b\", \"c\", \"/d/\"]\nCOPY \\\n  # note\n  one \\\n\n  two /x/\n\
        COPY <<EOF /etc/x\nCOPY none none\nEOF\nCOPY ../up /x\nONBUILD COPY late /x\n";
    let facts = file("docker/Dockerfile", text);
    assert_eq!(facts.errors, []);
    assert_eq!(
        keys(&facts, FactKind::Path, Role::Reference),
        [
            "docker/web",
            "docker/conf.d/a.conf",
            "docker/*.py glob",
            "docker/${DIR}/x unresolved",
            "docker/a b",
            "docker/c",
            "docker/one",
            "docker/two",
            "up",
            "docker/late unresolved",
        ]
    );
    let two = facts.facts.iter().find(|fact| fact.value == "two").unwrap();
    assert_eq!((two.place.line, two.place.column), (13, 3));
}

#[test]
fn variables_and_packages() {
    let text = "# syntax=docker/dockerfile:1\nARG VERSION=3\nFROM python:$VERSION\n\
        ENV AA=1 BB=\"two words\"\nENV CC three\nARG DD\n\
        RUN --mount=type=cache,target=/x pip install \\\n    # why\n    flask==2 \\\n    'gunicorn>20'\n\
        RUN [\"pip\", \"install\", \"x\"]\nRUN <<EOF\nnpm install left\n./x.sh\nEOF\n\
        RUN python x.py && make all\n";
    let facts = file("Dockerfile", text);
    assert_eq!(facts.errors, []);
    let defined = keys(&facts, FactKind::Env, Role::Definition);
    assert_eq!(defined, ["VERSION", "AA", "BB", "CC", "DD"]);
    let packages = keys(&facts, FactKind::Package, Role::Definition);
    assert_eq!(packages, ["py:flask", "py:gunicorn", "npm:left"]);
    assert_eq!(keys(&facts, FactKind::Command, Role::Reference), Vec::<String>::new());
    let flask = facts.facts.iter().find(|fact| fact.key == "py:flask").unwrap();
    assert_eq!((flask.place.line, flask.place.column, flask.value.as_str()), (9, 5, "==2"));
}

#[test]
fn python_looks_where_sources_were_copied_to() {
    let roots =
        |path: &str, text: &str| keys(&file(path, text), FactKind::SourceRoot, Role::Definition);
    let head = "FROM python:3\n";
    assert_eq!(roots("api/Dockerfile", &format!("{head}WORKDIR /app\nCOPY . .\n")), ["", "api"]);
    assert_eq!(
        roots("Dockerfile", &format!("{head}WORKDIR /app\nCOPY backend/ /app/\n")),
        ["backend"]
    );
    assert_eq!(
        roots("Dockerfile", &format!("{head}WORKDIR /app\nCOPY backend /app/backend\n")),
        [""]
    );
    assert_eq!(
        roots("Dockerfile", &format!("{head}ENV PYTHONPATH=/srv/src\nCOPY app /srv\n")),
        ["app/src"]
    );
    assert_eq!(roots("Dockerfile", &format!("{head}WORKDIR /app\nCOPY a.txt /app/\n")), [""; 0]);
    assert_eq!(roots("Dockerfile", "FROM node\nWORKDIR /app\nCOPY . .\n"), [""; 0]);
}

#[test]
fn only_certain_faults_are_told() {
    let fault = |text: &str| {
        file("Dockerfile", text).errors.first().map(|e| (e.place.line, e.message.clone()))
    };
    let (line, message) = fault("FROM a\nRUN x &&\n  apt-get install y\n").unwrap();
    assert_eq!((line, message.as_str()), (3, "`apt-get` is no instruction of a Dockerfile"));
    assert_eq!(fault("FROM a\nCOPY only\n").map(|(line, _)| line), Some(2));
    for text in [
        "from a\nrun x\n",
        "# escape=`\nFROM a\nRUN x `\n  y\nCOPY c:\\a\\ c:\\b\\\n",
        "# syntax=example/front-end\nFROM a\nINCLUDE b\n",
        "FROM a\nRUN x \\\n# note\n\n  y\n",
        "FROM a\nRUN <<A cat <<-'B'\nnot an instruction\nA\n\tneither\n\tB\nUSER x\n",
        "RUN part of a file\nnonsense\n",
        "{{ base }}\nnonsense\n",
        "FROM a\nHEALTHCHECK --interval=5s CMD x\nSTOPSIGNAL 9\nMAINTAINER x\n",
        "",
    ] {
        assert_eq!(fault(text), None, "{text}");
    }
    let template = file("Dockerfile", "FROM {{ base }}\n");
    assert!(template.flags.has(FileFlags::TEMPLATE));
}

#[test]
fn truncated_texts_end() {
    let whole =
        "# escape=`\nFROM é\nCOPY [\"é\", `\n \"b\"]\nRUN <<E\né\nE\nENV a=\"é` b\nONBUILD RUN é\n";
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        let _ = file("Dockerfile", &whole[..end]);
    }
}
