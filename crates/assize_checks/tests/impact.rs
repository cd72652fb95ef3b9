//! What rests on a file, on trees whose graph is known: exactly these files, by these ways.

use std::collections::BTreeSet;
use std::sync::Arc;

use assize_index::Layers;
use assize_index::impact::{Reach, impact};
use assize_testkit::Tree;
use proptest::prelude::*;

const WIDE: Reach = Reach { steps: 8, files: 100 };

const SHOP: &str = r#"
-- .env.example --
PORT=8000
-- Makefile --
test:
	python -m pytest
-- shop/__init__.py --
-- shop/money.py --
def total(): return 1
-- shop/orders.py --
from shop.money import total
def order(): return total()
-- shop/api.py --
import os
from shop import orders
PORT = os.environ["PORT"]
-- shop/other.py --
def money(): return 2
-- tests/test_api.py --
from shop.api import PORT
-- docs/money.md --
[how it is counted](../shop/money.py)
-- .github/workflows/ci.yml --
on: push
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - run: make test
-- web/src/price.ts --
export const price = 1;
-- web/src/index.ts --
export { price } from "./price";
-- web/src/page.ts --
import { price } from "./index";
console.log(price);
"#;

fn index(text: &str) -> Layers {
    Layers::over(Arc::new(Tree::parse(text).snapshot()))
}

/// `path:line depth how on` of each, and whether there is more.
fn of(index: &Layers, paths: &[&str], reach: Reach) -> (Vec<String>, bool) {
    let paths: BTreeSet<String> = paths.iter().map(|path| (*path).to_owned()).collect();
    let (found, more) = impact(index, &paths, reach);
    let line = |one: &assize_index::impact::Affected| {
        format!("{}:{} {} {} {}", one.path, one.line, one.depth, one.how, one.on)
    };
    (found.iter().map(line).collect(), more)
}

#[test]
fn exactly_the_files_that_rest_on_it() {
    let index = index(SHOP);
    for (path, expected) in [
        (
            "shop/money.py",
            &[
                "docs/money.md:1 1 names shop/money.py",
                "shop/api.py:2 2 imports shop/orders.py",
                "shop/orders.py:1 1 imports shop/money.py",
                "tests/test_api.py:1 3 imports shop/api.py",
            ][..],
        ),
        (
            ".env.example",
            &[
                "shop/api.py:3 1 uses env PORT .env.example",
                "tests/test_api.py:1 2 imports shop/api.py",
            ],
        ),
        ("Makefile", &[".github/workflows/ci.yml:6 1 uses target make:test Makefile"]),
        (
            "web/src/price.ts",
            &[
                "web/src/index.ts:1 1 imports web/src/price.ts",
                "web/src/page.ts:1 2 imports web/src/index.ts",
            ],
        ),
        ("shop/other.py", &[]),
        ("tests/test_api.py", &[]),
        ("nowhere.py", &[]),
    ] {
        assert_eq!(of(&index, &[path], WIDE), (lines(expected), false), "{path}");
    }
}

fn lines(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn the_reach_has_bounds_and_says_where_it_ends() {
    let index = index(SHOP);
    let near = of(&index, &["shop/money.py"], Reach { steps: 1, files: 100 });
    assert_eq!(near.0.len(), 2);
    assert!(near.1);
    let few = of(&index, &["shop/money.py"], Reach { steps: 8, files: 3 });
    assert_eq!((few.0.len(), few.1), (3, true));
    let whole = of(&index, &["shop/money.py"], Reach { steps: 3, files: 4 });
    assert_eq!((whole.0.len(), whole.1), (4, false));
}

#[test]
fn a_circle_ends_and_a_package_of_go_is_one() {
    let index = index(
        r#"
-- a.py --
import b
-- b.py --
import a
-- go.mod --
module acme.example/shop
-- cmd/main.go --
package main
import "acme.example/shop/money"
func main() { money.Total() }
-- money/total.go --
package money
func Total() {}
-- money/rate.go --
package money
func Rate() {}
"#,
    );
    assert_eq!(of(&index, &["a.py"], WIDE).0, ["b.py:1 1 imports a.py"]);
    let main = "cmd/main.go:2 1 imports money/rate.go";
    assert_eq!(of(&index, &["money/rate.go"], WIDE).0, [main]);
}

proptest! {
    /// On a random graph of modules the answer is what a plain search of the graph finds.
    #[test]
    fn it_is_the_closure_of_the_graph(
        edges in proptest::collection::vec((0_u8..8, 0_u8..8), 0..20),
    ) {
        let mut text = String::new();
        for from in 0..8 {
            text.push_str(&format!("-- m{from}.py --\n"));
            for (_, to) in edges.iter().filter(|(one, to)| *one == from && to != one) {
                text.push_str(&format!("import m{to}\n"));
            }
        }
        let index = index(&text);
        let mut reached: BTreeSet<u8> = BTreeSet::from([0]);
        loop {
            let users = edges.iter().filter(|(_, to)| reached.contains(to)).map(|(from, _)| *from);
            let more: BTreeSet<u8> = users.chain(reached.iter().copied()).collect();
            if more == reached {
                break;
            }
            reached = more;
        }
        reached.remove(&0);
        let expected: Vec<String> = reached.iter().map(|number| format!("m{number}.py")).collect();
        let (found, more) = impact(&index, &BTreeSet::from(["m0.py".to_owned()]), WIDE);
        let found: Vec<String> = found.into_iter().map(|one| one.path).collect();
        prop_assert_eq!((found, more), (expected, false));
    }
}
