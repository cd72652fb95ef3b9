//! What is demanded at a moment, and whether it is there: one function per gate, asked by the hook,
//! by the command and in CI alike.
//!
//! A demand is met by what was recorded or by what lies in the repository, never by what an agent
//! says. What cannot be told is not demanded.

pub(crate) mod allowance;
pub(crate) mod answer;
pub(crate) mod bundle;
mod changelog;
mod fresh;
mod infer;
mod runner;
mod runs;
pub(crate) mod stop;
mod suites;
mod work;

pub(crate) use runs::Run;
pub(crate) use work::{Demands, Touched, Work, class_of, demands};
