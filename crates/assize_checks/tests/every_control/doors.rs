//! One file through the door of the guard gives what the whole pass gives for it.

use assize_checks::{Input, check_file};
use assize_index::{IndexedFile, Overlay};
use assize_model::{Finding, Problem};

use crate::shelf;

#[test]
fn a_file_alone_gives_what_the_whole_pass_gives_for_it() {
    let mut faults = String::new();
    for fixture in shelf::all() {
        let tree = &fixture.tree;
        let snapshot = tree.snapshot();
        let whole = tree.check();
        // Nobody writes the content of a link.
        let links = |file: &IndexedFile| tree.links.contains(file.record.path.as_str());
        for file in tree.indexed().into_iter().filter(|file| !links(file)) {
            let path = file.record.path;
            let bytes = &tree.files[path.as_str()];
            let input = Input { path: &path, class: file.record.class, bytes, before: None };
            let alone = check_file(&input, &snapshot, &Overlay::new(), &tree.settings());
            let findings: Vec<&Finding> =
                whole.findings.iter().filter(|f| f.path == path).collect();
            let problems: Vec<&Problem> =
                whole.problems.iter().filter(|p| p.path == path).collect();
            if findings != alone.findings.iter().collect::<Vec<_>>()
                || problems != alone.problems.iter().collect::<Vec<_>>()
            {
                let name = &fixture.name;
                faults.push_str(&format!(
                    "{name} {path}\n  whole {findings:#?} {problems:#?}\n  alone {alone:#?}\n"
                ));
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}
