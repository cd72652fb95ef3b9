//! What each kind of configuration yields.

use assize_model::{FileClass, LineIndex, RepoPath};

use crate::{FactKind, FileFacts, FileFlags, Flags, Parsed, Role, extract};

fn read(path: &str, text: &str) -> FileFacts {
    let lines = LineIndex::new(text);
    extract(&RepoPath::new(path).unwrap(), FileClass::Production, text, &lines)
}

/// The facts of a kind and role as `line key=value (item)`, with the marks that decide.
fn shown(facts: &FileFacts, kind: FactKind, role: Role) -> Vec<String> {
    let marks = [
        (Flags::UNRESOLVED, " unresolved"),
        (Flags::CREATED, " created"),
        (Flags::GLOB, " glob"),
        (Flags::DEFAULTED, " defaulted"),
        (Flags::PROBE, " probe"),
    ];
    facts
        .facts
        .iter()
        .filter(|fact| fact.kind == kind && fact.role == role)
        .filter(|fact| !fact.key.starts_with("said:") && !fact.flags.has(Flags::MENTIONED))
        .map(|fact| {
            let marked = marks.iter().filter(|(flag, _)| fact.flags.has(*flag));
            let marked: String = marked.map(|(_, word)| *word).collect();
            let (line, key, value, item) = (fact.place.line, &fact.key, &fact.value, &fact.item);
            format!("{line} {key}={value} ({item}){marked}")
        })
        .collect()
}

const COMPOSE: &str = r#"x-common: &common
  environment: &env
    LOG_LEVEL: ${LOG_LEVEL:-info}
services:
  api:
    <<: *common
    build:
      context: ../api
      dockerfile: docker/Dockerfile.dev
    image: "shop/api:${TAG:?set a tag}"
    ports:
      - "8080:80"
      - "127.0.0.1:${ADMIN_PORT:-9000}:9000/tcp"
      - "${METRICS_PORT}:9100"
      - "80"
      - target: 53
        published: "5353"
        protocol: udp
    volumes:
      - ./nginx/site.conf:/etc/nginx/conf.d/site.conf:ro
      - ./data:/var/lib/data
      - named:/x
      - /var/run/docker.sock:/var/run/docker.sock
      - ${HOME}/x:/x
      - type: bind
        source: ./seed
        target: /seed
        bind: {create_host_path: false}
      - ./certs/server.pem:/server.pem
    env_file: [.env, config/api.env, config/plain]
    command: sh -c "echo $$HOME $USER"
  worker:
    build: https://example.com/worker.git
    profiles: [batch, audit]
    ports: ["8081:80"]
    environment: [QUEUE=jobs, TOKEN]
    extends: {file: base.yml, service: worker}
include:
  - ../shared/compose.yml
configs:
  site: {file: ./site.yml}
secrets:
  key: {file: ./secrets/key.txt}
"#;

#[test]
fn compose_files() {
    let facts = read("deploy/compose.yml", COMPOSE);
    assert_eq!(facts.parsed, Parsed::Valid);
    assert_eq!(
        shown(&facts, FactKind::Path, Role::Reference),
        [
            "8 api=../api (build-context)",
            "9 api/docker/Dockerfile.dev=docker/Dockerfile.dev (dockerfile)",
            "20 deploy/nginx/site.conf=./nginx/site.conf (bind-mount)",
            "21 deploy/data=./data (bind-mount) created",
            "26 deploy/seed=./seed (bind-mount)",
            "29 deploy/certs/server.pem=./certs/server.pem (bind-mount) unresolved",
            "30 deploy/.env=.env (env-file) unresolved",
            "30 deploy/config/api.env=config/api.env (env-file) unresolved",
            "30 deploy/config/plain=config/plain (env-file)",
            "37 deploy/base.yml=base.yml (extends)",
            "39 shared/compose.yml=../shared/compose.yml (include)",
            "41 deploy/site.yml=./site.yml (config)",
            "43 deploy/secrets/key.txt=./secrets/key.txt (config) unresolved",
        ]
    );
    assert_eq!(
        shown(&facts, FactKind::Port, Role::Reference),
        [
            "12 8080=api (deploy/compose.yml)",
            "13 9000=api (deploy/compose.yml)",
            "17 5353=api (deploy/compose.yml)",
            "35 8081=worker (audit,batch)",
        ]
    );
    assert_eq!(
        shown(&facts, FactKind::Env, Role::Definition),
        ["3 LOG_LEVEL=${LOG_LEVEL:-info} ()", "36 QUEUE=jobs ()", "36 TOKEN= ()"]
    );
    assert_eq!(
        shown(&facts, FactKind::Env, Role::Reference),
        [
            "3 LOG_LEVEL= () defaulted",
            "10 TAG= ()",
            "13 ADMIN_PORT= () defaulted",
            "14 METRICS_PORT= ()",
            "24 HOME= ()",
            "31 USER= ()",
        ]
    );
    assert_eq!(
        shown(&facts, FactKind::Service, Role::Definition),
        ["5 api=shop/api:${TAG:?set a tag} ()", "32 worker= ()"]
    );
}

const WORKFLOW: &str = r"on: push
env:
  REGION: eu
defaults:
  run:
    working-directory: backend
jobs:
  build:
    runs-on: ubuntu-latest
    env: {STAGE: test}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/checkout@v4
        with: {repository: other/tools, path: tools}
      - uses: ./.github/actions/setup
      - uses: actions/setup-node@v4
        with:
          node-version-file: .nvmrc
          cache-dependency-path: '**/package-lock.json'
      - name: make things
        run: |
          mkdir -p reports
          echo 'VERSION=1' >> $GITHUB_ENV
      - uses: docker/build-push-action@v6
        with:
          context: ./api
          file: ${{ matrix.file }}
      - run: make
        working-directory: tools
  shared:
    uses: ./.github/workflows/reused.yml
";

#[test]
fn workflows() {
    let facts = read(".github/workflows/ci.yml", WORKFLOW);
    assert_eq!(facts.parsed, Parsed::Valid);
    assert_eq!(
        shown(&facts, FactKind::Path, Role::Reference),
        [
            "6 backend=backend (working-directory)",
            "14 tools=tools (output) created",
            "15 .github/actions/setup=./.github/actions/setup (action)",
            "18 .nvmrc=.nvmrc (config)",
            "19 **/package-lock.json=**/package-lock.json (config) glob",
            "22 backend/reports=reports (created) created",
            "26 api=./api (build-context)",
            "27 ${{ matrix.file }}=${{ matrix.file }} (dockerfile) unresolved",
            "28 *= (built) unresolved created glob",
            "29 tools=tools (working-directory)",
            "31 .github/workflows/reused.yml=./.github/workflows/reused.yml (action)",
        ]
    );
    assert_eq!(
        shown(&facts, FactKind::Env, Role::Definition),
        ["3 REGION=eu ()", "10 STAGE=test ()", "22 VERSION= ()"]
    );
}

#[test]
fn gitlab_pipelines() {
    let text = "include:\n  - local: /ci/base.yml\n  - remote: https://example.com/x.yml\n  \
                - ci/*.yml\nvariables:\n  REGION: eu\nbuild:\n  script:\n    - mkdir out\n    \
                - make\n";
    let facts = read(".gitlab-ci.yml", text);
    assert_eq!(
        shown(&facts, FactKind::Path, Role::Reference),
        [
            "2 ci/base.yml=ci/base.yml (include)",
            "4 ci/*.yml=ci/*.yml (include) glob",
            "9 out=out (created) created",
            "10 *= (built) unresolved created glob",
        ]
    );
    assert_eq!(shown(&facts, FactKind::Env, Role::Definition), ["6 REGION=eu ()"]);
}

#[test]
fn kubernetes_manifests() {
    let text = "apiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec:\n  ports:\n    \
                - {port: 80, nodePort: 30080}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: \
                {name: c}\ndata:\n  LOG_LEVEL: info\n  app.conf: x\n---\napiVersion: apps/v1\n\
                kind: Deployment\nmetadata: {name: api}\nspec:\n  template:\n    spec:\n      \
                containers:\n        - env:\n            - {name: REGION, value: eu}\n          \
                ports: [{containerPort: 80, hostPort: 8080, protocol: UDP}]\n";
    let facts = read("k8s/api.yaml", text);
    assert_eq!(shown(&facts, FactKind::Service, Role::Definition), ["3 api= ()"]);
    assert_eq!(
        shown(&facts, FactKind::Env, Role::Definition),
        ["12 LOG_LEVEL=info ()", "23 REGION=eu ()"]
    );
    assert_eq!(
        shown(&facts, FactKind::Port, Role::Reference),
        ["6 30080=api (k8s)", "24 8080=api (k8s)"]
    );
}

#[test]
fn conda_environments() {
    let text =
        "dependencies:\n  - python=3.11\n  - conda-forge::pytorch>=2\n  - pip\n  - pip:\n    \
                - Flask_Login==0.6\n      - -r more.txt\n      - git+https://example.com/x.git\n"
            .replace("    - Flask", "      - Flask");
    let facts = read("environment.yml", &text);
    assert_eq!(
        shown(&facts, FactKind::Package, Role::Definition),
        [
            "3 py:pytorch=>=2 (dependencies)",
            "3 py:torch=>=2 (dependencies)",
            "4 py:pip= (dependencies)",
            "6 py:flask-login===0.6 (pip)",
        ]
    );
}

#[test]
fn errors_and_templates() {
    let cases = [
        ("a: 1\n\tb: 2\n", Parsed::Invalid),
        ("a: b: c\n", Parsed::Invalid),
        ("a: [1, 2\n", Parsed::Invalid),
        ("k: *.py\n", Parsed::Invalid),
        ("msg: \"{{ name }}\"\nx: y: z\n", Parsed::Invalid),
        ("msg: ${{ name }}\nx: y: z\n", Parsed::Invalid),
        ("{% if x %}\na: 1\n{% endif %}\n", Parsed::NotParsed),
        ("a: {{ x }}:8080\n", Parsed::NotParsed),
        ("a: !Ref x\nb: !Sub\n  - y\nc: !vault |\n  z\nd: !reference [a, b]\n", Parsed::Valid),
        ("a: 1\na: 2\n", Parsed::Valid),
        ("", Parsed::Valid),
        ("# only words\n", Parsed::Valid),
        ("a: 1\n---\nb: 2\n...\n", Parsed::Valid),
    ];
    for (text, parsed) in cases {
        let facts = read("x.yml", text);
        assert_eq!(facts.parsed, parsed, "{text}");
        assert_eq!(facts.errors.len(), usize::from(parsed == Parsed::Invalid), "{text}");
    }
    let deep = format!("{}{}", "[".repeat(500), "]".repeat(500));
    assert_eq!(read("x.yml", &deep).parsed, Parsed::Refused);
    let chart = read("chart/templates/api.yaml", "a: {{ .Values.x }}\n");
    assert!(chart.flags.has(FileFlags::TEMPLATE) && chart.errors.is_empty());
}

#[test]
fn no_cut_of_any_text_panics() {
    let texts = [("compose.yml", COMPOSE), (".github/workflows/ci.yml", WORKFLOW)];
    for (path, text) in texts {
        for name in [path, ".gitlab-ci.yml", "environment.yml", "k8s.yaml"] {
            for cut in (0..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
                let kind = if name == "k8s.yaml" { "apiVersion: v1\nkind: x\n" } else { "" };
                read(name, &format!("{kind}{}", &text[..cut]));
            }
        }
    }
}
