//! Port registries: files that say which service has which port of the host.
//!
//! A registry is told by its name, or by the configuration. Extraction does not know the
//! configuration, so tables of ports and services in other documents yield the same facts, marked
//! `UNRESOLVED`: they count only where the configuration names the file.

mod document;
mod numbers;
mod tree;

use assize_model::Span;

use crate::{Extraction, FactKind, FileFlags, Flags, Language, Role};

/// More rows than this is a data set; there are 65,535 ports.
const ROWS_MAX: usize = 65_535;

/// Reads a file whose name says that it is a port registry.
pub(crate) fn extract(sheet: &mut Extraction<'_>) {
    if !is_register(sheet.path.name()) {
        return;
    }
    let rows = match sheet.dialect.language() {
        Language::Markdown => document::rows(sheet.text),
        Language::Yaml | Language::Json | Language::Toml => tree::rows(sheet.text, sheet.dialect),
        _ if sheet.path.extension() == Some("csv") => document::comma_rows(sheet.text),
        _ => Vec::new(),
    };
    if rows.is_empty() {
        return;
    }
    sheet.mark(FileFlags::PORT_REGISTRY);
    write(sheet, rows, Flags::NONE);
}

/// Reads a table of a document that does not call itself a registry.
pub(crate) fn unnamed_table(sheet: &mut Extraction<'_>, span: Span) {
    let Some(table) = sheet.text.get(span.start..span.end) else { return };
    let mut rows = document::table_rows(table, "");
    for row in &mut rows {
        row.span = Span::new(row.span.start + span.start, row.span.end + span.start);
    }
    write(sheet, rows, Flags::UNRESOLVED);
}

/// One line of a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    ports: Vec<u16>,
    service: String,
    /// The heading or section in which it stands.
    section: String,
    span: Span,
}

fn write(sheet: &mut Extraction<'_>, rows: Vec<Row>, flags: Flags) {
    for row in rows.into_iter().take(ROWS_MAX) {
        for port in row.ports {
            sheet
                .fact(FactKind::Port, Role::Definition, port.to_string(), row.span)
                .value(row.service.as_str())
                .item(row.section.as_str())
                .flags(flags)
                .done();
        }
    }
}

/// Whether a file that is named after port registries is one: an audit of the registry, a page
/// about it or its test is none.
fn is_register(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    let words: Vec<&str> = stem.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let joined = words.concat();
    let rest = ["portsregistry", "portregistry"].iter().find_map(|head| joined.strip_prefix(head));
    matches!(
        rest,
        Some(
            "" | "actual"
                | "current"
                | "master"
                | "main"
                | "global"
                | "table"
                | "list"
                | "prod"
                | "production"
                | "staging"
                | "dev"
                | "development"
                | "local"
        )
    )
}

/// A service's name without marks of emphasis, status signs and notes in brackets.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '*' | '`' => {}
            '[' => break,
            _ if !letter.is_ascii() && !letter.is_alphanumeric() => break,
            _ => out.push(letter),
        }
    }
    out.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | ':' | '|' | ',')).to_owned()
}

#[cfg(test)]
mod tests {
    use assize_model::{FileClass, LineIndex, RepoPath};

    use crate::{FactKind, FileFlags, Flags, extract};

    /// `port service section` of every row, a `?` before those that count only if configured.
    fn rows(path: &str, text: &str) -> Vec<String> {
        let lines = LineIndex::new(text);
        let path = RepoPath::new(path).unwrap();
        let found = extract(&path, FileClass::Production, text, &lines);
        found
            .facts
            .iter()
            .filter(|fact| fact.kind == FactKind::Port)
            .map(|fact| {
                let mark = if fact.flags.has(Flags::UNRESOLVED) { "?" } else { "" };
                let line = fact.place.line;
                format!("{mark}{}={}@{}:{line}", fact.key, fact.value, fact.item)
            })
            .collect()
    }

    #[test]
    fn lists_and_tables_of_a_document() {
        let text = "# Ports\n\n- 8000-8999: everything of ours\n- **8000**: API (web-api) ✅ up\n\
            - `8001/8002` - Cache\n* queue: 8003 (amqp)\n- 8010-8012: Traces\n\n```\n- 9999: no\n```\n\
            ## Data\n| Service | Host Port | Container Port |\n|---|---|---|\n\
            | **db** | 5432/tcp | 5433 |\n| idle | - | 1 |\n";
        assert_eq!(
            rows("docs/PortRegistry.md", text),
            [
                "8000=API (web-api)@Ports:4",
                "8001=Cache@Ports:5",
                "8002=Cache@Ports:5",
                "8003=queue@Ports:6",
                "8010=Traces@Ports:7",
                "8011=Traces@Ports:7",
                "8012=Traces@Ports:7",
                "5432=db@Data:15",
            ]
        );
    }

    #[test]
    fn documents_of_other_names_count_only_if_configured() {
        let text = "| Port | Service |\n|:--|:--|\n| 80 | web |\n\n| Port | Colour |\n|--|--|\n| 81 | red |\n";
        assert_eq!(rows("docs/network.md", text), ["?80=web@:3"]);
        assert!(rows("PORT_REGISTRY_AUDIT_REPORT.md", "- 8000: web\n").is_empty());
    }

    #[test]
    fn structured_registries() {
        let yaml = "port_ranges:\n  web: [8000, 8099]\ncore:\n  api: 8000\n  store:\n    http: 8001\n\
            total_services: 90\nlist:\n  - port: 8002\n    service: cache\n    internal_port: 6379\n\
            by_port:\n  8003:\n    service: queue\n    description: amqp\n  8004: mail\n";
        assert_eq!(
            rows("port-registry.yaml", yaml),
            [
                "8000=api@core:4",
                "8001=store http@core:6",
                "8002=cache@list:9",
                "8003=queue@by_port:13",
                "8004=mail@by_port:16",
            ]
        );
        let json = r#"{"services": [{"name": "a", "host_port": 80}], "c": {"ports": ["81:8080"]}}"#;
        assert_eq!(rows("port-registry.json", json), ["80=a@services:1", "81=c@c:1"]);
        assert_eq!(rows("port_registry.toml", "[ports]\nweb = 8080\n"), ["8080=web@ports:2"]);
        let csv = "port,service\n8080,web\n8081,\"a, b\"\n";
        assert_eq!(rows("port_registry.csv", csv), ["8080=web@:2", "8081=a, b@:3"]);
    }

    #[test]
    fn the_file_is_marked() {
        let text = "- 80: web\n";
        let lines = LineIndex::new(text);
        let path = RepoPath::new("PORT-REGISTRY.md").unwrap();
        let found = extract(&path, FileClass::Doc, text, &lines);
        assert!(found.flags.has(FileFlags::PORT_REGISTRY));
    }

    #[test]
    fn deep_and_broken_input_is_survived() {
        let deep = "- ".repeat(20_000);
        assert!(rows("port-registry.yaml", &deep).is_empty());
        assert!(rows("port-registry.yaml", "a: [1, 2\nb: }").is_empty());
        assert!(rows("port-registry.toml", "a = [").is_empty());
        assert!(rows("port-registry.md", "|port|service|\n|-|-|\n|").is_empty());
    }
}
