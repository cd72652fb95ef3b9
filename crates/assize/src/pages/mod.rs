//! Controls that are neither checks nor guards: what the record and the gates do themselves.

use assize_rulebook::Kind;

/// A control and its page.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// What `assize explain` prints.
    pub(crate) doc: &'static str,
}

pub(crate) const PAGES: [Page; 16] = [
    Page {
        name: "authority-precedence",
        kind: Kind::Runtime,
        doc: include_str!("authority_precedence.md"),
    },
    Page { name: "changelog-touch", kind: Kind::Gate, doc: include_str!("changelog_touch.md") },
    Page { name: "fresh-tests", kind: Kind::Gate, doc: include_str!("fresh_tests.md") },
    Page { name: "ledger-append", kind: Kind::Runtime, doc: include_str!("ledger_append.md") },
    Page { name: "ledger-context", kind: Kind::Gate, doc: include_str!("ledger_context.md") },
    Page { name: "ledger-gap", kind: Kind::Gate, doc: include_str!("ledger_gap.md") },
    Page { name: "ledger-impact", kind: Kind::Runtime, doc: include_str!("ledger_impact.md") },
    Page { name: "ledger-verify", kind: Kind::Runtime, doc: include_str!("ledger_verify.md") },
    Page { name: "preflight-permit", kind: Kind::Gate, doc: include_str!("preflight_permit.md") },
    Page { name: "preflight-stale", kind: Kind::Guard, doc: include_str!("preflight_stale.md") },
    Page { name: "read-before-edit", kind: Kind::Gate, doc: include_str!("read_before_edit.md") },
    Page { name: "rulebook-hash", kind: Kind::Runtime, doc: include_str!("rulebook_hash.md") },
    Page { name: "rulebook-load", kind: Kind::Gate, doc: include_str!("rulebook_load.md") },
    Page { name: "violation-clear", kind: Kind::Gate, doc: include_str!("violation_clear.md") },
    Page {
        name: "violation-escalate",
        kind: Kind::Gate,
        doc: include_str!("violation_escalate.md"),
    },
    Page {
        name: "violation-record",
        kind: Kind::Runtime,
        doc: include_str!("violation_record.md"),
    },
];

#[cfg(test)]
mod tests {
    use assize_rulebook::RuleBook;

    use super::PAGES;

    #[test]
    fn the_rule_book_knows_each_with_its_kind() {
        let book = RuleBook::backend().unwrap();
        for page in &PAGES {
            let control = book.control(page.name).unwrap();
            assert!(control.kinds.contains(&page.kind), "{}", page.name);
            assert!(page.doc.starts_with(&format!("# {}\n", page.name)));
            // Some serve obligations outside of the rules.
            let serves = !book.clauses_of(page.name).is_empty() || !control.serves.is_empty();
            assert!(serves, "{}", page.name);
        }
    }
}
