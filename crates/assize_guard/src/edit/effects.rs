//! The files after the effects of a command.
//!
//! Effects stand in order, and none is known to fail: what a command may leave is what is judged.

use super::files::{Content, Files};
use super::path;
use crate::{Effect, Effects, Place, Program, Reach, Surroundings};

/// Flags of `cp` that leave the content of the copy as it is.
const COPY_FLAGS: &str = "afinpuvPLT";

/// Lays all effects over the files, in order.
pub(super) fn apply(effects: &Effects, surroundings: &Surroundings, files: &mut Files<'_>) {
    for effect in effects.iter() {
        match effect {
            Effect::Write { at: Place::Known(path), content, append, reach: Reach::One } => {
                match content {
                    Some(content) => write(path, content, *append, files),
                    None => write_unknown(path, *append, effects, surroundings, files),
                }
            }
            Effect::Write { at, .. } => files.unplaced(below(at)),
            Effect::Delete { at: Place::Known(path), reach: Reach::One } => files.delete(path),
            Effect::Delete { at, .. } => {
                if let Place::Known(folder) = at {
                    files.delete_below(folder);
                }
                files.unplaced(below(at));
            }
            Effect::Move { from, to } => move_file(from, to, files),
            Effect::CannotKnow(_) | Effect::Opaque(_) | Effect::MassRewrite { .. } => {
                files.unplaced(Place::Unknown)
            }
            Effect::Read(_)
            | Effect::Mode { .. }
            | Effect::Run(_)
            | Effect::Network { .. }
            | Effect::RunsFetched
            | Effect::Kill { .. }
            | Effect::Package { .. }
            | Effect::Git(_)
            | Effect::Privilege(_)
            | Effect::DestroyRemote(_) => {}
        }
    }
}

/// A folder that changes with all that it holds.
fn below(place: &Place) -> Place {
    match place {
        Place::Known(path) => Place::Below(format!("{}/", path.trim_end_matches('/'))),
        Place::Below(_) | Place::Unknown => place.clone(),
    }
}

fn write(path: &str, content: &str, append: bool, files: &mut Files<'_>) {
    if !append {
        return files.write(path, content.as_bytes().to_vec());
    }
    match files.bytes(path) {
        Content::Known(mut bytes) => {
            bytes.extend_from_slice(content.as_bytes());
            files.write(path, bytes);
        }
        Content::Absent => files.write(path, content.as_bytes().to_vec()),
        Content::Unknown(why) => files.unknown(path, why),
    }
}

fn write_unknown(
    path: &str,
    append: bool,
    effects: &Effects,
    surroundings: &Surroundings,
    files: &mut Files<'_>,
) {
    let source = if append { None } else { copied_from(path, effects, surroundings) };
    match source.map(|source| files.bytes(&source)) {
        Some(Content::Known(bytes)) => files.write(path, bytes),
        Some(Content::Unknown(why)) => files.unknown(path, why),
        Some(Content::Absent) | None => files.unknown(path, "a program writes it"),
    }
}

/// The file of which `path` becomes a copy, where one plain `cp` is all that writes there.
fn copied_from(path: &str, effects: &Effects, surroundings: &Surroundings) -> Option<String> {
    let place = Place::Known(path.to_owned());
    let writes = effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Write { at, .. } if *at == place))
        .count();
    let mut sources = effects.iter().filter_map(|effect| match effect {
        Effect::Run(program) => source_of_copy(program, path, surroundings),
        _ => None,
    });
    let source = sources.next()?;
    // The folder of the call may have changed before: then other files are read.
    let is_read = effects.iter().any(|effect| match effect {
        Effect::Read(Place::Known(read)) => *read == source,
        _ => false,
    });
    (writes == 1 && sources.next().is_none() && is_read).then_some(source)
}

fn source_of_copy(program: &Program, path: &str, surroundings: &Surroundings) -> Option<String> {
    if program.name != "cp" {
        return None;
    }
    let mut names = Vec::new();
    for word in &program.words {
        let word = word.as_deref()?;
        match word.strip_prefix('-') {
            Some(flags) if flags.chars().all(|flag| COPY_FLAGS.contains(flag)) => {}
            Some(_) => return None,
            None => names.push(path::of_tool(word, surroundings)?),
        }
    }
    match <[String; 2]>::try_from(names) {
        Ok([source, target]) if target == path => Some(source),
        _ => None,
    }
}

fn move_file(from: &Place, to: &Place, files: &mut Files<'_>) {
    let content = match from {
        Place::Known(path) => {
            let content = files.bytes(path);
            files.delete(path);
            if matches!(content, Content::Absent) {
                // A folder, of which the files have other names.
                files.delete_below(path);
                files.unplaced(below(from));
            }
            content
        }
        Place::Below(_) | Place::Unknown => {
            files.unplaced(from.clone());
            Content::Absent
        }
    };
    match (to, content) {
        (Place::Known(path), Content::Known(bytes)) => files.write(path, bytes),
        (Place::Known(path), Content::Unknown(why)) => files.unknown(path, why),
        (Place::Known(path), Content::Absent) => {
            files.unknown(path, "what is moved there cannot be read");
            files.unplaced(below(to));
        }
        (Place::Below(_) | Place::Unknown, _) => files.unplaced(to.clone()),
    }
}
