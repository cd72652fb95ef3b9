//! `assize man`: the manual pages, made from the same words as the help.

use std::io::Write;
use std::path::Path;

use clap::CommandFactory as _;
use clap_mangen::Man;

use crate::cli::{Arguments, ManPages};
use crate::failure::Failure;

/// Commands within commands within commands: deeper than ours go, so that none is left out.
const DEPTH_MAX: usize = 8;

/// What stands at the foot of a page, instead of the name of a command.
const SOURCE: &str = concat!("assize ", env!("CARGO_PKG_VERSION"));

pub(super) fn run(options: &ManPages, out: &mut dyn Write) -> Result<u8, Failure> {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    match &options.out {
        None => page(&command, "assize").render(out)?,
        Some(folder) => {
            let written = std::fs::create_dir_all(folder)
                .and_then(|()| pages(folder, &command, "assize", DEPTH_MAX));
            written.map_err(|error| {
                Failure::said(format!("cannot write pages into {}: {error}", folder.display()))
            })?;
        }
    }
    Ok(0)
}

fn page(command: &clap::Command, name: &str) -> Man {
    Man::new(command.clone()).title(name).source(SOURCE).manual("Assize")
}

/// One page for the command and one for each below it, named as `man` looks for them.
fn pages(folder: &Path, command: &clap::Command, name: &str, depth: usize) -> std::io::Result<()> {
    let mut text = Vec::new();
    page(command, name).render(&mut text)?;
    std::fs::write(folder.join(format!("{name}.1")), text)?;
    let Some(deeper) = depth.checked_sub(1) else { return Ok(()) };
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        pages(folder, inner, &format!("{name}-{}", inner.get_name()), deeper)?;
    }
    Ok(())
}
