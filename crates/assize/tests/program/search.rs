//! New files: copies and variants of what is there wait until it has been read.

use serde_json::json;

use crate::agent::{Agent, Answer};
use crate::scene::Scene;

const CLIENT: &str = "class ApiClient:\n    def __init__(self, base):\n        self.base = base\n\n    \
                      def fetch(self, path):\n        return self.base + path\n";
const TREE: &[(&str, &str)] = &[
    ("shop/__init__.py", ""),
    ("shop/api_client.py", CLIENT),
    (
        "shop/order_service.py",
        "class OrderService:\n    def place(self, order):\n        return order\n",
    ),
    ("shop/prices.py", PRICES),
    ("web/src/cartStore.ts", "export class CartStore {\n  items: string[] = [];\n}\n"),
    ("svc/main.rb", "class Main; end\n"),
    ("svc/store/order_store.go", "package store\n\ntype OrderStore struct{}\n"),
];
/// Long enough to be told apart from others by its body.
const PRICES: &str = "def price(items, rates, country):\n    total = 0\n    for item in items:\n        \
    if item.kind in rates:\n            total += item.count * rates[item.kind]\n        elif item.free:\n            \
    continue\n        else:\n            raise KeyError(item.kind)\n    if country == \"XX\":\n        \
    total = total + total * 19 / 100\n    elif country == \"YY\":\n        total = total + total * 7 / 100\n    \
    for item in items:\n        if item.late:\n            total -= item.count * 2\n    return round(total, 2)\n";

#[test]
fn a_variant_waits_until_its_original_was_read() {
    let scene = Scene::committed(TREE);
    let agent = Agent::new(&scene);
    let variant = CLIENT.replace("ApiClient", "OptimizedApiClient");
    for path in ["shop/api_client_optimized.py", "shop/api_client_v2.py", "shop/new_api_client.py"]
    {
        let reason = agent.write(path, &variant).denied();
        assert!(reason.contains("search-before-create"), "{reason}");
        assert!(reason.contains("`shop/api_client.py:1`"), "{reason}");
    }
    let service = "class NewOrderService:\n    def place(self, order):\n        return order\n";
    assert!(agent.write("shop/placing.py", service).denied().contains("defines `OrderService`"));
    let store = "export class CartStoreV2 {\n  items: string[] = [];\n}\n";
    assert!(agent.write("web/src/cartStoreV2.ts", store).denied().contains("cartStore.ts"));

    // To have searched is not to have read.
    agent.call("Grep", &json!({ "pattern": "api_client" }));
    agent.write("shop/api_client_v2.py", &variant).denied();
    agent.read("shop/api_client.py");
    assert_eq!(agent.write("shop/api_client_v2.py", &variant), Answer::Silent);
    // What was read is no longer what is there.
    scene.write("shop/api_client.py", format!("{CLIENT}\n\nX = 1\n"));
    agent.write("shop/api_client_v2.py", &variant).denied();
    assert_eq!(agent.shell("cat web/src/cartStore.ts"), Answer::Silent);
    assert_eq!(agent.write("web/src/cartStoreV2.ts", store), Answer::Silent);
}

#[test]
fn a_copy_waits_whatever_it_is_called() {
    let scene = Scene::committed(TREE);
    let agent = Agent::new(&scene);
    let renamed = PRICES.replace("total", "amount").replace("items", "lines");
    for copy in [PRICES, &renamed] {
        let reason = agent.write("shop/billing.py", copy).denied();
        assert!(reason.contains("shop/prices.py:1"), "{reason}");
    }
    // A function among others of an existing file.
    let more = format!("class OrderService:\n    pass\n\n\n{PRICES}");
    let reason = agent.write("shop/order_service.py", &more).denied();
    assert!(reason.contains("word by word"), "{reason}");
    agent.read("shop/prices.py");
    // That it will have to be mended in two places is told by another control.
    assert!(agent.write("shop/order_service.py", &more).told().contains("clone-detect"));
    assert!(!agent.write("shop/billing.py", &renamed).told().contains("search-before-create"));
}

#[test]
fn ordinary_new_files_meet_no_friction() {
    let scene = Scene::committed(TREE);
    let agent = Agent::new(&scene);
    for (path, content) in [
        ("shop/invoices.py", "class Invoice:\n    pass\n"),
        // It builds on what is there.
        (
            "shop/api_client_new.py",
            "from shop.api_client import ApiClient\n\n\nclass NewApiClient(ApiClient):\n    pass\n",
        ),
        ("tests/test_api_client.py", CLIENT),
        ("shop/migrations/0002_api_client_new.py", CLIENT),
        ("examples/api_client_v2.py", CLIENT),
        ("web/src/index.ts", "export const x = 1;\n"),
        ("docs/api_client_v2.md", "# Client\n"),
        ("config/api_client_new.yaml", "a: 1\n"),
    ] {
        assert_eq!(agent.write(path, content), Answer::Silent, "{path}");
    }
}

#[test]
fn a_likeness_of_names_is_told_and_does_not_stop() {
    let scene = Scene::committed(TREE);
    let agent = Agent::new(&scene);
    let told = agent.write("shop/orders_service.py", "def x():\n    return 1\n").told();
    assert!(told.contains("may be there already") && told.contains("order_service.py"), "{told}");
    agent.read("shop/order_service.py");
    assert_eq!(agent.write("shop/orders_service.py", "def x():\n    return 1\n"), Answer::Silent);
}

#[test]
fn a_variant_of_a_go_type_is_found_and_a_constructor_is_none() {
    let scene = Scene::committed(TREE);
    let agent = Agent::new(&scene);
    let variant = "package shop\n\ntype EnhancedOrderStore struct{}\n";
    let reason = agent.write("svc/shop/orders.go", variant).denied();
    assert!(reason.contains("svc/store/order_store.go"), "{reason}");
    let constructor = "package shop\n\nfunc NewOrderStore() int { return 1 }\n";
    assert_eq!(agent.write("svc/shop/making.go", constructor), Answer::Silent);
}

#[test]
fn a_language_that_is_not_read_is_asked_until_the_session_has_searched() {
    let scene = Scene::committed(TREE);
    let agent = Agent::new(&scene);
    let reason = agent.write("svc/order_store.rb", "class Shop; end\n").asked();
    assert!(reason.contains("does not read Ruby") && reason.contains("order"), "{reason}");
    agent.call("Grep", &json!({ "pattern": "Order.*Store" }));
    assert_eq!(agent.write("svc/order_store.rb", "class Shop; end\n"), Answer::Silent);
}

#[test]
fn in_observe_mode_nothing_is_stopped_and_the_record_knows() {
    let scene = Scene::committed(TREE);
    let agent = Agent::new(&scene);
    scene.write("assize.toml", "root = true\n");
    let variant = CLIENT.replace("ApiClient", "ApiClientV2");
    assert!(agent.write("shop/api_client_v2.py", &variant).told().contains("search-before-create"));
    assert_eq!(agent.write("svc/order_store.rb", "class Shop; end\n"), Answer::Silent);
    let spared: Vec<_> =
        crate::agent::payloads(&scene).iter().map(|one| one["spared"].clone()).collect();
    assert_eq!(spared, [json!(["search-before-create"]), json!(["search-before-create"])]);
}
