//! The arguments of a call, read strictly: a misspelt one that is passed over gives an answer to
//! another question.

use serde_json::{Map, Value};

/// No name, pattern or path is longer.
const TEXT_BYTES_MAX: usize = 4096;

/// The arguments of one call, none of them unknown.
pub(super) struct Arguments<'a>(&'a Map<String, Value>);

impl<'a> Arguments<'a> {
    /// `known` holds a member for each argument that there is.
    pub(super) fn new(given: &'a Map<String, Value>, known: &Value) -> Result<Self, String> {
        match given.keys().find(|key| known.get(key.as_str()).is_none()) {
            None => Ok(Self(given)),
            Some(unknown) => {
                let names = known.as_object().into_iter().flat_map(Map::keys);
                let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
                let unknown: String = unknown.chars().take(80).collect();
                Err(format!("there is no argument `{unknown}`: there are {}", names.join(", ")))
            }
        }
    }

    /// A text that must be there, of at most so many bytes.
    pub(super) fn long(&self, name: &str, bytes_max: usize) -> Result<&'a str, String> {
        match self.0.get(name) {
            Some(Value::String(text)) if text.len() <= bytes_max => Ok(text),
            Some(Value::String(_)) => {
                Err(format!("`{name}` is longer than {bytes_max} bytes: send less"))
            }
            Some(_) => Err(format!("`{name}` must be a text")),
            None => Err(format!("`{name}` is missing")),
        }
    }

    /// A short text that must be there.
    pub(super) fn text(&self, name: &str) -> Result<&'a str, String> {
        let text = self.long(name, TEXT_BYTES_MAX)?.trim();
        if text.is_empty() { Err(format!("`{name}` is empty")) } else { Ok(text) }
    }

    /// A short text that may be missing.
    pub(super) fn maybe(&self, name: &str) -> Result<Option<&'a str>, String> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(_) => self.text(name).map(Some),
        }
    }

    /// A number from 0 to `most`.
    pub(super) fn number(&self, name: &str, default: usize, most: usize) -> Result<usize, String> {
        let Some(value) = self.0.get(name).filter(|value| !value.is_null()) else {
            return Ok(default);
        };
        let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
        number
            .filter(|number| *number <= most)
            .ok_or_else(|| format!("`{name}` must be a number from 0 to {most}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Arguments;

    #[test]
    fn what_does_not_fit_is_said() {
        let known = json!({ "a": {}, "n": {} });
        let given = |value: serde_json::Value| value.as_object().cloned().unwrap();
        let wrong = given(json!({ "b": 1 }));
        let said = Arguments::new(&wrong, &known).err().unwrap();
        assert_eq!(said, "there is no argument `b`: there are `a`, `n`");
        for (value, why) in [
            (json!({}), "`a` is missing"),
            (json!({ "a": 1 }), "`a` must be a text"),
            (json!({ "a": " " }), "`a` is empty"),
            (json!({ "a": "x".repeat(5000) }), "`a` is longer than 4096 bytes: send less"),
        ] {
            let map = given(value);
            assert_eq!(Arguments::new(&map, &known).unwrap().text("a").unwrap_err(), why);
        }
        let map = given(json!({ "a": " x ", "n": 3 }));
        let arguments = Arguments::new(&map, &known).unwrap();
        assert_eq!(arguments.text("a"), Ok("x"));
        assert_eq!((arguments.number("n", 1, 3), arguments.number("m", 1, 3)), (Ok(3), Ok(1)));
        for value in [json!(4), json!(-1), json!("3"), json!(1.5)] {
            let map = given(json!({ "n": value }));
            assert!(Arguments::new(&map, &known).unwrap().number("n", 1, 3).is_err());
        }
    }
}
