//! What Makefiles yield.

use assize_model::{FileClass, LineIndex, RepoPath};

use crate::{FactKind, FileFacts, Flags, Role, extract};

fn file(path: &str, text: &str) -> FileFacts {
    let path = RepoPath::new(path).unwrap();
    extract(&path, FileClass::Production, text, &LineIndex::new(text))
}

fn keys(facts: &FileFacts, kind: FactKind, role: Role) -> Vec<&str> {
    let facts = facts.facts.iter().filter(|fact| fact.kind == kind && fact.role == role);
    facts.map(|fact| fact.key.as_str()).collect()
}

#[test]
fn rules_define_targets() {
    let text = ".PHONY: build all\nbuild test: deps ; ./a.sh\n\t@echo\n%.o: %.c\n\tcc $<\n\
        OUT := out\n$(OUT)/x: y\nurl = http://x/y\nall:: build\nx y &: z\n\
        debug: CFLAGS = -g\nifdef A\nb:\nelse\nc:\nendif\n# d:\n";
    let facts = file("sub/Makefile", text);
    assert_eq!(
        keys(&facts, FactKind::Target, Role::Definition),
        [
            "make:build",
            "make:test",
            "make:%.o",
            "make:out/x",
            "make:all",
            "make:x",
            "make:y",
            "make:debug",
            "make:b",
            "make:c",
        ]
    );
    assert!(facts.errors.is_empty(), "{:?}", facts.errors);
    let pattern = facts.facts.iter().find(|fact| fact.key == "make:%.o").unwrap();
    assert!(pattern.flags.has(Flags::GLOB) && pattern.value == "sub");
}

#[test]
fn what_make_computes_opens_the_set() {
    for text in ["include x.mk\n", "$(eval $(call T,a))\n", "$(TARGETS): x\n", "%:\n\techo\n"] {
        let facts = file("Makefile", text);
        assert!(keys(&facts, FactKind::Target, Role::Definition).contains(&"make:*"), "{text}");
    }
}

#[test]
fn recipes_are_shell() {
    let text = "PY ?= python3\nQ = @\nDIR = tools\nexport LEVEL = 3\n\
        a:\n\t@$(PY) $(DIR)/x.py \\\n\t  --flag\n\t$(Q)$(MAKE) -C sub b\n\t-cd $(CURDIR)/c && ./d.sh\n\
        \t$(UNKNOWN)/e.sh\n\tfor f in $$x; do sh f.sh; done\n\tcd g\n\t./h.sh\n";
    let facts = file("sub/Makefile", text);
    assert_eq!(
        keys(&facts, FactKind::Command, Role::Reference),
        [
            "file:sub/tools/x.py",
            "make:b",
            "file:sub/c/d.sh",
            "file:${_}/e.sh",
            "file:sub/f.sh",
            "file:sub/h.sh",
        ]
    );
    let defined = keys(&facts, FactKind::Env, Role::Definition);
    assert_eq!(defined, ["PY", "DIR", "LEVEL"]);
    let make = facts.facts.iter().find(|fact| fact.key == "make:b").unwrap();
    assert_eq!((make.value.as_str(), make.item.as_str()), ("sub/sub", "a"));
    let one = file("Makefile", ".ONESHELL:\na:\n\tcd g\n\t./h.sh\n");
    assert_eq!(keys(&one, FactKind::Command, Role::Reference), ["file:g/h.sh"]);
}

#[test]
fn a_line_without_meaning_is_a_fault() {
    let fault = |text: &str| file("Makefile", text).errors.first().map(|e| e.place.line);
    assert_eq!(fault("a:\n    echo a\n"), Some(2));
    assert_eq!(fault("a:\n\techo a\nnonsense\n"), Some(3));
    for text in [
        "a:\n\techo \\\n    continued\n",
        "define X\n  echo a\nendef\n",
        ".RECIPEPREFIX = >\na:\n> echo a\n",
        "ifeq (a, b)\n  include x\nendif\n",
        "a:\n    $(info x)\n",
        "# comment \\\n  goes on\n",
        "a:\n\techo a\n\n    # a comment\n",
        "export\n",
        "-include x\n",
        "vpath %.c src\n",
        ".if x\n.endif\n",
    ] {
        assert_eq!(fault(text), None, "{text}");
    }
    assert_eq!(file("rules.mk", "a:\n    echo a\n").errors.len(), 0);
}

#[test]
fn values_that_lead_to_each_other_end() {
    let mut text = String::from("A = $(B)$(B)$(B)$(B)\nB = $(A)$(A)$(A)$(A)\n");
    text.push_str("a:\n\t./$(A).sh\n\t./$(\n\t./$\n\t./${A\n");
    let _ = file("Makefile", &text);
    let whole = "a b: c ; x\n\t@$(call f,\\\n\té) ${X} $$y\ndefine é\nendef\nX ?= $(shell ls)\n";
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        let _ = file("Makefile", &whole[..end]);
    }
}
