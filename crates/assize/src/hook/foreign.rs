//! Events that reach us through another client's settings: Copilot, Cursor and VS Code also obey
//! the file of Claude Code. Where they have an entry of their own, that one is answered.

use std::path::Path;

use assize_harness::{Client, Event, Moment};

use super::scene;
use crate::cli::Scope;
use crate::clients::{Hooks, hooks, places};

/// Whether the event comes a second time, by settings that are the sender's own. An entry that
/// would not be run asks nothing.
pub(super) fn comes_twice(asked: Client, event: &Event) -> bool {
    let own = settings_of(event.client);
    if own == asked {
        return false;
    }
    // Copilot asks before every call; what it then asks a person is the same call in other words.
    if own == Client::CopilotCli && event.moment == Moment::PermissionRequest {
        return true;
    }
    let root = scene::root(&event.folder);
    let scopes = [Scope::Project, Scope::User, Scope::Managed].into_iter();
    let mut all = scopes.flat_map(|scope| places(scope, &root, Path::new("/")));
    all.any(|place| place.client() == own && hooks(&place, &root) == Hooks::Live)
}

/// The client whose files a client reads.
const fn settings_of(client: Client) -> Client {
    match client {
        Client::VsCode => Client::CopilotCli,
        client => client,
    }
}
