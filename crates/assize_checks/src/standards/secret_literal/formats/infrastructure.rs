//! Secret stores, infrastructure as code, clusters and build services.

use super::super::alphabet::{
    ALNUM, BASE64_PADDED, BECH32, HEX, LOWER, Part, URL, between, exact, text,
};
use super::super::checksum;
use super::super::format::Format;

const DOPPLER: &[Part] = &[between(ALNUM, 40, 44)];
const TAILSCALE: &[Part] = &[between(ALNUM, 6, 24), text("-"), between(ALNUM, 20, 48)];
const HARNESS: &[Part] =
    &[exact(URL, 22), text("."), exact(ALNUM, 24), text("."), exact(ALNUM, 20)];
const SOURCEGRAPH: &[Part] = &[exact(HEX, 16), text("_"), exact(HEX, 40)];

pub(crate) const FORMATS: &[Format] = &[
    Format::new("vault-token", "a Vault service token", "hvs.", &[between(URL, 90, 200)]),
    Format::new("vault-token", "a Vault batch token", "hvb.", &[between(URL, 138, 400)]),
    Format::new("vault-token", "a Vault recovery token", "hvr.", &[between(URL, 90, 200)]),
    Format::new("terraform-token", "an HCP Terraform token", ".atlasv1.", &[between(URL, 60, 70)])
        .lead(ALNUM, 14, 14),
    Format::new("doppler-token", "a Doppler personal token", "dp.pt.", DOPPLER),
    Format::new("doppler-token", "a Doppler CLI token", "dp.ct.", DOPPLER),
    Format::new("doppler-token", "a Doppler service account token", "dp.sa.", DOPPLER),
    Format::new("doppler-token", "a Doppler provisioning token", "dp.scim.", DOPPLER),
    Format::new("doppler-token", "a Doppler audit token", "dp.audit.", DOPPLER),
    Format::new("doppler-token", "a Doppler service token", "dp.st.", DOPPLER),
    Format::new(
        "doppler-token",
        "a Doppler service token",
        "dp.st.",
        &[between(LOWER.with(b"-_"), 2, 35), text("."), between(ALNUM, 40, 44)],
    ),
    Format::new(
        "onepassword-token",
        "a 1Password service account token",
        "ops_eyJ",
        &[between(BASE64_PADDED, 250, 4000)],
    )
    .proof(checksum::onepassword),
    Format::new("openshift-token", "an OpenShift token", "sha256~", &[exact(URL, 43)]),
    Format::new("pulumi-token", "a Pulumi token", "pul-", &[exact(HEX, 40)]),
    Format::new("prefect-key", "a Prefect key", "pnu_", &[exact(ALNUM, 36)]),
    Format::new("tailscale-key", "a Tailscale auth key", "tskey-auth-", TAILSCALE),
    Format::new("tailscale-key", "a Tailscale API key", "tskey-api-", TAILSCALE),
    Format::new("tailscale-key", "a Tailscale client key", "tskey-client-", TAILSCALE),
    Format::new("tailscale-key", "a Tailscale provisioning key", "tskey-scim-", TAILSCALE),
    Format::new("tailscale-key", "a Tailscale webhook key", "tskey-webhook-", TAILSCALE),
    Format::new("age-secret-key", "an age secret key", "AGE-SECRET-KEY-1", &[exact(BECH32, 58)])
        .proof(checksum::bech32),
    Format::new("harness-token", "a Harness personal token", "pat.", HARNESS),
    Format::new("harness-token", "a Harness service token", "sat.", HARNESS),
    Format::new("sourcegraph-token", "a Sourcegraph token", "sgp_", SOURCEGRAPH),
    Format::new("sourcegraph-token", "a Sourcegraph token", "sgp_", &[exact(HEX, 40)]),
    Format::new("buildkite-token", "a Buildkite user token", "bkua_", &[exact(HEX, 40)]),
    Format::new(
        "circleci-token",
        "a CircleCI token",
        "CCIPAT_",
        &[exact(ALNUM, 22), text("_"), exact(HEX, 40)],
    ),
    Format::new("infracost-key", "an Infracost key", "ico-", &[exact(ALNUM, 32)]),
];
