//! Payment providers and shops.

use super::super::alphabet::{ALNUM, HEX, HEX_ANY, LOWER, Part, URL, between, exact, text};
use super::super::checksum;
use super::super::format::Format;

const STRIPE: &[Part] = &[between(ALNUM, 24, 110)];
const SHOPIFY: &[Part] = &[exact(HEX_ANY, 32)];

/// Keys of test modes are no secrets: only live ones are here.
pub(crate) const FORMATS: &[Format] = &[
    Format::new("stripe-key", "a live Stripe key", "sk_live_", STRIPE),
    Format::new("stripe-key", "a live restricted Stripe key", "rk_live_", STRIPE),
    Format::new("stripe-webhook-secret", "a Stripe webhook secret", "whsec_", &[exact(ALNUM, 32)])
        .only_if(checksum::mixed_case),
    Format::new("square-token", "a Square access token", "sq0atp-", &[exact(URL, 22)]),
    Format::new("square-secret", "a Square OAuth secret", "sq0csp-", &[exact(URL, 43)]),
    Format::new("square-token", "a Square access token", "EAAA", &[exact(URL, 60)])
        .only_if(checksum::mixed_case)
        .near(&["square"]),
    Format::new(
        "braintree-token",
        "a Braintree access token",
        "access_token$production$",
        &[exact(LOWER, 16), text("$"), exact(HEX, 32)],
    ),
    Format::new("shopify-token", "a Shopify access token", "shpat_", SHOPIFY),
    Format::new("shopify-token", "a Shopify custom app token", "shpca_", SHOPIFY),
    Format::new("shopify-token", "a Shopify private app token", "shppa_", SHOPIFY),
    Format::new("shopify-secret", "a Shopify shared secret", "shpss_", SHOPIFY),
    Format::new("shippo-token", "a live Shippo token", "shippo_live_", &[exact(HEX_ANY, 40)]),
    Format::new("easypost-key", "an EasyPost key", "EZAK", &[exact(ALNUM, 54)])
        .only_if(checksum::mixed_case),
    Format::new("duffel-token", "a live Duffel token", "duffel_live_", &[exact(URL, 43)]),
    Format::new(
        "flutterwave-key",
        "a Flutterwave secret key",
        "FLWSECK-",
        &[exact(LOWER, 32), text("-X")],
    ),
    Format::new("razorpay-key", "a live Razorpay key id", "rzp_live_", &[exact(ALNUM, 14)]).warn(),
    Format::new("lob-key", "a live Lob key", "live_", &[exact(HEX, 35)]).near(&["lob"]),
    Format::new("gocardless-token", "a live GoCardless token", "live_", &[exact(URL, 40)])
        .only_if(checksum::mixed_case)
        .near(&["gocardless"]),
];
