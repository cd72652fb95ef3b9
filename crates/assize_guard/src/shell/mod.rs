//! Reduces a shell command to what it would do.
//!
//! The reader follows the text as bash would run it: variables, the working folder, functions,
//! wrappers, and text that another shell or an interpreter runs. It is total: whatever it cannot
//! follow becomes [`Effect::CannotKnow`], so that no silence means harmless. Both ways of a branch
//! count. Nothing here asks the file system.

mod bounds;
mod call;
mod calls;
mod cleaning;
mod code;
mod compound;
mod containers;
mod decode;
mod disguise;
mod environment;
mod expand;
mod fetched;
mod files;
mod find;
mod fold;
mod forge;
mod git;
mod inline;
mod interpreters;
mod leaves;
mod made;
mod mass;
mod network;
mod output;
mod outputs;
mod packages;
mod patches;
mod perhaps;
mod place;
mod processes;
mod quotes;
mod recipes;
mod redirect;
mod remote;
mod rights;
mod scan;
mod scope;
mod secrets;
mod settings;
mod shells;
mod sweep;
mod terminals;
mod transfer;
mod unpack;
mod walk;
mod word;
mod wrappers;

#[cfg(test)]
mod tests;

use crate::{Effect, Effects, Surroundings};

pub(crate) use fetched::is_strange;
pub(crate) use perhaps::fits as fits_pattern;
pub use place::normalise;

/// Everything that a command would do, as far as its text tells.
pub fn effects_of(command: &str, surroundings: &Surroundings) -> Effects {
    if command.len() > bounds::BYTES_MAX {
        return only(Effect::Opaque("the command is too long to be read".to_owned()));
    }
    let run = || walk::Walk::new(surroundings).run(command);
    bounds::on_deep_stack(run)
        .unwrap_or_else(|| only(Effect::Opaque("the command cannot be read".to_owned())))
}

fn only(effect: Effect) -> Effects {
    Effects { all: vec![effect] }
}
