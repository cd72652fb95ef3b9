//! Trees and files of a size that nobody works in, and everybody meets.

use std::time::{Duration, Instant};

use crate::scene::{SHOP, SHOP_FINDINGS, Scene};

#[test]
fn two_hundred_megabytes_are_named_and_not_read() {
    let scene = Scene::of(SHOP);
    let sizes = [("data/dump.sql", 200 << 20), ("shop/large.py", 17 << 20), (".env", 200 << 20)];
    for (name, size) in sizes {
        scene.write(name, "");
        std::fs::File::create(scene.path(name)).unwrap().set_len(size).unwrap();
    }
    let started = Instant::now();
    let report = scene.check(&[]);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(report.findings(), SHOP_FINDINGS);
    let expected = [".env too-large", "data/dump.sql too-large", "shop/large.py too-large"];
    assert_eq!(report.problems(), expected);
    assert!(report.count("bytes") > 400 << 20);
}

#[test]
fn a_file_at_the_limit_is_read_and_one_byte_more_is_not() {
    let scene = Scene::of(SHOP);
    let line = "#".repeat(1_023) + "\n";
    let most = line.repeat(16 << 10);
    scene.write("shop/most.py", &most);
    scene.write("shop/more.py", most + "#");
    let report = scene.check(&[]);
    assert_eq!(report.findings(), SHOP_FINDINGS);
    assert_eq!(report.problems(), ["shop/more.py too-large"]);
    assert_eq!(report.count("parsed"), 5);
}

#[test]
fn twenty_thousand_files_are_read_once() {
    let scene = Scene::of(SHOP);
    for folder in 0..200 {
        let folder_path = scene.path(format!("data/part{folder}"));
        std::fs::create_dir_all(&folder_path).unwrap();
        for file in 0..100 {
            let text = format!("x = {}\n", folder * 100 + file);
            std::fs::write(folder_path.join(format!("f{file}.py")), text).unwrap();
        }
    }
    let cold = scene.check(&[]);
    assert_eq!(
        (cold.count("files"), cold.findings()),
        (20_004, SHOP_FINDINGS.map(str::to_owned).to_vec())
    );
    std::thread::sleep(Duration::from_millis(2_100));
    scene.check(&[]);
    let started = Instant::now();
    let warm = scene.check(&[]);
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
    assert_eq!(warm.stable_bytes(), cold.stable_bytes());
    assert_eq!(warm.count("parsed"), cold.count("parsed"));
}

#[test]
fn a_path_of_many_folders_is_read() {
    let scene = Scene::of(SHOP);
    let deep = "d/".repeat(400) + "a.py";
    let deep = deep.as_str();
    std::fs::create_dir_all(scene.path(&deep[..deep.len() - 4])).unwrap();
    scene.write(deep, "import os\n\nx = os.environ[\"DEEP_KEY\"]\n");
    let report = scene.check(&[]);
    assert_eq!(report.findings().len(), 3);
    assert!(report.problems().is_empty(), "{:?}", report.problems());
}
