//! What is answered, as the front provides it: plain values and blocking functions.

use serde_json::{Map, Value};

/// How the server introduces itself.
#[derive(Debug, Clone)]
pub struct Server {
    pub name: &'static str,
    pub version: &'static str,
    /// What a model is told about the server as a whole.
    pub instructions: &'static str,
}

/// A tool that only looks. Other tools cannot be declared: the server changes nothing.
#[derive(Debug, Clone)]
pub struct Tool {
    pub name: &'static str,
    pub title: &'static str,
    pub description: &'static str,
    /// The JSON schema of the arguments.
    pub input: Map<String, Value>,
}

/// A text that can be read at an address.
#[derive(Debug, Clone)]
pub struct Resource {
    pub uri: &'static str,
    pub name: &'static str,
    pub description: &'static str,
    pub mime: &'static str,
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// For the model, in a few lines.
    pub text: String,
    /// For programs; nothing where there is no more than the text.
    pub data: Option<Value>,
    pub is_error: bool,
}

impl Answer {
    pub const fn good(text: String, data: Value) -> Self {
        Self { text, data: Some(data), is_error: false }
    }

    /// An error that the model is to read: what is wrong, and the way out.
    pub const fn error(text: String) -> Self {
        Self { text, data: None, is_error: true }
    }
}

/// The functions behind the server. They may block and are called from several threads at once.
pub trait Answers: Send + Sync + 'static {
    fn server(&self) -> Server;

    fn tools(&self) -> Vec<Tool>;

    /// Nothing where there is no such tool.
    fn call(&self, tool: &str, arguments: &Map<String, Value>) -> Option<Answer>;

    fn resources(&self) -> Vec<Resource>;

    /// Nothing where there is no such resource; an error where it cannot be read now.
    fn read(&self, uri: &str) -> Option<Result<String, String>>;
}
