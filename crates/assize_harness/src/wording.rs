//! Reasons in words, short enough for a model to read each time.

use assize_guard::Reason;

/// No message may be longer, in characters.
pub(crate) const MESSAGE_CHARS_MAX: usize = 600;

/// What to do instead is kept even when what is wrong has to be cut, but not beyond this.
const HELP_CHARS_MAX: usize = 240;

/// What a person can do about a denial is one short line.
const OFFER_CHARS_MAX: usize = 120;

/// What stands for the reason when there is none: clients ignore a denial without a reason.
const NO_REASON: &str = "Assize stops this and was given no reason; see `assize ledger export`.";

/// The rule and the clause that a control serves.
pub(crate) type Lookup<'a> = &'a dyn Fn(&str) -> Option<(String, String)>;

/// The reasons as one text: the first in any case, the others as far as there is room. An offer
/// stands whole on the last line.
pub(crate) fn message(reasons: &[Reason], lookup: Lookup<'_>, offer: Option<&str>) -> String {
    let last = offer.map(|offer| format!("\n{}", cut(offer, OFFER_CHARS_MAX))).unwrap_or_default();
    told(reasons, lookup, MESSAGE_CHARS_MAX - length(&last)) + &last
}

fn told(reasons: &[Reason], lookup: Lookup<'_>, most: usize) -> String {
    let Some((first, others)) = reasons.split_first() else {
        return NO_REASON.to_owned();
    };
    // Room for the line that says how many were left out.
    let room = if others.is_empty() { most } else { most - 20 };
    let mut text = line(first, lookup, room);
    for (index, reason) in others.iter().enumerate() {
        let next = line(reason, lookup, MESSAGE_CHARS_MAX);
        if length(&text) + 1 + length(&next) > room {
            text.push_str(&format!("\n(and {} more)", others.len() - index));
            break;
        }
        text.push('\n');
        text.push_str(&next);
    }
    text
}

/// One reason in at most `room` characters.
fn line(reason: &Reason, lookup: Lookup<'_>, room: usize) -> String {
    let rule = lookup(reason.control)
        .map(|(rule, clause)| format!(" (rule {rule}, clause {clause})"))
        .unwrap_or_default();
    let head = format!("Assize, {}{rule}: ", clean(reason.control));
    let help = cut(&clean(&reason.help), HELP_CHARS_MAX);
    let tail = if help.is_empty() { ".".to_owned() } else { format!(". Instead: {help}.") };
    let left = room.saturating_sub(length(&head) + length(&tail));
    let wrong = cut(&clean(&reason.message), left);
    cut(&format!("{head}{wrong}{tail}"), room)
}

/// Control characters would colour a terminal or break a line; a full stop at the end is ours.
fn clean(text: &str) -> String {
    let plain: String =
        text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    plain.trim().trim_end_matches('.').to_owned()
}

fn cut(text: &str, room: usize) -> String {
    if length(text) <= room {
        return text.to_owned();
    }
    let kept: String = text.chars().take(room.saturating_sub(1)).collect();
    kept + "…"
}

fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use assize_guard::Reason;

    use super::{MESSAGE_CHARS_MAX, length, message};

    #[test]
    fn an_offer_stands_whole_at_the_end_however_much_there_is_to_say() {
        let offer = "A person can allow this once: assize approve 0123456789";
        for (count, letters) in [(1, 10), (1, 5_000), (3, 200), (40, 90), (0, 0)] {
            let reason = Reason {
                control: "shell-destructive",
                message: "é".repeat(letters),
                help: "h".repeat(letters),
            };
            let text = message(&vec![reason; count], &|_| None, Some(offer));
            assert!(length(&text) <= MESSAGE_CHARS_MAX, "{count} {letters}");
            assert_eq!(text.lines().last(), Some(offer));
            assert!(text.lines().count() > 1);
            let plain = message(&[], &|_| None, None);
            assert!(!plain.contains("approve"));
        }
    }
}
