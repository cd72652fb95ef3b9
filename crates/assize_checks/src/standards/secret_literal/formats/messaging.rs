//! Chat, mail and telephony.

use super::super::alphabet::{ALNUM, DIGIT, HEX, LOWER, Part, UPPER, URL, between, exact, text};
use super::super::checksum;
use super::super::format::Format;

const SLACK_USER: &[Part] = &[
    between(DIGIT, 10, 13),
    text("-"),
    between(DIGIT, 10, 13),
    text("-"),
    between(DIGIT, 10, 13),
    text("-"),
    exact(HEX, 32),
];
const SLACK_BROWSER: &[Part] = &[
    between(DIGIT, 10, 13),
    text("-"),
    between(DIGIT, 10, 13),
    text("-"),
    between(DIGIT, 10, 13),
    text("-"),
    exact(HEX, 64),
];
const SLACK_ROTATED: &[Part] = &[between(ALNUM, 140, 170)];
const DISCORD_WEBHOOK: &[Part] = &[between(DIGIT, 17, 20), text("/"), between(URL, 60, 72)];
const FACEBOOK: &[Part] = &[between(ALNUM, 100, 260)];

pub(crate) const FORMATS: &[Format] = &[
    Format::new(
        "slack-token",
        "a Slack bot token",
        "xoxb-",
        &[between(DIGIT, 10, 13), text("-"), between(DIGIT, 10, 13), text("-"), exact(ALNUM, 24)],
    ),
    Format::new(
        "slack-token",
        "a Slack bot token",
        "xoxb-",
        &[between(DIGIT, 10, 14), text("-"), exact(ALNUM, 24)],
    ),
    Format::new("slack-token", "a Slack user token", "xoxp-", SLACK_USER),
    Format::new("slack-token", "a Slack browser token", "xoxc-", SLACK_BROWSER),
    Format::new("slack-token", "a Slack workspace token", "xoxa-2-", SLACK_USER),
    Format::new("slack-token", "a Slack refresh token", "xoxe-1-", SLACK_ROTATED),
    Format::new("slack-token", "a Slack configuration token", "xoxe.xoxp-1-", SLACK_ROTATED),
    Format::new("slack-token", "a Slack configuration token", "xoxe.xoxb-1-", SLACK_ROTATED),
    Format::new(
        "slack-app-token",
        "a Slack app token",
        "xapp-1-A",
        &[between(UPPER, 8, 12), text("-"), between(DIGIT, 10, 13), text("-"), exact(HEX, 64)],
    ),
    Format::new(
        "slack-webhook",
        "a Slack webhook",
        "hooks.slack.com/services/T",
        &[between(UPPER, 8, 12), text("/B"), between(UPPER, 8, 12), text("/"), exact(ALNUM, 24)],
    ),
    Format::new(
        "slack-webhook",
        "a Slack workflow trigger",
        "hooks.slack.com/workflows/T",
        &[
            between(UPPER, 8, 12),
            text("/A"),
            between(UPPER, 8, 12),
            text("/"),
            between(DIGIT, 17, 19),
            text("/"),
            exact(ALNUM, 24),
        ],
    ),
    Format::new(
        "discord-webhook",
        "a Discord webhook",
        "discord.com/api/webhooks/",
        DISCORD_WEBHOOK,
    ),
    Format::new(
        "discord-webhook",
        "a Discord webhook",
        "discordapp.com/api/webhooks/",
        DISCORD_WEBHOOK,
    ),
    Format::new(
        "teams-webhook",
        "a Microsoft Teams webhook",
        ".webhook.office.com/webhookb2/",
        &[
            Part::Uuid,
            text("@"),
            Part::Uuid,
            text("/IncomingWebhook/"),
            exact(LOWER, 32),
            text("/"),
            Part::Uuid,
        ],
    )
    .lead(LOWER, 2, 40),
    Format::new("telegram-token", "a Telegram bot token", ":AA", &[exact(URL, 33)])
        .lead(DIGIT, 8, 10)
        .only_if(checksum::mixed_case),
    Format::new(
        "sendgrid-key",
        "a SendGrid key",
        "SG.",
        &[exact(URL, 22), text("."), exact(URL, 43)],
    ),
    Format::new("mailgun-key", "a Mailgun key", "key-", &[exact(HEX, 32)]).near(&["mailgun"]),
    Format::new("mailchimp-key", "a Mailchimp key", "-us", &[between(DIGIT, 1, 2)])
        .lead(HEX, 32, 32),
    Format::new(
        "brevo-key",
        "a Brevo key",
        "xkeysib-",
        &[exact(HEX, 64), text("-"), exact(ALNUM, 16)],
    ),
    Format::new(
        "brevo-key",
        "a Brevo mail password",
        "xsmtpsib-",
        &[exact(HEX, 64), text("-"), exact(ALNUM, 16)],
    ),
    Format::new(
        "resend-key",
        "a Resend key",
        "re_",
        &[exact(ALNUM, 8), text("_"), exact(ALNUM, 24)],
    )
    .only_if(checksum::mixed_case),
    Format::new("typeform-token", "a Typeform token", "tfp_", &[between(URL, 40, 59)]),
    Format::new("facebook-token", "a Facebook token", "EAAC", FACEBOOK).warn(),
    Format::new("facebook-token", "a Facebook token", "EAAM", FACEBOOK).warn(),
];
