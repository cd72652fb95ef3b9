//! The tour: every answer is the promised one, and nothing of the reader's is touched.

use crate::scene::Scene;

#[test]
fn every_step_of_the_tour_is_answered_as_promised() {
    let scene = Scene::bare();
    let ended = scene.run(&["demo"]).expect(0);
    let text = ended.text();
    for control in ["syntax-parse", "phantom-local-import", "search-before-create", "exfiltrate"] {
        assert!(text.contains(control), "{control} is not in {text}");
    }
    assert_eq!(text.matches("refused").count(), 5, "{text}");
    assert!(text.contains("sound") && text.contains("not as it was written"), "{text}");
    assert!(!text.contains("correct-horse"), "{text}");
    assert!(!scene.folder().join("home/.local").exists(), "the reader's own record was touched");
}

#[test]
fn the_copy_can_be_kept() {
    let scene = Scene::bare();
    let ended = scene.run(&["demo", "--keep"]).expect(0);
    let text = ended.text();
    let line = text.lines().find_map(|line| line.strip_prefix("The copy stays in ")).unwrap();
    let copy = std::path::Path::new(line);
    assert!(copy.join(".git").is_dir());
    std::fs::remove_dir_all(copy.parent().unwrap()).unwrap();
}
