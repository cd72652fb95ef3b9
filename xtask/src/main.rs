//! The workspace's chores and gates: `cargo xtask <chore>`.
//!
//! Each chore is a module. None of them is part of the product: they read the tree as files, and
//! run the product only as a program, so that a workspace that does not compile can still be
//! mended.

#![expect(clippy::print_stdout, reason = "a chore tells what it found on standard output")]
#![expect(clippy::print_stderr, reason = "a long chore says how far it is")]

mod assize;
mod codegen;
mod docs;
mod ecosystem;
mod layers;
mod mutate;
mod notices;
mod orders;
mod process;
mod release;
mod rust_source;
mod tidy;
mod tokens;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

const USAGE: &str = "\
usage: cargo xtask <chore>

  codegen [--check]     regenerate crates/assize_checks/src/generated.rs from the control folders
  docs [--out FOLDER]   make the site of rules, controls and guide, and check its links
  layers                compare the dependency graph and the use of the disk with the architecture
  tidy                  compare the tree with the house style
  orders [--show] [--tests]
                        hold the example against its planted breaches, or show what they give
  ecosystem BASE [--repos DIR..] [--all] [--dev]
                        compare the findings of BASE and of the tree on real repositories; --dev
                        builds faster, and its seconds say nothing
  mutate --repos DIR..  plant breaches and near misses into copies of checkouts, and count
         [--seed N] [--per-shape N] [--control NAME] [--shape ID]
         [--report FILE] [--binary FILE] [--keep]
  notices TARGET        print the licences of what the program of a target is linked from
  tokens [--rules FILE..] [--binary FILE] [--dump FILE]
                        what a session of scripted calls costs the model's context, against files
                        of rules that stand in each prompt
  release [TAG]         compare every version with the workspace's, and with the tag of a release
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let Some((chore, rest)) = arguments.split_first() else { bail!("{USAGE}") };
    match chore.as_str() {
        "codegen" => codegen::run(rest),
        "docs" => docs::run(rest),
        "layers" => layers::run(rest),
        "tidy" => tidy::run(rest),
        "tokens" => tokens::run(rest),
        "orders" => orders::run(rest),
        "ecosystem" => ecosystem::run(rest),
        "mutate" => mutate::run(rest),
        "notices" => notices::run(rest),
        "release" => release::run(rest),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        _ => bail!("there is no chore `{chore}`\n\n{USAGE}"),
    }
}
