//! The same bytes at any number of threads.

use assize_checks::{Hints, check_all};
use assize_index::{Overlay, View};
use assize_testkit::Tree;

use crate::shelf;

#[test]
fn one_thread_and_four_give_the_same_bytes() {
    let mut tree = Tree::default();
    for (number, fixture) in shelf::all().into_iter().enumerate() {
        // What a configuration says for a whole repository it cannot say in a part of one.
        let files = fixture.tree.files.into_iter();
        for (path, bytes) in files.filter(|(path, _)| path != "assize.toml") {
            tree.files.insert(format!("part{number}/{path}"), bytes);
        }
    }
    let snapshot = tree.snapshot();
    let overlay = Overlay::new();
    let view = View::new(&snapshot, &overlay);
    let settings = tree.settings();
    let at = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let pass = pool.install(|| check_all(view, &settings, Hints::Given));
        assert!(pass.findings.len() > 10, "the tree of all fixtures has findings");
        format!("{:#?}\n{:#?}\n{:#?}", pass.findings, pass.problems, pass.controls)
    };
    let one = at(1);
    for _ in 0..3 {
        assert!(one == at(4), "the result depends on the number of threads");
    }
}
