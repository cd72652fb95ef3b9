//! `[permit]`: which documents have to be known before the first change.

/// What a session has to have read. Each list holds patterns of paths below the root; an absolute
/// path, as documents of another machine name it, means what lies below the root under its end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PermitSettings {
    /// The rule documents. With none named, those that clients read by themselves.
    pub documents: Vec<String>,
    /// Documents without which nobody works: one that is missing holds every change.
    pub required: Vec<String>,
    /// Documents that a digest does not stand for: they are read from end to end.
    pub full: Vec<String>,
}

impl PermitSettings {
    /// The keys of the section.
    pub const KEYS: [&'static str; 3] = ["documents", "full", "required"];

    /// The list of a key.
    pub(crate) fn list_mut(&mut self, key: &str) -> Option<&mut Vec<String>> {
        match key {
            "documents" => Some(&mut self.documents),
            "required" => Some(&mut self.required),
            "full" => Some(&mut self.full),
            _ => None,
        }
    }
}
