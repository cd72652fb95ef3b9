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

pub(crate) const PAGES: [Page; 4] = [
    Page {
        name: "authority-precedence",
        kind: Kind::Runtime,
        doc: include_str!("authority_precedence.md"),
    },
    Page { name: "ledger-append", kind: Kind::Runtime, doc: include_str!("ledger_append.md") },
    Page { name: "ledger-gap", kind: Kind::Gate, doc: include_str!("ledger_gap.md") },
    Page { name: "ledger-verify", kind: Kind::Runtime, doc: include_str!("ledger_verify.md") },
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
            assert!(!book.clauses_of(page.name).is_empty(), "{}", page.name);
        }
    }
}
