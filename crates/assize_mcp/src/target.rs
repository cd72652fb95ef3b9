//! What outside of files a server rests on: containers, images, packages, processes.

use crate::definition::Definition;

/// What one server runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Target {
    pub containers: Vec<String>,
    pub images: Vec<String>,
    pub packages: Vec<String>,
}

const ENGINES: [&str; 3] = ["docker", "podman", "nerdctl"];
/// Programs that run a package by its name.
const RUNNERS: [&str; 6] = ["npx", "bunx", "uvx", "pipx", "pnpx", "pkgx"];
/// Options of engines that take a value as the next word.
#[rustfmt::skip]
const VALUED: [&str; 16] = [
    "-e", "--env", "-v", "--volume", "-p", "--publish", "--network", "--net", "--env-file", "-w",
    "--workdir", "-u", "--user", "--mount", "--entrypoint", "--platform",
];
/// Options of runners that take a value as the next word.
const RUNNER_VALUED: [&str; 5] = ["--from", "--python", "--with", "--index-url", "--registry"];

/// What a server's command names.
pub fn target(definition: &Definition) -> Target {
    let mut target = Target::default();
    let Some(command) = &definition.command else { return target };
    let program = command.rsplit('/').next().unwrap_or(command);
    let words: Vec<&str> = definition.arguments.iter().map(String::as_str).collect();
    if ENGINES.contains(&program) {
        engine(&words, &mut target);
    } else if RUNNERS.contains(&program) {
        target.packages.extend(package(&words));
    }
    target
}

fn engine(words: &[&str], target: &mut Target) {
    let Some((verb, rest)) = words.split_first() else { return };
    let mut operand = None;
    let mut rest = rest.iter();
    while let Some(word) = rest.next() {
        if let Some(name) = word.strip_prefix("--name=") {
            target.containers.push(name.to_owned());
        } else if *word == "--name" {
            target.containers.extend(rest.next().map(|name| (*name).to_owned()));
        } else if VALUED.contains(word) {
            rest.next();
        } else if !word.starts_with('-') {
            operand = Some(*word);
            break;
        }
    }
    match (*verb, operand) {
        ("exec" | "start" | "attach", Some(name)) => target.containers.push(name.to_owned()),
        ("run", Some(image)) => target.images.push(image.to_owned()),
        _ => {}
    }
}

/// The package that a runner runs, without its version.
fn package(words: &[&str]) -> Option<String> {
    let mut rest = words.iter().skip_while(|word| **word == "run");
    while let Some(word) = rest.next() {
        let given = word.strip_prefix("--from=").or_else(|| word.strip_prefix("--package="));
        let named = given.or_else(|| {
            matches!(*word, "--from" | "-p" | "--package").then(|| rest.next().copied())?
        });
        if named.is_some() {
            return named.map(bare);
        }
        if RUNNER_VALUED.contains(word) {
            rest.next();
        } else if !word.starts_with('-') {
            return Some(bare(word));
        }
    }
    None
}

/// `@scope/name@1.0`, `name==1.0` and `name[extra]` without what follows the name.
fn bare(text: &str) -> String {
    let end = text.char_indices().skip(1).find(|(_, c)| "@=<>[~!".contains(*c));
    end.map_or(text, |(end, _)| text.get(..end).unwrap_or(text)).to_owned()
}

#[cfg(test)]
mod tests {
    use super::target;
    use crate::definition::Definition;

    #[test]
    fn what_a_server_rests_on() {
        let cases = [
            (
                r#"["run","-i","--rm","--name","mcp-db","-e","K","acme/mcp:1"]"#,
                "docker",
                "mcp-db acme/mcp:1 ",
            ),
            (r#"["exec","-i","graph","serve"]"#, "docker", "graph  "),
            (r#"["--yes","@upstash/context7-mcp@4.1.1"]"#, "npx", "  @upstash/context7-mcp"),
            (r#"["mcp-server-git==1.2"]"#, "uvx", "  mcp-server-git"),
            (r#"["--from","mcp-git[x]","serve"]"#, "uvx", "  mcp-git"),
            (r#"["a.js"]"#, "node", "  "),
        ];
        for (arguments, command, expected) in cases {
            let json = format!("{{\"command\":\"{command}\",\"args\":{arguments}}}");
            let found = target(&Definition::from_json(&json).unwrap());
            let lists = [found.containers, found.images, found.packages].map(|list| list.join(","));
            assert_eq!(lists.join(" "), expected, "{json}");
        }
    }
}
