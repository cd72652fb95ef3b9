//! What bears on a file is said once, before it is denied.

use serde_json::{Value, json};

use crate::agent::{Agent, Answer};
use crate::approvals::entries;
use crate::scene::Scene;

const COMPOSE: &str = "services:\n  api:\n    image: acme/api:1.0.0\n    ports: [\"8080:8080\"]\n  \
                       db:\n    image: postgres:16.1\n    ports: [\"5432:5432\"]\n";
const ORDERS: &str = "\
class OrderService:
    def total(self, lines):
        summed = 0
        for line in lines:
            summed += line.price * line.count
        return summed
";
const TREE: &[(&str, &str)] = &[
    (".github/CODEOWNERS", "* @all\n/db/ @data\n/docker-compose.yml @ops\n"),
    ("db/migrations/0001_users.sql", "CREATE TABLE users (id INT);\n"),
    ("db/migrations/0002_orders.sql", "CREATE TABLE orders (id INT);\n"),
    ("docker-compose.yml", COMPOSE),
    ("Dockerfile", "FROM python:3.12.1-slim\nCOPY shop shop\nUSER nobody\n"),
    ("shop/__init__.py", ""),
    ("shop/order_service.py", ORDERS),
    ("shop/api.py", "from shop.order_service import OrderService\n\nOrderService()\n"),
    ("tests/test_order_service.py", "def test_total():\n    assert 1 + 1 == 2\n"),
    (".claude/agents/writer.md", "---\nname: writer\ndescription: Writes.\n---\nWrite.\n"),
    (".github/workflows/ci.yml", "on: push\njobs: {}\n"),
    ("web/package.json", "{ \"name\": \"web\", \"version\": \"1.0.0\" }\n"),
    ("web/package-lock.json", "{ \"name\": \"web\", \"lockfileVersion\": 3 }\n"),
    ("scripts/run.sh", "#!/bin/sh\nset -eu\necho run\n"),
    ("Makefile", "run:\n\tsh scripts/run.sh\n"),
    ("README.md", "# Shop\n"),
    ("AGENTS.md", "# Rules\n\n## Migrations\n\nA file in `db/migrations/` is never changed.\n"),
];

/// What an agent is told after it has read a file.
fn read(agent: &Agent<'_>, path: &str) -> Option<String> {
    let input = json!({ "file_path": agent.scene.path(path) });
    assert_eq!(agent.call("Read", &input), Answer::Silent);
    match agent.event("PostToolUse", "Read", &input) {
        Answer::Silent => None,
        Answer::Told(text) => Some(text),
        other => panic!("{other:?}"),
    }
}

/// A scene whose index is there.
fn scene() -> Scene {
    let scene = Scene::committed(TREE);
    scene.check(&[]);
    scene
}

fn brief(scene: &Scene, words: &[&str]) -> (String, Value) {
    let text = scene.run(&[&["brief"], words].concat()).expect(0).text().to_owned();
    let json = scene.run(&[&["brief", "--format", "json"], words].concat()).expect(0);
    (text, serde_json::from_str(json.text()).unwrap())
}

#[test]
fn each_kind_of_file_has_its_own() {
    let scene = scene();
    let cases: &[(&str, &[&str])] = &[
        ("db/migrations/0003_new.sql", &["(migration)", "next free number is 0003", "@data", "R0"]),
        (
            "db/migrations/0002_new.sql",
            &["number 0002 is taken by `db/migrations/0002_orders.sql`"],
        ),
        ("docker-compose.yml", &["5432 db", "8080 api", "@ops", "(port-registry)"]),
        ("Dockerfile", &["`python:3.12.1-slim`", "(docker-user)"]),
        (".claude/agents/editor.md", &["(agent)", "names of agents: `writer`"]),
        (".github/workflows/release.yml", &["other workflows: `ci.yml`"]),
        ("web/package.json", &["`web/package-lock.json` follows it", "(deps-pinned)"]),
        ("scripts/run.sh", &["used by `Makefile:2`", "(script-safety)"]),
        (
            "shop/order_service.py",
            &["used by `shop/api.py:1`", "tests beside it: `tests/test_order_service.py`", "@all"],
        ),
        ("shop/orders_service.py", &["look at what is there", "`shop/order_service.py`"]),
    ];
    for (path, wanted) in cases {
        let (text, json) = brief(&scene, &[path]);
        for words in *wanted {
            assert!(text.contains(words), "{path}: {words}:\n{text}");
        }
        assert_eq!(text.trim_end(), json["text"].as_str().unwrap(), "{path}");
        assert!(json["tokens"].as_u64().unwrap() <= 400, "{text}");
    }
}

#[test]
fn a_task_in_words_finds_what_is_there() {
    let scene = scene();
    let (text, json) = brief(&scene, &["add", "an", "order", "service"]);
    assert!(text.contains("`shop/order_service.py`") && text.contains("`OrderService`"), "{text}");
    assert_eq!(json["schema"], "assize.brief/1");
    let (text, _) = brief(&scene, &["quantum", "chess"]);
    assert_eq!(text, "nothing in particular bears on it\n");
}

/// What the guard would deny is known before it is written.
#[test]
fn reading_tells_what_the_next_write_would_be_denied_for() {
    let scene = scene();
    let agent = Agent::new(&scene);
    let told = read(&agent, "docker-compose.yml").unwrap();
    assert!(told.contains("5432 db") && told.contains("8080 api"), "{told}");
    let told = read(&agent, "db/migrations/0002_orders.sql").unwrap();
    assert!(told.contains("next free number is 0003"), "{told}");
    // The look-alike of a file that is not there yet.
    let (text, _) = brief(&scene, &["shop/order_service_v2.py"]);
    assert!(text.contains("`shop/order_service.py`"), "{text}");
    let copy = ORDERS.replace("OrderService", "OrderServiceV2");
    let denied = agent.write("shop/order_service_v2.py", &copy).denied();
    assert!(denied.contains("search-before-create") && denied.contains("shop/order_service.py"));
}

#[test]
fn it_is_said_once_and_beside_a_write_that_may_run() {
    let scene = scene();
    let agent = Agent::new(&scene);
    agent.event("SessionStart", "", &Value::Null);
    let sql = "CREATE TABLE carts (id INT);\n";
    let told = agent.write("db/migrations/0003_carts.sql", sql).told();
    assert!(told.starts_with("Assize, on `db/migrations/0003_carts.sql` (migration):"), "{told}");
    assert_eq!(agent.write("db/migrations/0003_carts.sql", sql), Answer::Silent);
    assert_eq!(entries(&scene, "brief").len(), 1);
    assert_eq!(entries(&scene, "brief")[0]["paths"], json!(["db/migrations/0003_carts.sql"]));
    // A file of which there is nothing to say.
    assert_eq!(agent.write("notes.txt", "x\n"), Answer::Silent);
    assert!(read(&agent, "README.md").is_none());
    assert!(read(&agent, "shop/api.py").is_none());
    // Another session knows nothing of it.
    let other = Agent { session: "s-2", ..Agent::new(&scene) };
    assert!(read(&other, "scripts/run.sh").is_some());
    assert!(read(&other, "scripts/run.sh").is_none());
}

#[test]
fn a_denial_has_its_own_words() {
    let scene = scene();
    let agent = Agent::new(&scene);
    let reason = agent.write(".github/workflows/x.yml", "on: [push\njobs: {\n").denied();
    assert!(!reason.contains("Assize, on"), "{reason}");
    assert_eq!(entries(&scene, "brief").len(), 0);
}

#[test]
fn people_say_when() {
    let scene = scene();
    // Without rules there is nothing to know before a change.
    scene.remove("AGENTS.md");
    let agent = Agent::new(&scene);
    let with = |moments: &str| {
        let text = format!("root = true\n[brief]\nmoments = {moments}\n");
        scene.write("assize.toml", text);
    };
    let sql = "CREATE TABLE carts (id INT);\n";
    with("[]");
    assert!(read(&agent, "scripts/run.sh").is_none());
    assert_eq!(agent.write("db/migrations/0003_carts.sql", sql), Answer::Silent);
    with("[\"write\"]");
    assert!(read(&agent, "scripts/run.sh").is_none());
    agent.write("db/migrations/0003_carts.sql", sql).told();
    with("[\"read\"]");
    assert!(read(&agent, "scripts/run.sh").is_some());
}

#[test]
fn a_repository_without_an_index_is_told_nothing() {
    let scene = Scene::committed(TREE);
    let agent = Agent::new(&scene);
    let input = json!({ "file_path": scene.path("scripts/run.sh") });
    assert_eq!(agent.event("PostToolUse", "Read", &input), Answer::Silent);
}
