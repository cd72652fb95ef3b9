//! Libraries that are made for tests alone, by language.

use assize_syntax::{Fact, Language};

const PYTHON: [&str; 10] = [
    "aioresponses",
    "fakeredis",
    "freezegun",
    "httpretty",
    "mock",
    "moto",
    "pytest_mock",
    "requests_mock",
    "respx",
    "unittest.mock",
];
const SCRIPT: [&str; 12] = [
    "@jest/globals",
    "axios-mock-adapter",
    "ioredis-mock",
    "jest-mock",
    "jest-mock-extended",
    "mockdate",
    "nock",
    "proxyquire",
    "sinon",
    "testdouble",
    "ts-mockito",
    "vitest-mock-extended",
];
const GO: [&str; 9] = [
    "github.com/DATA-DOG/go-sqlmock",
    "github.com/alicebob/miniredis",
    "github.com/golang/mock",
    "github.com/h2non/gock",
    "github.com/jarcoal/httpmock",
    "github.com/stretchr/testify",
    "go.uber.org/mock",
    "gopkg.in/h2non/gock",
    "gotest.tools",
];
const JAVA: [&str; 7] = [
    "com.github.tomakehurst.wiremock",
    "okhttp3.mockwebserver",
    "org.easymock",
    "org.jmock",
    "org.mockito",
    "org.powermock",
    "org.wiremock",
];
const RUST: [&str; 5] = ["httpmock", "mockall", "mockito", "mockito_async", "wiremock"];
const CSHARP: [&str; 7] = [
    "AutoFixture.AutoMoq",
    "FakeItEasy",
    "JustMock",
    "Moq",
    "NSubstitute",
    "RichardSzalay.MockHttp",
    "Rhino.Mocks",
];

/// Runners, and what a file takes from them that holds or helps tests.
const RUNNERS: [&str; 5] = ["@jest/globals", "bun:test", "chai", "node:test", "vitest"];
const CASES: [&str; 7] = ["beforeEach", "afterEach", "describe", "expect", "it", "suite", "test"];

/// Whether an import is of a library that only makes doubles.
pub(super) fn makes_doubles(import: &Fact, language: Language) -> bool {
    let key = import.key.as_str();
    match language {
        Language::Go => GO.iter().any(|library| is_within(key, library, ['/', '.'])),
        Language::Java => JAVA.iter().any(|library| is_within(key, library, ['.', '.'])),
        Language::CSharp => CSHARP.iter().any(|library| is_within(key, library, ['.', '.'])),
        Language::Rust => RUST.iter().any(|library| is_within(key, library, [':', ':'])),
        Language::Python => {
            PYTHON.binary_search(&key).is_ok() || key == "unittest" && import.value == "mock"
        }
        _ => SCRIPT.binary_search(&key).is_ok() || key == "vitest" && import.value == "vi",
    }
}

/// Whether a file that has such an import helps tests.
pub(super) fn runs_tests(import: &Fact, language: Language) -> bool {
    let key = import.key.as_str();
    let starts = |libraries: &[&str]| libraries.iter().any(|one| key.starts_with(one));
    match language {
        // What takes in the project's own doubles is there for its tests.
        Language::Go => {
            matches!(key, "testing" | "net/http/httptest")
                || key.split('/').any(|part| matches!(part, "mock" | "mocks"))
                    && !makes_doubles(import, language)
        }
        Language::Java => {
            starts(&["org.junit", "org.testng", "junit.", "org.springframework.test"])
        }
        Language::CSharp => starts(&[
            "Xunit",
            "NUnit",
            "Microsoft.VisualStudio.TestTools",
            "Microsoft.AspNetCore.Mvc.Testing",
        ]),
        Language::Rust => false,
        _ => {
            matches!(key, "pytest" | "django.test" | "vitest/config")
                || key == "unittest" && import.value != "mock"
                || RUNNERS.contains(&key) && CASES.contains(&import.value.as_str())
                || starts(&["@testing-library/", "@storybook/"])
        }
    }
}

/// Whether a module is this library or a part of it.
fn is_within(module: &str, library: &str, joints: [char; 2]) -> bool {
    module.strip_prefix(library).is_some_and(|rest| rest.is_empty() || rest.starts_with(joints))
}
