//! Ranges of versions, as far as they are plain numbers.

/// The versions between two bounds, each of which may itself be one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Range {
    low: Option<Bound>,
    high: Option<Bound>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Bound {
    version: Vec<u64>,
    included: bool,
}

/// The range that a constraint leaves; nothing where it is written in another way.
pub(super) fn range(key: &str, constraint: &str) -> Option<Range> {
    let mut range = Range { low: None, high: None };
    let python = key.starts_with("py:");
    // npm separates bounds by blanks, and alternatives by bars.
    let parts: Vec<&str> = match python {
        true => constraint.split(',').map(str::trim).collect(),
        false => constraint.split_whitespace().collect(),
    };
    if parts.is_empty() || parts.iter().any(|part| part.is_empty()) {
        return None;
    }
    for part in parts {
        range.narrow(part, python)?;
    }
    Some(range)
}

/// Whether no version lies in both.
pub(super) fn are_apart(one: &Range, other: &Range) -> bool {
    let below = |high: &Option<Bound>, low: &Option<Bound>| match (high, low) {
        (Some(high), Some(low)) => match ordered(&high.version, &low.version) {
            std::cmp::Ordering::Less => true,
            std::cmp::Ordering::Equal => !(high.included && low.included),
            std::cmp::Ordering::Greater => false,
        },
        _ => false,
    };
    below(&one.high, &other.low) || below(&other.high, &one.low)
}

impl Range {
    fn narrow(&mut self, part: &str, python: bool) -> Option<()> {
        let digits = part.find(|c: char| c.is_ascii_digit())?;
        let (sign, text) = part.split_at(digits);
        let text = text.trim();
        match sign.trim() {
            ">=" => self.above(version(text)?, true),
            ">" => self.above(version(text)?, false),
            "<=" => self.below(version(text)?, true),
            "<" => self.below(version(text)?, false),
            "~=" if python => self.next_after(version(text)?, |all| all.len().checked_sub(2)),
            "~" => self.next_after(version(text)?, |all| Some(usize::from(all.len() > 1))),
            "^" => self.next_after(version(text)?, |all| {
                let first = all.iter().position(|number| *number > 0);
                Some(first.unwrap_or(all.len().saturating_sub(1)))
            }),
            "==" | "===" if python => self.is(text),
            "=" | "" if !python && text.split('.').count() >= 3 => self.is(text),
            _ => None,
        }
    }

    fn is(&mut self, text: &str) -> Option<()> {
        if let Some(start) = text.strip_suffix(".*") {
            return self.next_after(version(start)?, |all| all.len().checked_sub(1));
        }
        let exact = version(text)?;
        self.above(exact.clone(), true)?;
        self.below(exact, true)
    }

    /// From this version to the next one at the place that is named.
    fn next_after(
        &mut self,
        from: Vec<u64>,
        place: impl FnOnce(&[u64]) -> Option<usize>,
    ) -> Option<()> {
        let at = place(&from)?;
        let mut next = from.get(..=at)?.to_vec();
        let last = next.last_mut()?;
        *last = last.checked_add(1)?;
        self.above(from, true)?;
        self.below(next, false)
    }

    /// A second bound of the same side is left to a person.
    fn above(&mut self, version: Vec<u64>, included: bool) -> Option<()> {
        self.low.is_none().then_some(())?;
        self.low = Some(Bound { version, included });
        Some(())
    }

    fn below(&mut self, version: Vec<u64>, included: bool) -> Option<()> {
        self.high.is_none().then_some(())?;
        self.high = Some(Bound { version, included });
        Some(())
    }
}

/// The numbers of a version; nothing where it holds more than numbers.
fn version(text: &str) -> Option<Vec<u64>> {
    text.split('.').map(|part| part.parse().ok()).collect()
}

/// Zeros at the end say nothing.
fn ordered(one: &[u64], other: &[u64]) -> std::cmp::Ordering {
    let length = one.len().max(other.len());
    let padded = |numbers: &[u64]| -> Vec<u64> {
        numbers.iter().copied().chain(std::iter::repeat(0)).take(length).collect()
    };
    padded(one).cmp(&padded(other))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{are_apart, range};

    fn apart(key: &str, one: &str, other: &str) -> Option<bool> {
        Some(are_apart(&range(key, one)?, &range(key, other)?))
    }

    #[test]
    fn ranges_that_can_and_cannot_both_hold() {
        for (key, one, other, expected) in [
            ("py:a", ">=2", "<2", Some(true)),
            ("py:a", ">=2", "<=2", Some(false)),
            ("py:a", ">2", "<=2.0", Some(true)),
            ("py:a", ">=1.4,<2", ">=2.0", Some(true)),
            ("py:a", ">=1.4,<2", "==1.10.3", Some(false)),
            ("py:a", "==1.10.3", ">=2", Some(true)),
            ("py:a", "~=1.4.2", ">=1.5", Some(true)),
            ("py:a", "~=1.4", ">=1.5", Some(false)),
            ("py:a", "==3.*", ">=4", Some(true)),
            ("py:a", "^2.1", "<2", Some(true)),
            ("py:a", ">=2,!=2.1", "<2", None),
            ("py:a", ">=2.0rc1", "<2", None),
            ("py:a", "", "<2", None),
            ("npm:a", "^17.0.2", "^18.2.0", Some(true)),
            ("npm:a", "^17.0.2", ">=16", Some(false)),
            ("npm:a", "^0.2.3", "^0.3.0", Some(true)),
            ("npm:a", "^0.0.3", "0.0.4", Some(true)),
            ("npm:a", "~1.2.3", "1.2.9", Some(false)),
            ("npm:a", "~1.2.3", "1.3.0", Some(true)),
            ("npm:a", ">=1.2.3 <2", "2.0.0", Some(true)),
            ("npm:a", "^1 || ^2", "^3.0.0", None),
            ("npm:a", "workspace:*", "^3.0.0", None),
        ] {
            assert_eq!(apart(key, one, other), expected, "{one} {other}");
            assert_eq!(apart(key, other, one), expected, "{other} {one}");
        }
    }

    proptest! {
        /// A version that both ranges hold shows that they meet.
        #[test]
        fn what_both_hold_lies_in_neither_alone(
            low in 0_u64..5, width in 1_u64..4, other in 0_u64..5, wide in 1_u64..4,
        ) {
            let text = |from: u64, size: u64| format!(">={from},<{}", from + size);
            let holds = |from: u64, size: u64, at: u64| from <= at && at < from + size;
            let meet = (0..10).any(|at| holds(low, width, at) && holds(other, wide, at));
            let apart = apart("py:a", &text(low, width), &text(other, wide));
            prop_assert_eq!(apart, Some(!meet));
        }
    }
}
