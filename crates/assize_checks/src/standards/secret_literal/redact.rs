//! Texts that are kept elsewhere, without the credentials in them.

use assize_model::FileClass;

use super::assignment::Bare;
use super::scan::{Request, secrets};

/// The text with every credential that this control knows replaced by its kind.
///
/// What is recorded of a command or a prompt passes through here first: a record is read by more
/// people than the secret was meant for.
pub fn redacted(text: &str) -> String {
    let request = Request { text, class: FileClass::Production, bare: Bare::Line, settings: true };
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for secret in secrets(request) {
        out.push_str(text.get(from..secret.start).unwrap_or_default());
        out.push_str(&format!("[{}]", secret.code));
        from = secret.end.max(from);
    }
    out.push_str(text.get(from..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::redacted;

    #[test]
    fn credentials_go_and_the_rest_stays() {
        let token = ["ghp_", "1B4a9X7kQ2mZ8sR5tV0wY3nC6pL1dE2fG3hJ"].concat();
        let stripe = ["sk_live_", "Zq8RkT3vLm9XpW2sYh6NcJ4bGd7F"].concat();
        let password = ["Xk9", "vQ2mZ8sR5"].concat();
        for (text, secret) in [
            (format!("GITHUB_TOKEN={token} gh release create v1"), token.as_str()),
            (format!("curl https://api.example.org -u '{stripe}:' --fail"), &stripe),
            (format!("psql postgres://shop:{password}@db.shop.internal/shop"), &password),
        ] {
            let clean = redacted(&text);
            assert!(!clean.contains(secret) && clean.contains('['), "{clean}");
            let (before, after) = text.split_once(secret).unwrap();
            assert!(clean.starts_with(before) && clean.ends_with(after), "{clean}");
        }
        for plain in ["cargo test --workspace", "pytest -q tests/ä", ""] {
            assert_eq!(redacted(plain), plain);
        }
    }
}
