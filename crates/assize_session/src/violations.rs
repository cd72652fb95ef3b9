//! What a session broke and has not repaired.

use assize_ledger::{Map, Value};

use crate::KeptError;
use crate::fields::{integer, list, maps, maybe_integer, maybe_text, text, texts};

/// Open violations of one session.
const OPEN_MAX: usize = 1_000;
/// Files besides its own that one violation is about.
const FILES_MAX: usize = 40;

/// A breach that is not repaired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The finding's fingerprint.
    pub id: String,
    pub control: String,
    pub path: String,
    /// 0 where an entry does not say.
    pub line: i64,
    pub message: String,
    /// The word of its severity.
    pub severity: String,
    /// The files that it came from, and those that rest on its own: repairing it may touch them.
    pub files: Vec<String>,
    /// The number of its entry.
    pub sequence: u64,
    pub time_ms: i64,
    /// How many calls that change something were answered since.
    pub calls: i64,
    /// When a person was called, and by what: `command` or `nobody`.
    pub asked: Option<(i64, String)>,
}

impl Open {
    /// Whether a repair may touch this path below the root. One with a slash at its end is a
    /// folder of which nobody knows what in it is meant.
    pub fn is_about(&self, path: &str) -> bool {
        let fits = |own: &str| {
            own == path || own.strip_prefix(path).is_some_and(|rest| is_below(path, rest))
        };
        fits(&self.path) || self.files.iter().any(|own| fits(own))
    }
}

/// Whether what follows a path makes it one below.
fn is_below(path: &str, rest: &str) -> bool {
    path.is_empty() || path.ends_with('/') || rest.starts_with('/')
}

/// The open violations of a session, by the entries that open and close them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Violations {
    pub(crate) open: Vec<Open>,
}

impl Violations {
    pub(crate) fn begin(&mut self, sequence: u64, time_ms: i64, payload: &Map) {
        let member = |key| maybe_text(payload, key).unwrap_or_default();
        let id = member("id");
        if self.open.len() >= OPEN_MAX || self.open.iter().any(|one| one.id == id) {
            return;
        }
        let mut files = texts(payload, "causes");
        files.extend(impact(payload));
        files.truncate(FILES_MAX);
        self.open.push(Open {
            id,
            control: member("control"),
            path: member("path"),
            line: maybe_integer(payload, "line").unwrap_or(0),
            message: member("message"),
            // Only breaches were ever recorded.
            severity: maybe_text(payload, "severity").unwrap_or_else(|| "error".to_owned()),
            files,
            sequence,
            time_ms,
            calls: 0,
            asked: None,
        });
    }

    /// Its control ran clean, or a person let it be.
    pub(crate) fn end(&mut self, payload: &Map) {
        let mut closed = texts(payload, "violations");
        closed.extend(texts(payload, "waived"));
        self.open.retain(|one| !closed.contains(&one.id));
    }

    /// A person is asked about one of them.
    pub(crate) fn asked(&mut self, time_ms: i64, payload: &Map) {
        let id = maybe_text(payload, "violation").unwrap_or_default();
        let who = maybe_text(payload, "asked").unwrap_or_default();
        for one in self.open.iter_mut().filter(|one| one.id == id) {
            one.asked = Some((time_ms, who.clone()));
        }
    }

    /// A call was answered. One that only looks repairs nothing, and need not.
    pub(crate) fn called(&mut self, payload: &Map) {
        let tool = maybe_text(payload, "tool").unwrap_or_default();
        if !payload.contains_key("call") || matches!(tool.as_str(), "read" | "search" | "web") {
            return;
        }
        for one in &mut self.open {
            one.calls = one.calls.saturating_add(1);
        }
    }

    pub(crate) fn value(&self) -> Value {
        Value::List(self.open.iter().map(put).collect())
    }

    pub(crate) fn of(map: &Map, key: &str) -> Result<Self, KeptError> {
        let open = maps(map, key).into_iter().map(take).collect::<Result<_, _>>()?;
        Ok(Self { open })
    }
}

/// The paths of what rests on a violation's file.
fn impact(payload: &Map) -> impl Iterator<Item = String> {
    maps(payload, "impact").into_iter().filter_map(|one| maybe_text(one, "path"))
}

fn put(open: &Open) -> Value {
    let sequence = i64::try_from(open.sequence).unwrap_or(i64::MAX);
    let mut map = Map::from([
        ("id".to_owned(), open.id.as_str().into()),
        ("control".to_owned(), open.control.as_str().into()),
        ("path".to_owned(), open.path.as_str().into()),
        ("line".to_owned(), open.line.into()),
        ("message".to_owned(), open.message.as_str().into()),
        ("severity".to_owned(), open.severity.as_str().into()),
        ("files".to_owned(), list(&open.files)),
        ("sequence".to_owned(), sequence.into()),
        ("time".to_owned(), open.time_ms.into()),
        ("calls".to_owned(), open.calls.into()),
    ]);
    if let Some((time_ms, who)) = &open.asked {
        map.insert("asked-at".to_owned(), (*time_ms).into());
        map.insert("asked".to_owned(), who.as_str().into());
    }
    Value::Map(map)
}

fn take(map: &Map) -> Result<Open, KeptError> {
    Ok(Open {
        id: text(map, "id")?,
        control: text(map, "control")?,
        path: text(map, "path")?,
        line: integer(map, "line")?,
        message: text(map, "message")?,
        severity: text(map, "severity")?,
        files: texts(map, "files"),
        sequence: u64::try_from(integer(map, "sequence")?).unwrap_or(0),
        time_ms: integer(map, "time")?,
        calls: integer(map, "calls")?,
        asked: maybe_integer(map, "asked-at").zip(maybe_text(map, "asked")),
    })
}

#[cfg(test)]
mod tests {
    use assize_ledger::{Map, Value};

    use super::Violations;

    fn breach(id: &str) -> Map {
        let importer = Map::from([("path".to_owned(), Value::from("shop/api.py"))]);
        Map::from([
            ("id".to_owned(), id.into()),
            ("path".to_owned(), "shop/a.py".into()),
            ("causes".to_owned(), Value::List(vec!["shop/gone.py".into()])),
            ("impact".to_owned(), Value::List(vec![Value::Map(importer)])),
        ])
    }

    fn call(tool: &str) -> Map {
        Map::from([("tool".to_owned(), tool.into()), ("call".to_owned(), "1".into())])
    }

    #[test]
    fn a_violation_is_about_its_file_its_causes_and_what_rests_on_it() {
        let mut all = Violations::default();
        all.begin(3, 5, &breach("f"));
        let open = &all.open[0];
        for path in ["shop/a.py", "shop/gone.py", "shop/api.py", "shop", "shop/", ""] {
            assert!(open.is_about(path), "{path}");
        }
        for path in ["shop/b.py", "shop/a", "sho", "sho/", "shop/a.py/x", "other/"] {
            assert!(!open.is_about(path), "{path}");
        }
    }

    #[test]
    fn calls_that_could_have_repaired_it_are_counted() {
        let mut all = Violations::default();
        all.called(&call("edit"));
        all.begin(3, 5, &breach("f"));
        for tool in ["edit", "read", "search", "web", "shell"] {
            all.called(&call(tool));
        }
        all.called(&Map::new());
        assert_eq!(all.open[0].calls, 2);
        assert_eq!(all.open[0].asked, None);
        let asked = [("violation", "f"), ("asked", "nobody")];
        let asked = asked.map(|(key, text)| (key.to_owned(), Value::from(text)));
        all.asked(9, &Map::from(asked));
        assert_eq!(all.open[0].asked, Some((9, "nobody".to_owned())));
        let kept = Map::from([("open".to_owned(), all.value())]);
        assert_eq!(Violations::of(&kept, "open").ok(), Some(all));
    }

    #[test]
    fn a_word_closes_nothing_and_a_waiver_of_a_person_does() {
        let mut all = Violations::default();
        all.begin(3, 5, &breach("f"));
        let list = |id: &str| Value::List(vec![id.into()]);
        for (key, id) in [("violations", "g"), ("fixed", "f"), ("claimed", "f")] {
            all.end(&Map::from([(key.to_owned(), list(id))]));
            assert_eq!(all.open.len(), 1, "{key}");
        }
        all.end(&Map::from([("waived".to_owned(), list("f"))]));
        assert!(all.open.is_empty());
    }
}
