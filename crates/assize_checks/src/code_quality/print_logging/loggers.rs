//! Whether a file has a logger.

use assize_syntax::{Fact, Language};

use crate::Source;
use crate::person::imports;

/// Modules of Python, JavaScript and TypeScript.
const SCRIPTED: [&str; 11] = [
    "bunyan",
    "electron-log",
    "log4js",
    "logging",
    "loglevel",
    "loguru",
    "pino",
    "signale",
    "structlog",
    "tslog",
    "winston",
];

/// Last parts of the import paths of Go, without a version.
const GO: [&str; 12] = [
    "glog", "hclog", "klog", "log", "logger", "logging", "logr", "logrus", "logs", "slog", "zap",
    "zerolog",
];

/// Packages of Java.
const JAVA: [&str; 9] = [
    "ch.qos.logback",
    "com.google.common.flogger",
    "io.quarkus.logging",
    "java.util.logging",
    "org.apache.commons.logging",
    "org.apache.log4j",
    "org.apache.logging.log4j",
    "org.jboss.logging",
    "org.slf4j",
];

/// What a file of Rust calls without an import.
const RUST: [&str; 10] = [
    "log::debug!",
    "log::error!",
    "log::info!",
    "log::trace!",
    "log::warn!",
    "tracing::debug!",
    "tracing::error!",
    "tracing::info!",
    "tracing::trace!",
    "tracing::warn!",
];

const CSHARP: [&str; 4] = ["Microsoft.Extensions.Logging", "NLog", "Serilog", "log4net"];

pub(super) fn has_logger(source: &Source<'_>) -> bool {
    let any = |is: fn(&Fact) -> bool| imports(&source.facts.facts).any(is);
    match source.facts.dialect.language() {
        Language::Go => any(is_go),
        Language::Java => any(is_java),
        Language::Rust => any(is_rust) || RUST.iter().any(|call| source.text.contains(call)),
        Language::CSharp => any(is_csharp) || source.text.contains("ILogger"),
        _ => any(is_scripted),
    }
}

fn is_scripted(import: &Fact) -> bool {
    let last = import.key.rsplit(['/', '.']).find(|part| !matches!(*part, "js" | "ts" | ""));
    let top = import.key.split('.').next().unwrap_or("");
    SCRIPTED.contains(&top)
        || SCRIPTED.contains(&import.key.as_str())
        || import.value == "logger"
        || last.is_some_and(|last| last.eq_ignore_ascii_case("logger"))
}

fn is_go(import: &Fact) -> bool {
    let version =
        |part: &str| part.strip_prefix('v').is_some_and(|rest| rest.parse::<u8>().is_ok());
    import.key.rsplit('/').find(|part| !version(part)).is_some_and(|last| GO.contains(&last))
}

fn is_java(import: &Fact) -> bool {
    JAVA.contains(&import.key.as_str())
        || import.key.starts_with("lombok.extern")
        || matches!(import.value.as_str(), "Log" | "Logger")
}

/// What marks the spans of a trace writes no line of a log.
fn is_rust(import: &Fact) -> bool {
    const SPANS: [&str; 6] = ["Instrument", "Span", "field", "instrument", "span", "Level"];
    matches!(import.key.split("::").next(), Some("log" | "slog" | "tracing"))
        && !(import.key.starts_with("tracing") && SPANS.contains(&import.value.as_str()))
}

fn is_csharp(import: &Fact) -> bool {
    CSHARP.contains(&import.key.as_str())
}
