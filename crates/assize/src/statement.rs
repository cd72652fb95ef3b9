//! What a person says who allows something: the words that are signed, and the entry that holds
//! them.

use assize_ledger::{Map, Value};

/// One approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// Random, so that no approval can be had twice by writing its entry again.
    pub(crate) approval: String,
    pub(crate) request: String,
    /// The hash of the call, of its folder and of its files.
    pub(crate) call_hash: String,
    pub(crate) controls: Vec<String>,
    /// The last day; without one it counts once.
    pub(crate) until: Option<String>,
    pub(crate) reason: String,
    pub(crate) person: String,
}

impl Statement {
    /// The text that a person signs, one member a line.
    pub(crate) fn text(&self) -> String {
        let line = |name: &str, value: &str| format!("{name}: {}\n", value.replace('\n', " "));
        [
            "assize approval 1\n".to_owned(),
            line("approval", &self.approval),
            line("request", &self.request),
            line("call", &self.call_hash),
            line("controls", &self.controls.join(" ")),
            line("until", self.until.as_deref().unwrap_or("once")),
            line("person", &self.person),
            line("reason", &self.reason),
        ]
        .concat()
    }

    /// The members of its entry.
    pub(crate) fn payload(&self, signature: Option<&str>) -> Map {
        let controls = self.controls.iter().map(|control| control.as_str().into()).collect();
        let mut payload = Map::from([
            ("approval".to_owned(), self.approval.as_str().into()),
            ("request".to_owned(), self.request.as_str().into()),
            ("call-hash".to_owned(), self.call_hash.as_str().into()),
            ("controls".to_owned(), Value::List(controls)),
            ("reason".to_owned(), self.reason.as_str().into()),
            ("person".to_owned(), self.person.as_str().into()),
            ("strength".to_owned(), signature.map_or("local", |_| "signed").into()),
        ]);
        if let Some(until) = &self.until {
            payload.insert("until".to_owned(), until.as_str().into());
        }
        if let Some(signature) = signature {
            payload.insert("signature".to_owned(), signature.into());
        }
        payload
    }

    /// The statement in an entry.
    pub(crate) fn of_payload(payload: &Map) -> Option<Self> {
        let text = |key: &str| match payload.get(key) {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let Some(Value::List(controls)) = payload.get("controls") else { return None };
        let control = |value: &Value| match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        };
        Some(Self {
            approval: text("approval")?,
            request: text("request")?,
            call_hash: text("call-hash")?,
            controls: controls.iter().map(control).collect::<Option<_>>()?,
            until: text("until"),
            reason: text("reason")?,
            person: text("person")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Statement;

    #[test]
    fn an_entry_gives_back_the_words_that_were_signed() {
        let statement = Statement {
            approval: "a1".to_owned(),
            request: "r1".to_owned(),
            call_hash: "00ff".to_owned(),
            controls: vec!["x".to_owned(), "y".to_owned()],
            until: None,
            reason: "a\nuntil: 2099-01-01".to_owned(),
            person: "me".to_owned(),
        };
        assert_eq!(Statement::of_payload(&statement.payload(Some("s"))), Some(statement.clone()));
        assert_eq!(statement.text().lines().count(), 8);
        let later = Statement { until: Some("2026-01-01".to_owned()), ..statement.clone() };
        assert_ne!(later.text(), statement.text());
        assert_eq!(Statement::of_payload(&later.payload(None)), Some(later));
    }
}
