//! Tokens without a mark of their own: only the name to which they are assigned tells the issuer.

use assize_model::Severity;

use super::super::alphabet::{ALNUM, BASE64, HEX, LOWER, Part, URL, between, exact, text};
use super::super::checksum;

/// A kind of token that is recognised by the name before it and its form.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contextual {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    /// Any of these stands in the name, in lower case without separators.
    pub(crate) words: &'static [&'static str],
    pub(crate) parts: &'static [Part],
    pub(crate) proof: Option<fn(&str) -> bool>,
    pub(crate) severity: Severity,
}

const fn contextual(
    code: &'static str,
    name: &'static str,
    words: &'static [&'static str],
    parts: &'static [Part],
) -> Contextual {
    Contextual { code, name, words, parts, proof: None, severity: Severity::Warn }
}

const fn proven(mut format: Contextual, proof: fn(&str) -> bool) -> Contextual {
    format.proof = Some(proof);
    format
}

const fn blocking(mut format: Contextual) -> Contextual {
    format.severity = Severity::Block;
    format
}

const HEX_32: &[Part] = &[exact(HEX, 32)];
const HEX_40: &[Part] = &[exact(HEX, 40)];

pub(crate) const CONTEXTUAL: &[Contextual] = &[
    blocking(proven(
        contextual(
            "aws-secret-key",
            "an AWS secret access key",
            &["secretaccesskey", "awssecretkey", "awssecret"],
            &[exact(BASE64, 40)],
        ),
        checksum::mixed_case,
    )),
    contextual("datadog-key", "a Datadog API key", &["datadogapikey", "ddapikey"], HEX_32),
    contextual(
        "datadog-key",
        "a Datadog application key",
        &["datadogappkey", "ddappkey", "datadogapplicationkey", "ddapplicationkey"],
        HEX_40,
    ),
    contextual("twilio-token", "a Twilio token", &["twilio"], HEX_32),
    contextual("twilio-key", "a Twilio key id", &["twilio"], &[text("SK"), exact(HEX, 32)]),
    contextual(
        "mailgun-key",
        "a Mailgun key",
        &["mailgun"],
        &[exact(HEX, 32), text("-"), exact(HEX, 8), text("-"), exact(HEX, 8)],
    ),
    contextual("snyk-token", "a Snyk token", &["snyk"], &[Part::Uuid]),
    contextual("heroku-key", "a Heroku key", &["heroku"], &[Part::Uuid]),
    contextual("postmark-token", "a Postmark token", &["postmark"], &[Part::Uuid]),
    proven(
        contextual("vercel-token", "a Vercel token", &["vercel"], &[exact(ALNUM, 24)]),
        checksum::mixed_case,
    ),
    proven(
        contextual("cohere-key", "a Cohere key", &["cohere", "coapikey"], &[exact(ALNUM, 40)]),
        checksum::mixed_case,
    ),
    proven(
        contextual("mistral-key", "a Mistral key", &["mistral"], &[exact(ALNUM, 32)]),
        checksum::mixed_case,
    ),
    contextual("algolia-key", "an Algolia key", &["algoliaadmin", "algoliaapikey"], HEX_32),
    contextual("deepgram-key", "a Deepgram key", &["deepgram"], HEX_40),
    contextual("wandb-key", "a Weights & Biases key", &["wandb"], HEX_40),
    proven(
        contextual("fastly-token", "a Fastly token", &["fastly"], &[exact(URL, 32)]),
        checksum::mixed_case,
    ),
    contextual("cloudflare-key", "a Cloudflare key", &["cloudflare"], &[exact(HEX, 37)]),
    proven(
        contextual(
            "cloudflare-token",
            "a Cloudflare token",
            &["cloudflare", "cfapitoken"],
            &[exact(URL, 40)],
        ),
        checksum::mixed_case,
    ),
    contextual("azure-ai-key", "an Azure AI key", &["azureopenai", "azureai"], HEX_32),
    proven(
        contextual(
            "azure-devops-token",
            "an Azure DevOps token",
            &["azuredevops", "adopat", "vststoken"],
            &[exact(LOWER, 52)],
        ),
        checksum::has_digits,
    ),
    proven(
        contextual(
            "discord-token",
            "a Discord bot token",
            &["discord", "bottoken"],
            &[between(URL, 23, 28), text("."), between(URL, 6, 7), text("."), between(URL, 27, 38)],
        ),
        checksum::discord_bot,
    ),
    contextual("okta-token", "an Okta token", &["okta"], &[text("00"), exact(URL, 40)]),
    contextual("spotify-secret", "a Spotify client secret", &["spotify"], HEX_32),
    contextual("asana-secret", "an Asana client secret", &["asana"], HEX_32),
    contextual("sonar-token", "a Sonar token", &["sonar"], HEX_40),
    proven(
        contextual(
            "wireguard-key",
            "a WireGuard private key",
            &["wireguard", "wgprivatekey"],
            &[exact(BASE64, 43), text("=")],
        ),
        checksum::mixed_case,
    ),
    proven(
        contextual(
            "npm-legacy-token",
            "an npm registry credential",
            &["authtoken", "npmtoken"],
            &[Part::Uuid],
        ),
        checksum::has_digits,
    ),
];
