//! Monitoring, data and office services.

use super::super::alphabet::{
    ALNUM, BASE64, BASE64_PADDED, HEX, HEX_ANY, LOWER, Part, UPPER, URL, URL_DOTTED, WORD, between,
    exact, text,
};
use super::super::checksum;
use super::super::format::Format;

const DYNATRACE: &[Part] = &[exact(UPPER, 24), text("."), exact(UPPER, 64)];

pub(crate) const FORMATS: &[Format] = &[
    Format::new("newrelic-key", "a New Relic user key", "NRAK-", &[exact(UPPER, 27)]),
    Format::new("newrelic-key", "a New Relic browser key", "NRJS-", &[exact(HEX, 19)]).warn(),
    Format::new("newrelic-key", "a New Relic insert key", "NRII-", &[exact(URL, 32)]),
    Format::new("newrelic-key", "a New Relic REST key", "NRRA-", &[exact(HEX, 42)]),
    Format::new(
        "grafana-token",
        "a Grafana service account token",
        "glsa_",
        &[exact(ALNUM, 32), text("_"), exact(HEX_ANY, 8)],
    )
    .proof(checksum::grafana_crc32),
    Format::new(
        "grafana-cloud-token",
        "a Grafana Cloud token",
        "glc_eyJ",
        &[between(BASE64_PADDED, 40, 400)],
    )
    .proof(checksum::grafana_cloud),
    Format::new("grafana-key", "a Grafana key", "eyJrIjoi", &[between(BASE64_PADDED, 50, 400)])
        .proof(checksum::grafana_legacy),
    Format::new(
        "sentry-token",
        "a Sentry organisation token",
        "sntrys_eyJ",
        &[between(BASE64_PADDED, 40, 500), text("_"), exact(BASE64, 43)],
    )
    .proof(checksum::sentry_organisation),
    Format::new("sentry-token", "a Sentry user token", "sntryu_", &[exact(HEX, 64)]),
    Format::new("dynatrace-token", "a Dynatrace token", "dt0c01.", DYNATRACE),
    Format::new("dynatrace-token", "a Dynatrace platform token", "dt0s16.", DYNATRACE),
    Format::new(
        "airtable-token",
        "an Airtable token",
        "pat",
        &[exact(ALNUM, 14), text("."), exact(HEX, 64)],
    ),
    Format::new("contentful-token", "a Contentful token", "CFPAT-", &[exact(URL, 43)]),
    Format::new(
        "mapbox-token",
        "a secret Mapbox token",
        "sk.eyJ",
        &[between(URL, 40, 200), text("."), exact(URL, 22)],
    ),
    Format::new("frameio-token", "a Frame.io token", "fio-u-", &[exact(URL, 64)]),
    Format::new("hubspot-token", "a HubSpot token", "pat-na1-", &[Part::Uuid]),
    Format::new("hubspot-token", "a HubSpot token", "pat-eu1-", &[Part::Uuid]),
    Format::new("posthog-key", "a PostHog personal key", "phx_", &[between(ALNUM, 43, 48)]),
    Format::new("maxmind-key", "a MaxMind licence key", "_mmk", &[]).lead(WORD, 36, 36),
    Format::new("adobe-secret", "an Adobe client secret", "p8e-", &[exact(URL, 32)]),
    Format::new(
        "defined-networking-key",
        "a Defined Networking key",
        "dnkey-",
        &[exact(UPPER, 26), text("-"), exact(UPPER, 52)],
    ),
    Format::new(
        "dropbox-token",
        "a short-lived Dropbox token",
        "sl.",
        &[between(URL_DOTTED, 130, 1400)],
    )
    .only_if(checksum::mixed_case)
    .near(&["dropbox"])
    .warn(),
    Format::new("intra42-secret", "a 42 client secret", "s-s4t2ud-", &[exact(HEX, 64)]),
    Format::new("twitch-token", "a Twitch token", "oauth:", &[exact(LOWER, 30)])
        .only_if(checksum::has_digits)
        .warn(),
];
