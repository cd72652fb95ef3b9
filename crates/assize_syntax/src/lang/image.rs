//! Names of container images as facts.

use assize_model::Span;

use crate::{Extraction, FactKind, Flags, Role};

/// Writes down that an image is used. A name in which a variable is left cannot be judged.
pub(crate) fn used(
    sheet: &mut Extraction<'_>,
    written: &str,
    known: Option<&str>,
    span: Span,
    by: (&str, Flags),
) {
    let (item, surface) = by;
    let value = known.unwrap_or(written).trim();
    let open = known.is_none() || value.contains(['$', '{', '<', '%']);
    let flags = if open { surface.with(Flags::UNRESOLVED) } else { surface };
    if let Some(key) = short_name(value) {
        sheet
            .fact(FactKind::Image, Role::Reference, key, span)
            .value(value)
            .item(item)
            .flags(flags)
            .done();
    }
}

/// Writes down that an image of this name is built from the repository.
pub(crate) fn built(sheet: &mut Extraction<'_>, written: &str, span: Span, surface: Flags) {
    if let Some(key) = short_name(written.trim()) {
        sheet
            .fact(FactKind::Image, Role::Definition, key, span)
            .value(written)
            .flags(surface)
            .done();
    }
}

/// The last part of a name, without tag and digest; `None` where only a variable gives it.
pub(crate) fn short_name(image: &str) -> Option<&str> {
    let image = image.split('@').next().unwrap_or(image);
    let last = image.rsplit('/').next().unwrap_or(image);
    let plain = last.find([':', '$', '{']).map_or(last, |end| last.get(..end).unwrap_or(last));
    let plain = plain.trim_end_matches(['-', '_', '.']);
    let name = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    (!plain.is_empty() && plain.bytes().all(name)).then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::short_name;

    #[test]
    fn the_last_part_tells_images_apart() {
        let cases = [
            ("node", Some("node")),
            ("ghcr.io/acme/api:1.2@sha256:00", Some("api")),
            ("localhost:5000/api", Some("api")),
            ("${REGISTRY}/api:${TAG}", Some("api")),
            ("api-${ENVIRONMENT}", Some("api")),
            ("$IMAGE", None),
            ("", None),
        ];
        for (image, name) in cases {
            assert_eq!(short_name(image), name, "{image}");
        }
    }
}
