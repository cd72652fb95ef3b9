//! Published ports in the short syntax of compose: `[address:]host:container[/protocol]`.

/// How many ports of one range are written down.
const RANGE_MAX: u16 = 64;

/// A host port that a service takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Published {
    pub ports: Vec<u16>,
    pub udp: bool,
}

/// The host ports of an entry whose variables are filled in. None are taken where the engine is
/// left to choose one: no host part, port zero, or a range for a single container port.
pub(crate) fn short(entry: &str) -> Option<Published> {
    let (rest, protocol) = entry.trim().rsplit_once('/').unwrap_or((entry.trim(), "tcp"));
    let (before, container) = rest.rsplit_once(':')?;
    let host = before.rsplit_once(':').map_or(before, |(_, host)| host);
    let ports = range(host)?;
    if ports.len() > 1 && !container.contains('-') {
        return None;
    }
    Some(Published { ports, udp: protocol.eq_ignore_ascii_case("udp") })
}

/// A port, or the ports of a range; none for zero and for what is no port.
pub(crate) fn range(text: &str) -> Option<Vec<u16>> {
    let (first, last) = text.trim().split_once('-').unwrap_or((text, text));
    let (first, last) = (number(first)?, number(last)?);
    if first == 0 || last < first {
        return None;
    }
    Some((first..=last.min(first.saturating_add(RANGE_MAX - 1))).collect())
}

fn number(text: &str) -> Option<u16> {
    let text = text.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn host_ports_are_read() {
        let cases: [(&str, &[u16]); 7] = [
            ("8080:80", &[8080]),
            ("127.0.0.1:8080:80/tcp", &[8080]),
            ("[::1]:53:53/udp", &[53]),
            ("3000-3002:3000-3002", &[3000, 3001, 3002]),
            (" 22:22 ", &[22]),
            ("0.0.0.0:65535:1", &[65535]),
            ("65535:1", &[65535]),
        ];
        for (entry, ports) in cases {
            assert_eq!(short(entry).unwrap().ports, ports, "{entry}");
        }
        assert!(short("53:53/udp").unwrap().udp);
        assert_eq!(short("1000-2000:1000-2000").unwrap().ports.len(), 64);
    }

    #[test]
    fn ports_that_the_engine_chooses_are_none() {
        for entry in ["80", "127.0.0.1::80", "0:80", "8000-9000:80", "99999:80", ":80", "", "a:b"] {
            assert_eq!(short(entry), None, "{entry}");
        }
    }
}
