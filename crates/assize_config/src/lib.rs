//! Configuration: `assize.toml` files merged by nearness, as the settings that controls see.
//!
//! Pure: texts in, [`Settings`] or a [`ConfigError`] with file, line and nearest valid key out.
//! Which files there are, and what day it is, the caller says.

mod settings;

pub use settings::{Date, Layer, Options, Profile, Settings};
