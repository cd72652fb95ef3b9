//! What `assize mcp serve` answers: questions to the index, to the checks, to the rule book.
//!
//! Every tool only looks. There is none that grants, waives, records or writes, and there must be
//! none: whoever asks is the one whom the rules bind.

mod arguments;
mod book;
mod bounds;
mod check;
mod ground;
mod index;
mod search;
mod violations;

use std::path::Path;

use assize_serve::{Answer, Answers, Resource, Server, Tool};
use serde_json::{Map, Value, json};

use self::arguments::Arguments;
use self::ground::Ground;
use crate::failure::Failure;

/// A question that has no answer: what is wrong, and the way out.
type Asked = Result<Answer, String>;

/// One tool: its face, and the function behind it.
struct Entry {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    /// The properties of its arguments, as JSON schema has them.
    input: fn() -> Value,
    required: &'static [&'static str],
    call: fn(&Ground, &Arguments<'_>) -> Asked,
}

const TOOLS: [Entry; 5] = [
    Entry {
        name: "index_show",
        title: "Show what defines and what uses a thing",
        description: "What the repository defines and refers to, of one kind: routes, tables, \
                      environment variables, packages, symbols, commands, ports, paths and more. \
                      Without a key all of the kind, in pages.",
        input: index::input,
        required: &["kind"],
        call: index::show,
    },
    Entry {
        name: "search_before_create",
        title: "Find what is already there",
        description: "Ask this before making a file, type, function, table, route or environment \
                      variable: what has the same name, or one like it, and where.",
        input: search::input,
        required: &["name"],
        call: search::search,
    },
    Entry {
        name: "check_file",
        title: "Check a file before writing it",
        description: "What the guard would say if the file were written with this content: \
                      the verdict, and each finding with its place and what to do instead. \
                      Nothing is written.",
        input: check::input,
        required: &["path", "content"],
        call: check::check,
    },
    Entry {
        name: "explain_control",
        title: "Explain a control",
        description: "What a control looks for, why, with good and bad examples, and what it \
                      does not see. Denials and findings name their control.",
        input: book::control_input,
        required: &["control"],
        call: book::explain,
    },
    Entry {
        name: "rules",
        title: "Show the rule book",
        description: "The rules of the rule book with how far each is enforced; or one rule with \
                      its clauses and their controls.",
        input: book::rules_input,
        required: &[],
        call: book::rules,
    },
];

const RESOURCES: [Resource; 2] = [
    Resource {
        uri: book::URI,
        name: "rule-book",
        description: "All rules with their clauses.",
        mime: "text/markdown",
    },
    Resource {
        uri: violations::URI,
        name: "violations",
        description: "The breaches of all sessions in this repository that are not repaired.",
        mime: "application/json",
    },
];

const INSTRUCTIONS: &str = "Assize holds this repository to its rule book. Search before you \
                            create, and check a file before you write it: what is denied later \
                            is told here first. Nothing here changes or grants anything.";

/// The functions behind the server, for one repository.
pub(crate) struct Front {
    ground: Ground,
}

impl Front {
    /// # Errors
    /// There is no repository at the path.
    pub(crate) fn new(path: &Path) -> Result<Self, Failure> {
        Ok(Self { ground: Ground::new(path)? })
    }
}

impl Answers for Front {
    fn server(&self) -> Server {
        Server { name: "assize", version: env!("CARGO_PKG_VERSION"), instructions: INSTRUCTIONS }
    }

    fn tools(&self) -> Vec<Tool> {
        TOOLS.iter().map(tool).collect()
    }

    fn call(&self, tool: &str, arguments: &Map<String, Value>) -> Option<Answer> {
        let entry = TOOLS.iter().find(|entry| entry.name == tool)?;
        let schema = (entry.input)();
        let arguments = Arguments::new(arguments, &schema);
        let answer = arguments.and_then(|given| (entry.call)(&self.ground, &given));
        Some(bounds::whole(answer.unwrap_or_else(Answer::error)))
    }

    fn resources(&self) -> Vec<Resource> {
        RESOURCES.to_vec()
    }

    fn read(&self, uri: &str) -> Option<Result<String, String>> {
        match uri {
            book::URI => Some(book::whole(&self.ground)),
            violations::URI => Some(violations::open(&self.ground)),
            _ => None,
        }
    }
}

fn tool(entry: &Entry) -> Tool {
    let schema = json!({
        "type": "object",
        "properties": (entry.input)(),
        "required": entry.required,
        "additionalProperties": false,
    });
    let input = if let Value::Object(map) = schema { map } else { Map::new() };
    let Entry { name, title, description, .. } = *entry;
    Tool { name, title, description, input }
}
