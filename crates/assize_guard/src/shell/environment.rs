//! The environment as a text: what prints it, and who seeks secrets in it.
//!
//! To print it is ordinary. It counts as a file of credentials only where it goes on: to a host, or
//! through a filter that seeks secrets by name.

use crate::{Effect, Place};

use super::call::Call;
use super::walk::Walk;
use super::word::{Options, Stream, Word};

/// The environment as a place.
const ENVIRONMENT: &str = "/proc/self/environ";

/// Parts of names that say secret.
const SECRET: [&str; 8] =
    ["secret", "token", "passw", "credential", "apikey", "api_key", "access_key", "_key"];

impl Walk<'_> {
    /// What a command prints of the environment.
    pub(super) fn environment(&mut self, call: &Call<'_>) -> Option<Stream> {
        self.sought_in_environment(call);
        let options = Options::of(call.words, &["-u"]);
        let bare = options.operands.is_empty();
        let shows = match call.name {
            "env" | "set" => bare,
            "printenv" => bare || options.operands.iter().any(|word| is_secret_name(&word.text)),
            "export" | "declare" | "typeset" | "readonly" => bare && options.has(&["-p", "-x"]),
            "compgen" => options.has(&["-v", "-e"]),
            _ => false,
        };
        shows.then(|| Stream::Files(vec![Place::Known(ENVIRONMENT.to_owned())]))
    }

    /// A filter that seeks secrets by name in the environment.
    fn sought_in_environment(&mut self, call: &Call<'_>) {
        let whole = call.input.files().contains(&Place::Known(ENVIRONMENT.to_owned()));
        let filters = matches!(call.name, "grep" | "egrep" | "rg" | "ag" | "awk" | "sed" | "ack");
        let quiet = call.words.iter().any(|word| word.is("-q") || word.is("-c") || word.is("-v"));
        let seeks = |word: &Word| {
            let lower = word.text.to_ascii_lowercase();
            let hides = lower.contains("s/") || lower.contains("gsub");
            !word.is_option() && !hides && is_secret_name(&lower)
        };
        if whole && filters && !quiet && call.words.iter().any(seeks) {
            self.push(Effect::Read(Place::Known(ENVIRONMENT.to_owned())));
        }
    }

    /// Code that prints the whole environment.
    pub(super) fn environment_of_code(code: &str) -> Option<Stream> {
        let dense: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let whole = [
            "print(os.environ)",
            "print(dict(os.environ))",
            "dict(os.environ)",
            "os.environ.items()",
            "console.log(process.env)",
            "JSON.stringify(process.env)",
            "ENV.to_h",
            "ENV.each",
            "pENV",
            "puts ENV",
            "print_r($_ENV)",
            "%ENV",
            "Deno.env.toObject()",
            "repr(os.environ)",
            "json.dumps(dict(os.environ))",
        ];
        let shows = whole.iter().any(|text| dense.contains(text)) || dense == "process.env";
        shows.then(|| Stream::Files(vec![Place::Known(ENVIRONMENT.to_owned())]))
    }
}

fn is_secret_name(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    SECRET.iter().any(|part| lower.contains(part))
}
