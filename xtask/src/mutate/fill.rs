//! Placeholders of templates. Within one planting equal placeholders have equal values.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use regex::{Captures, Regex};

use super::random::Random;

const CONSONANTS: &[u8] = b"bdfgklmnprstvz";
const VOWELS: &[u8] = b"aeiou";

/// The values of one planting.
#[derive(Debug)]
pub(crate) struct Filling {
    random: Random,
    known: BTreeMap<String, String>,
    /// Names are single words: the tables of the agent controls mean it so.
    short: bool,
    pattern: Regex,
}

impl Filling {
    pub(crate) fn new(random: Random, short: bool) -> anyhow::Result<Self> {
        let pattern = Regex::new(
            r"\{(?:(ident|Ident|IDENT|kebab|camel|word|n|port|dir|file|stem|path|module)(\d?)|(alnum|hex|upper|digits|base64|lower):(\d+)|(future|past))\}",
        )?;
        Ok(Self { random, known: BTreeMap::new(), short, pattern })
    }

    /// Sets what the names of a qualifying file stand for.
    pub(crate) fn set_file(&mut self, path: &str) {
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
        let stem = file.split_once('.').map_or(file, |(stem, _)| stem);
        let bare = path.rsplit_once('.').map_or(path, |(bare, _)| bare);
        let module = bare.trim_end_matches("/__init__").replace('/', ".");
        let values =
            [("dir", folder), ("file", file), ("stem", stem), ("path", path), ("module", &module)];
        for (name, value) in values {
            self.known.insert(name.to_owned(), value.to_owned());
        }
    }

    pub(crate) fn fill(&mut self, template: &str) -> String {
        let pattern = self.pattern.clone();
        pattern.replace_all(template, |found: &Captures<'_>| self.value(found)).into_owned()
    }

    /// A filled path: without the slash that an empty folder leaves.
    pub(crate) fn fill_path(&mut self, template: &str) -> String {
        self.fill(template).trim_start_matches('/').replace("//", "/")
    }

    fn value(&mut self, found: &Captures<'_>) -> String {
        let part = |number: usize| found.get(number).map_or("", |part| part.as_str());
        let whole = part(0).trim_matches(['{', '}']).to_owned();
        if let Some(value) = self.known.get(&whole) {
            return value.clone();
        }
        let value = match (part(1), part(3), part(5)) {
            ("", "", date) => self.date(date == "future"),
            ("", alphabet, _) => self.characters(alphabet, part(4).parse().unwrap_or(1)),
            ("word", ..) => self.word(),
            ("n", ..) => {
                let high = if self.short { 99 } else { 9_999 };
                self.random.between(2, high).to_string()
            }
            ("port", ..) => self.random.between(20_000, 29_999).to_string(),
            ("ident" | "Ident" | "IDENT" | "kebab" | "camel", ..) => {
                let words = self.name(part(2));
                cased(part(1), &words)
            }
            _ => part(0).to_owned(),
        };
        self.known.insert(whole, value.clone());
        value
    }

    /// The words of a name; all its cases share them.
    fn name(&mut self, digit: &str) -> Vec<String> {
        let key = format!("name {digit}");
        if !self.known.contains_key(&key) {
            let count = if self.short { 1 } else { self.random.between(2, 3) };
            let words: Vec<String> = (0..count).map(|_| self.word()).collect();
            self.known.insert(key.clone(), words.join(" "));
        }
        self.known.get(&key).map_or("", String::as_str).split(' ').map(str::to_owned).collect()
    }

    /// Syllables: readable, and known to no package registry.
    pub(crate) fn word(&mut self) -> String {
        let length = self.random.between(5, 9);
        let mut word = String::new();
        for position in 0..length {
            let letters = if position % 2 == 0 { CONSONANTS } else { VOWELS };
            word.extend(self.random.choose(letters).map(|byte| char::from(*byte)));
        }
        word
    }

    fn characters(&mut self, alphabet: &str, count: usize) -> String {
        let (upper, lower, digits) =
            ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789");
        let letters = match alphabet {
            "hex" => "abcdef0123456789".to_owned(),
            "upper" => upper.to_owned(),
            "lower" => lower.to_owned(),
            "digits" => digits.to_owned(),
            "base64" => format!("{upper}{lower}{digits}+/"),
            _ => format!("{upper}{lower}{digits}"),
        };
        let letters: Vec<char> = letters.chars().collect();
        let mixed = matches!(alphabet, "hex" | "alnum" | "base64") && count > 1;
        loop {
            let text: String =
                (0..count).filter_map(|_| self.random.choose(&letters).copied()).collect();
            let has_digit = text.chars().any(|one| one.is_ascii_digit());
            let has_letter = text.chars().any(|one| one.is_ascii_alphabetic());
            if !mixed || has_digit && has_letter {
                return text;
            }
        }
    }

    fn date(&mut self, future: bool) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        let today = i64::try_from(now / 86_400).unwrap_or(0);
        let days = i64::try_from(self.random.between(90, 300)).unwrap_or(90);
        let (year, month, day) = civil(if future { today + days } else { today - days });
        format!("{year:04}-{month:02}-{day:02}")
    }
}

fn cased(case: &str, words: &[String]) -> String {
    let capital = |word: &String| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    match case {
        "Ident" => words.iter().map(capital).collect(),
        "IDENT" => words.join("_").to_ascii_uppercase(),
        "kebab" => words.join("-"),
        "camel" => {
            let rest: String = words.iter().skip(1).map(capital).collect();
            format!("{}{rest}", words.first().map_or("", String::as_str))
        }
        _ => words.join("_"),
    }
}

/// Year, month and day of a number of days since 1970-01-01, in the proleptic Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
    // Years are counted from March, so that the leap day is the last of its year.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::{Filling, Random, civil};

    #[test]
    fn equal_placeholders_are_equal_and_cases_belong_together() {
        let mut filling = Filling::new(Random::new(1, "x"), false).unwrap();
        let text = filling.fill("{ident} {ident} {kebab} {ident2} {name} {n}{n}");
        let parts: Vec<&str> = text.split(' ').collect();
        assert_eq!(parts[0], parts[1]);
        assert_eq!(parts[2].replace('-', "_"), parts[0]);
        assert_ne!(parts[3], parts[0]);
        assert_eq!(parts[4], "{name}");
    }

    #[test]
    fn an_empty_folder_leaves_no_slash() {
        let mut filling = Filling::new(Random::new(1, "x"), false).unwrap();
        filling.set_file("main.py");
        assert_eq!(filling.fill_path("{dir}/{stem}_copy.py"), "main_copy.py");
    }

    #[test]
    fn days_become_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(11_016), (2000, 2, 29));
        assert_eq!(civil(20_454), (2026, 1, 1));
    }
}
