//! The languages of files.

/// The grammar of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Language {
    Other = 0,
    Python = 1,
    JavaScript = 2,
    TypeScript = 3,
    Yaml = 4,
    Toml = 5,
    Json = 6,
    Markdown = 7,
    Dockerfile = 8,
    Makefile = 9,
    Shell = 10,
    Ini = 11,
    Requirements = 12,
    Dotenv = 13,
    Go = 14,
    Java = 15,
    Rust = 16,
    CSharp = 17,
    Sql = 18,
}

impl Language {
    pub const ALL: [Self; 19] = [
        Self::Other,
        Self::Python,
        Self::JavaScript,
        Self::TypeScript,
        Self::Yaml,
        Self::Toml,
        Self::Json,
        Self::Markdown,
        Self::Dockerfile,
        Self::Makefile,
        Self::Shell,
        Self::Ini,
        Self::Requirements,
        Self::Dotenv,
        Self::Go,
        Self::Java,
        Self::Rust,
        Self::CSharp,
        Self::Sql,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Python => "python",
            Self::JavaScript => "javascript",
            Self::TypeScript => "typescript",
            Self::Yaml => "yaml",
            Self::Toml => "toml",
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Dockerfile => "dockerfile",
            Self::Makefile => "makefile",
            Self::Shell => "shell",
            Self::Ini => "ini",
            Self::Requirements => "requirements",
            Self::Dotenv => "dotenv",
            Self::Go => "go",
            Self::Java => "java",
            Self::Rust => "rust",
            Self::CSharp => "csharp",
            Self::Sql => "sql",
        }
    }

    /// Whether programs are written in it: a language with names that are defined and used.
    pub const fn is_code(self) -> bool {
        matches!(
            self,
            Self::Python
                | Self::JavaScript
                | Self::TypeScript
                | Self::Go
                | Self::Java
                | Self::Rust
                | Self::CSharp
        )
    }
}
