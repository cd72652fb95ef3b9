//! What the name of an image says: where it comes from, and how much of its version is chosen.

use super::official;

/// Tags that move by their nature, whatever stands before or behind them.
const MOVING: [&str; 16] = [
    "latest", "stable", "edge", "lts", "main", "master", "nightly", "dev", "develop", "next",
    "current", "rolling", "release", "snapshot", "canary", "mainline",
];

/// Images of distributions: the name of a release is their version.
const DISTRIBUTIONS: [&str; 8] = [
    "debian",
    "ubuntu",
    "buildpack-deps",
    "devcontainers",
    "base",
    "kali-rolling",
    "archlinux",
    "photon",
];

/// An image as it is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reference<'a> {
    /// Registry and repository.
    pub(super) name: &'a str,
    /// Empty where there is none.
    pub(super) tag: &'a str,
    digest: bool,
}

/// How much of the version is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pin {
    Digest,
    Version,
    Moving,
    Latest,
    Missing,
}

impl<'a> Reference<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim().trim_start_matches("docker://");
        let (rest, digest) = match text.split_once('@') {
            Some((rest, _)) => (rest, true),
            None => (text, false),
        };
        // A colon before the last slash belongs to the port of a registry.
        let start = rest.rfind('/').map_or(0, |at| at + 1);
        let last = rest.get(start..)?;
        let (name, tag) = match last.find(':') {
            Some(at) => (rest.get(..start + at)?, last.get(at + 1..)?),
            None => (rest, ""),
        };
        (!name.is_empty() && !name.contains(char::is_whitespace)).then_some(Self {
            name,
            tag,
            digest,
        })
    }

    pub(super) fn pin(&self) -> Pin {
        let short = self.name.rsplit('/').next().unwrap_or(self.name);
        let lower = self.tag.to_ascii_lowercase();
        let mut parts = lower.split(['-', '_', '.']);
        let first = parts.next().unwrap_or("");
        if self.digest {
            Pin::Digest
        } else if self.tag.is_empty() {
            Pin::Missing
        } else if lower == "latest" {
            Pin::Latest
        } else if MOVING.contains(&first) && !lower.bytes().any(|byte| byte.is_ascii_digit()) {
            Pin::Moving
        } else if lower.bytes().any(|byte| byte.is_ascii_digit())
            || DISTRIBUTIONS.contains(&short)
            || !official::FLAVOURS.contains(&first)
        {
            Pin::Version
        } else {
            Pin::Moving
        }
    }

    /// Whether somebody else may give us a version of the image. A name without a folder that is no
    /// image of Docker's library can only have been built on the machine; so may names of a local
    /// registry.
    pub(super) fn is_from_a_registry(&self) -> bool {
        match self.name.split_once('/') {
            None => official::LIBRARY.contains(&self.name),
            // What this one gives without a contract has one tag.
            Some(("cgr.dev", rest)) => !rest.starts_with("chainguard/"),
            Some((host, rest)) => {
                let local = host.starts_with("localhost")
                    || host.starts_with("127.")
                    || host.ends_with(".local")
                    || host.ends_with(".internal");
                let library = matches!(host, "library" | "docker.io") && !rest.contains('/');
                !local && (!library || official::LIBRARY.contains(&rest))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Pin, Reference};

    #[test]
    fn how_much_of_a_version_is_chosen() {
        let cases = [
            ("node", Pin::Missing),
            ("node:22.4.1", Pin::Version),
            ("node@sha256:00", Pin::Digest),
            ("node:latest@sha256:00", Pin::Digest),
            ("node:lts-alpine", Pin::Moving),
            ("nginx:alpine", Pin::Moving),
            ("nginx:stable-alpine3.20", Pin::Version),
            ("debian:bookworm-slim", Pin::Version),
            ("acme/api:production", Pin::Version),
            ("localhost:5000/api", Pin::Missing),
            ("localhost:5000/api:latest", Pin::Latest),
        ];
        for (image, pin) in cases {
            assert_eq!(Reference::parse(image).unwrap().pin(), pin, "{image}");
        }
    }

    #[test]
    fn who_can_give_the_image() {
        for (image, given) in [
            ("postgres", true),
            ("docker.io/library/redis", true),
            ("ghcr.io/acme/api", true),
            ("acme/api", true),
            ("api", false),
            ("localhost:5000/postgres", false),
            ("cgr.dev/chainguard/wolfi-base", false),
            ("cgr.dev/acme/python", true),
        ] {
            assert_eq!(Reference::parse(image).unwrap().is_from_a_registry(), given, "{image}");
        }
    }
}
