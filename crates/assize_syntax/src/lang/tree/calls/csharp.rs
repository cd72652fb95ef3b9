//! C#: a limit that is taken from `HttpClient`, and what is printed.
//!
//! The client gives up by itself, so that only what takes its limit away is kept.

use assize_grammars::Node;

use super::super::walk::Walk;
use super::{Said, counts, mentions, print, write};

const ENDLESS: [&str; 3] = [
    "System.Threading.Timeout.InfiniteTimeSpan",
    "Threading.Timeout.InfiniteTimeSpan",
    "Timeout.InfiniteTimeSpan",
];

/// What may end a request that has no limit of its own.
const STOPS: [&str; 3] = ["CancelAfter(", "CancellationToken", "WaitAsync("];

/// What sends a request, as far as the name tells.
const SENDS: [&str; 9] = [
    ".DeleteAsync(",
    ".GetAsync(",
    ".GetByteArrayAsync(",
    ".GetFromJsonAsync",
    ".GetStringAsync(",
    ".PostAsJsonAsync(",
    ".PostAsync(",
    ".PutAsync(",
    ".SendAsync(",
];

pub(in super::super) fn call(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let name = match walk.field(node, "function") {
        "Console.Write" | "System.Console.Write" => "Write",
        "Console.WriteLine" | "System.Console.WriteLine" => "WriteLine",
        _ => return,
    };
    if counts(walk, node) {
        print(walk, node, &format!("cs:Console.{name}"));
    }
}

/// `client.Timeout = Timeout.InfiniteTimeSpan`, also among the first values of a client: certain
/// where the same file sends requests, and nothing in it could end them.
pub(in super::super) fn assignment(walk: &mut Walk<'_, '_>, node: Node<'_>) {
    let left = walk.field(node, "left");
    if left != "Timeout" && !left.ends_with(".Timeout")
        || !ENDLESS.contains(&walk.field(node, "right"))
        || !counts(walk, node)
        || !mentions(walk, &["HttpClient"])
        || mentions(walk, &STOPS)
        || !mentions(walk, &SENDS)
    {
        return;
    }
    let said = Said { names: "Timeout=none".to_owned(), open: false };
    write(walk, node, "cs:System.Net.Http.HttpClient", said);
}
