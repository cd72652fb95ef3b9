//! Clouds and platforms that run things.

use super::super::alphabet::{
    ALNUM, BASE32, BASE64, BASE64_PADDED, DIGIT, HEX, LOWER, Part, UPPER, URL, URL_TILDE, WORD,
    between, exact, text,
};
use super::super::checksum;
use super::super::format::Format;

const AWS: &[Part] = &[exact(BASE32, 16)];
const AZURE_CLIENT: &[Part] = &[between(URL_TILDE, 31, 34)];
const DIGITALOCEAN: &[Part] = &[exact(HEX, 64)];
const CLOUDFLARE: &[Part] = &[exact(ALNUM, 40), exact(HEX, 8)];

pub(crate) const FORMATS: &[Format] = &[
    Format::new("aws-access-key", "an AWS access key id", "AKIA", AWS)
        .only_if(checksum::aws_account)
        // An id is no credential without the secret that belongs to it.
        .warn(),
    Format::new("aws-access-key", "a temporary AWS access key id", "ASIA", AWS)
        .only_if(checksum::aws_account)
        .warn(),
    Format::new("aws-bearer-token", "an AWS bearer token", "ABIA", AWS)
        .only_if(checksum::aws_account)
        .near(&["aws", "amazon", "bearer"]),
    Format::new(
        "aws-bedrock-key",
        "an Amazon Bedrock key",
        "ABSKQmVkcm9ja0FQSUtleS",
        &[between(BASE64_PADDED, 80, 300)],
    ),
    Format::new(
        "azure-storage-key",
        "an Azure storage account key",
        "AccountKey=",
        &[exact(BASE64, 86), text("==")],
    )
    .only_if(checksum::azure_account),
    Format::new(
        "azure-storage-key",
        "an Azure storage account key",
        "+ASt",
        &[exact(BASE64, 6), text("==")],
    )
    .lead(BASE64, 76, 76),
    Format::new(
        "azure-cosmos-key",
        "an Azure Cosmos DB key",
        "ACDb",
        &[exact(BASE64, 6), text("==")],
    )
    .lead(BASE64, 76, 76),
    Format::new(
        "azure-shared-access-key",
        "an Azure shared access key",
        "SharedAccessKey=",
        &[exact(BASE64, 43), text("=")],
    ),
    Format::new("azure-client-secret", "an Azure client secret", "7Q~", AZURE_CLIENT)
        .lead(URL_TILDE, 3, 3),
    Format::new("azure-client-secret", "an Azure client secret", "8Q~", AZURE_CLIENT)
        .lead(URL_TILDE, 3, 3),
    Format::new("azure-client-secret", "an Azure client secret", "9Q~", AZURE_CLIENT)
        .lead(URL_TILDE, 3, 3),
    Format::new(
        "azure-function-key",
        "an Azure Functions key",
        "AzFu",
        &[exact(URL, 6), text("==")],
    )
    .lead(URL, 44, 44),
    Format::new("azure-search-key", "an Azure Search key", "AzSe", &[exact(ALNUM, 6)])
        .lead(ALNUM, 42, 42),
    Format::new("azure-cache-key", "an Azure Cache key", "AzCa", &[exact(ALNUM, 6), text("=")])
        .lead(ALNUM, 33, 33),
    Format::new(
        "azure-registry-password",
        "an Azure container registry password",
        "+ACR",
        &[exact(ALNUM, 6)],
    )
    .lead(BASE64, 42, 42),
    Format::new("azure-devops-token", "an Azure DevOps token", "AZDO", &[exact(ALNUM, 4)])
        .lead(ALNUM, 76, 76),
    Format::new("azure-platform-key", "an Azure platform key", "JQQJ9", &[exact(ALNUM, 27)])
        .lead(ALNUM, 52, 52),
    // Keys of web pages are public by design, so the form alone proves no harm.
    Format::new("google-api-key", "a Google API key", "AIza", &[exact(URL, 35)])
        .only_if(checksum::mixed_case)
        .warn(),
    Format::new(
        "google-oauth-secret",
        "a Google OAuth client secret",
        "GOCSPX-",
        &[exact(URL, 28)],
    ),
    Format::new("google-oauth-token", "a Google access token", "ya29.", &[between(URL, 68, 400)])
        .warn(),
    Format::new("google-refresh-token", "a Google refresh token", "1//0", &[between(URL, 60, 120)])
        .only_if(checksum::mixed_case),
    Format::new("firebase-server-key", "a Firebase server key", ":APA91b", &[exact(URL, 134)])
        .lead(URL, 11, 11),
    Format::new("digitalocean-token", "a DigitalOcean token", "dop_v1_", DIGITALOCEAN),
    Format::new("digitalocean-token", "a DigitalOcean OAuth token", "doo_v1_", DIGITALOCEAN),
    Format::new("digitalocean-token", "a DigitalOcean refresh token", "dor_v1_", DIGITALOCEAN),
    Format::new("heroku-key", "a Heroku key", "HRKU-AA", &[exact(URL, 58)]),
    Format::new(
        "alibaba-access-key",
        "an Alibaba Cloud access key id",
        "LTAI",
        &[exact(ALNUM, 20)],
    )
    .only_if(checksum::has_digits)
    .warn(),
    Format::new("tencent-access-key", "a Tencent Cloud key id", "AKID", &[exact(ALNUM, 32)])
        .only_if(checksum::has_digits)
        .warn(),
    Format::new("yandex-key", "a Yandex Cloud key", "AQVN", &[between(URL, 35, 38)])
        .only_if(checksum::has_digits),
    Format::new(
        "yandex-token",
        "a Yandex Cloud token",
        "t1.",
        &[between(URL, 20, 300), text("."), exact(URL, 86)],
    ),
    Format::new("yandex-token", "a Yandex OAuth token", "y0_", &[between(URL, 50, 60)])
        .only_if(checksum::mixed_case),
    Format::new("flyio-token", "a Fly.io token", "fm2_", &[between(BASE64_PADDED, 100, 3000)]),
    Format::new("flyio-token", "a Fly.io token", "fo1_", &[exact(URL, 43)]),
    Format::new("scalingo-token", "a Scalingo token", "tk-us-", &[exact(URL, 48)]),
    Format::new("supabase-token", "a Supabase token", "sbp_", &[exact(HEX, 40)]),
    Format::new("netlify-token", "a Netlify token", "nfp_", &[exact(ALNUM, 36)]),
    Format::new("render-key", "a Render key", "rnd_", &[exact(ALNUM, 32)]).warn(),
    Format::new("neon-key", "a Neon key", "napi_", &[exact(LOWER, 64)]),
    Format::new("cloudflare-token", "a Cloudflare global key", "cfk_", CLOUDFLARE),
    Format::new("cloudflare-token", "a Cloudflare user token", "cfut_", CLOUDFLARE),
    Format::new("cloudflare-token", "a Cloudflare account token", "cfat_", CLOUDFLARE),
    Format::new(
        "cloudflare-origin-key",
        "a Cloudflare origin key",
        "v1.0-",
        &[exact(HEX, 24), text("-"), exact(HEX, 146)],
    ),
    Format::new("databricks-token", "a Databricks token", "dapi", &[exact(HEX, 32)]),
    Format::new(
        "mongodb-atlas-secret",
        "a MongoDB Atlas client secret",
        "mdb_sa_sk_",
        &[between(URL, 40, 60)],
    ),
    Format::new(
        "planetscale-token",
        "a PlanetScale token",
        "pscale_tkn_",
        &[between(WORD, 32, 64)],
    ),
    Format::new(
        "planetscale-password",
        "a PlanetScale password",
        "pscale_pw_",
        &[between(WORD, 32, 64)],
    ),
    Format::new(
        "planetscale-token",
        "a PlanetScale OAuth token",
        "pscale_oauth_",
        &[between(WORD, 32, 64)],
    ),
    Format::new("octopus-key", "an Octopus Deploy key", "API-", &[between(UPPER, 25, 27)])
        .only_if(checksum::has_digits)
        .near(&["octopus"]),
    Format::new("plaid-token", "a Plaid access token", "access-production-", &[Part::Uuid]),
    Format::new(
        "zapier-webhook",
        "a Zapier webhook",
        "hooks.zapier.com/hooks/catch/",
        &[between(DIGIT, 5, 9), text("/"), between(ALNUM, 6, 8)],
    )
    .warn(),
];
