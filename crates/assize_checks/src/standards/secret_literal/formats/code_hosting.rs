//! Code hosting, package registries and what stands around them.

use super::super::alphabet::{
    ALNUM, DIGIT, HEX, HEX_ANY, LOWER, Part, URL, URL_PADDED, between, exact, text,
};
use super::super::checksum;
use super::super::format::Format;

const GITHUB: &[Part] = &[exact(ALNUM, 36)];
const GITLAB: &[Part] = &[exact(URL, 20)];
/// Payload, version, its length and the checksum.
const GITLAB_ROUTABLE: &[Part] =
    &[between(URL, 27, 300), text("."), exact(LOWER, 2), text("."), exact(LOWER, 9)];
const GITLAB_ROUTABLE_OLD: &[Part] = &[between(URL, 27, 300), text("."), exact(LOWER, 9)];
const ATLASSIAN: &[Part] = &[between(URL_PADDED, 60, 300)];
const SONAR: &[Part] = &[exact(HEX, 40)];

pub(crate) const FORMATS: &[Format] = &[
    Format::new("github-token", "a GitHub personal access token", "ghp_", GITHUB)
        .proof(checksum::base62_crc32),
    Format::new("github-token", "a GitHub OAuth token", "gho_", GITHUB)
        .proof(checksum::base62_crc32),
    Format::new("github-token", "a GitHub user-to-server token", "ghu_", GITHUB)
        .proof(checksum::base62_crc32),
    Format::new("github-token", "a GitHub server-to-server token", "ghs_", GITHUB)
        .proof(checksum::base62_crc32),
    Format::new("github-token", "a GitHub refresh token", "ghr_", &[exact(ALNUM, 76)])
        .proof(checksum::base62_crc32),
    Format::new(
        "github-token",
        "a fine-grained GitHub token",
        "github_pat_",
        &[exact(ALNUM, 22), text("_"), exact(ALNUM, 59)],
    ),
    Format::new("gitlab-token", "a GitLab personal access token", "glpat-", GITLAB_ROUTABLE)
        .proof(checksum::base36_crc32),
    Format::new("gitlab-token", "a GitLab personal access token", "glpat-", GITLAB_ROUTABLE_OLD)
        .proof(checksum::base36_crc32),
    Format::new("gitlab-token", "a GitLab personal access token", "glpat-", GITLAB),
    Format::new("gitlab-deploy-token", "a GitLab deploy token", "gldt-", GITLAB_ROUTABLE)
        .proof(checksum::base36_crc32),
    Format::new("gitlab-deploy-token", "a GitLab deploy token", "gldt-", GITLAB),
    Format::new("gitlab-runner-token", "a GitLab runner token", "glrt-", GITLAB_ROUTABLE)
        .proof(checksum::base36_crc32),
    Format::new("gitlab-runner-token", "a GitLab runner token", "glrt-", GITLAB_ROUTABLE_OLD)
        .proof(checksum::base36_crc32),
    Format::new("gitlab-runner-token", "a GitLab runner token", "glrt-", GITLAB),
    Format::new("gitlab-runner-token", "a GitLab runner registration token", "GR1348941", GITLAB),
    Format::new(
        "gitlab-job-token",
        "a GitLab job token",
        "glcbt-",
        &[between(ALNUM, 1, 5), text("_"), exact(URL, 20)],
    ),
    Format::new("gitlab-trigger-token", "a GitLab trigger token", "glptt-", &[exact(HEX, 40)]),
    Format::new("gitlab-feed-token", "a GitLab feed token", "glft-", GITLAB),
    Format::new("gitlab-mail-token", "a GitLab mail token", "glimt-", &[exact(URL, 25)]),
    Format::new("gitlab-agent-token", "a GitLab agent token", "glagent-", &[exact(URL, 50)]),
    Format::new("gitlab-oauth-secret", "a GitLab OAuth secret", "gloas-", &[exact(URL, 64)]),
    Format::new("gitlab-scim-token", "a GitLab SCIM token", "glsoat-", GITLAB),
    Format::new("gitlab-flag-token", "a GitLab feature flag token", "glffct-", GITLAB),
    Format::new(
        "bitbucket-password",
        "a Bitbucket app password",
        "ATBB",
        &[exact(ALNUM, 24), exact(HEX_ANY, 8)],
    )
    .proof(checksum::hex_crc32),
    Format::new("atlassian-token", "an Atlassian API token", "ATATT3", ATLASSIAN)
        .proof(checksum::hex_crc32),
    Format::new("atlassian-token", "an Atlassian access token", "ATCTT3", ATLASSIAN)
        .proof(checksum::hex_crc32),
    Format::new("npm-token", "an npm token", "npm_", GITHUB).proof(checksum::base62_crc32),
    Format::new("pypi-token", "a PyPI token", "pypi-AgEIcHlwaS5vcmc", &[between(URL, 50, 1000)])
        .proof(checksum::pypi_macaroon),
    Format::new(
        "pypi-token",
        "a TestPyPI token",
        "pypi-AgENdGVzdC5weXBpLm9yZw",
        &[between(URL, 50, 1000)],
    )
    .proof(checksum::pypi_macaroon),
    Format::new("rubygems-key", "a RubyGems key", "rubygems_", &[exact(HEX, 48)]),
    Format::new("crates-io-token", "a crates.io token", "cio", &[exact(ALNUM, 32)])
        .only_if(checksum::mixed_case),
    Format::new("nuget-key", "a NuGet key", "oy2", &[exact(LOWER, 43)])
        .only_if(checksum::has_digits),
    Format::new("clojars-token", "a Clojars token", "CLOJARS_", &[exact(LOWER, 60)]),
    Format::new("docker-token", "a Docker Hub token", "dckr_pat_", &[exact(URL, 27)]),
    Format::new("docker-token", "a Docker organisation token", "dckr_oat_", &[exact(URL, 32)]),
    Format::new("jfrog-key", "an Artifactory key", "AKCp", &[exact(ALNUM, 69)]),
    Format::new("jfrog-token", "an Artifactory token", "cmVmdGtu", &[exact(ALNUM, 56)])
        .proof(checksum::jfrog_reference),
    Format::new("sonar-token", "a Sonar user token", "squ_", SONAR),
    Format::new("sonar-token", "a Sonar project token", "sqp_", SONAR),
    Format::new("sonar-token", "a Sonar global token", "sqa_", SONAR),
    Format::new("linear-key", "a Linear key", "lin_api_", &[exact(ALNUM, 40)]),
    Format::new("linear-token", "a Linear OAuth token", "lin_oauth_", &[exact(HEX, 64)]),
    Format::new(
        "postman-key",
        "a Postman key",
        "PMAK-",
        &[exact(HEX, 24), text("-"), exact(HEX, 34)],
    ),
    Format::new("readme-key", "a ReadMe key", "rdme_", &[exact(LOWER, 70)]),
    Format::new("figma-token", "a Figma token", "figd_", &[exact(URL, 40)]),
    Format::new("launchdarkly-key", "a LaunchDarkly server key", "sdk-", &[Part::Uuid])
        .near(&["launchdarkly", "launch_darkly", "ld_sdk"])
        .warn(),
    Format::new("notion-token", "a Notion token", "ntn_", &[exact(DIGIT, 11), exact(ALNUM, 35)]),
    Format::new("notion-token", "a Notion token", "secret_", &[exact(ALNUM, 43)]).near(&["notion"]),
];
