//! Ports as people write them: `8000`, `8000/tcp`, `8000:80`, `8001/8002`, `8010-8012`.

/// Wider ranges are allocation plans, not ports in use.
const RANGE_MAX: u16 = 16;

/// The ports that a text consists of; empty where it is anything else.
pub(super) fn ports(text: &str) -> Vec<u16> {
    let mut found = Vec::new();
    let text = text.trim().trim_matches(['*', '`', ' ']);
    for part in text.split([',', '&']).flat_map(|part| part.split('/')) {
        let part = part.trim().trim_matches(['*', '`', ' ']);
        if part.is_empty() || matches!(part, "tcp" | "udp" | "TCP" | "UDP" | "sctp") {
            continue;
        }
        match one(part) {
            Some(mut some) => found.append(&mut some),
            None => return Vec::new(),
        }
    }
    found
}

/// A port, a publication or a range.
fn one(part: &str) -> Option<Vec<u16>> {
    if let Some((host, container)) = part.rsplit_once(':') {
        number(container)?;
        let host = host.rsplit_once(':').map_or(host, |(_, port)| port);
        return number(host).map(|port| vec![port]);
    }
    if let Some((low, high)) = part.split_once(['-', '\u{2013}']) {
        let (low, high) = (number(low)?, number(high)?);
        let few = high > low && high - low < RANGE_MAX;
        return few.then(|| (low..=high).collect());
    }
    number(part).map(|port| vec![port])
}

/// A port above zero.
pub(super) fn number(text: &str) -> Option<u16> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|port| digits && *port > 0)
}

#[cfg(test)]
mod tests {
    use super::ports;

    #[test]
    fn ports_are_read_as_people_write_them() {
        let cases: [(&str, &[u16]); 9] = [
            ("8000", &[8000]),
            ("`5432/tcp`", &[5432]),
            ("127.0.0.1:8080:80", &[8080]),
            ("8001/8002", &[8001, 8002]),
            ("8001, **8003**", &[8001, 8003]),
            ("8010-8012", &[8010, 8011, 8012]),
            ("10000-19999", &[]),
            ("11000+", &[]),
            ("70000", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(ports(text), expected, "{text}");
        }
    }
}
