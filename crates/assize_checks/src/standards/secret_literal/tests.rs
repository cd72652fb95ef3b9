//! Every format against a token made for it, and the forms that are no tokens.
//!
//! No token stands here: all are put together from characters drawn by a fixed rule, with the
//! checksums computed.

use std::collections::BTreeSet;

use assize_index::FileStamp;
use assize_model::{FileClass, RepoPath, Severity};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::alphabet::{ALNUM, Alphabet, BASE64, DIGIT, HEX, Part, URL};
use super::assignment::Bare;
use super::checksum;
use super::format::Format;
use super::formats::{CONTEXTUAL, TABLES};
use super::scan::{Request, secrets};

/// Draws characters by a fixed rule.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn draw(&mut self, alphabet: Alphabet, count: usize) -> String {
        let letters: Vec<u8> = (33..127).filter(|byte| alphabet.has(*byte)).collect();
        (0..count)
            .map(|_| {
                char::from(letters[usize::try_from(self.next() >> 11).unwrap() % letters.len()])
            })
            .collect()
    }

    fn parts(&mut self, parts: &[Part]) -> String {
        parts
            .iter()
            .map(|part| match part {
                Part::Run(alphabet, least, _) => self.draw(*alphabet, usize::from(*least)),
                Part::Text(words) => (*words).to_owned(),
                Part::Uuid => [8, 4, 4, 4, 12].map(|size| self.draw(HEX, size)).join("-"),
            })
            .collect()
    }
}

fn json(prefix: &str, fields: &str, secret: &str) -> String {
    format!("{prefix}{}", STANDARD_NO_PAD.encode(format!("{{{fields}\"{secret}\"}}")))
}

fn resealed(token: &str, digits: usize, sum: impl Fn(&str) -> String) -> String {
    let body = &token[..token.len() - digits];
    format!("{body}{}", sum(body))
}

/// A token of the format as its issuer would make it.
fn sample(format: &Format, dice: &mut Dice) -> String {
    let lead = format
        .lead
        .map_or(String::new(), |(alphabet, least, _)| dice.draw(alphabet, usize::from(least)));
    let token = format!("{lead}{}{}", format.anchor, dice.parts(format.parts));
    let crc = |body: &str| crc32fast::hash(body.as_bytes());
    let secret = dice.draw(ALNUM, 40);
    match format.anchor {
        "ghp_" | "gho_" | "ghu_" | "ghs_" | "ghr_" | "npm_" => {
            let body = &token[4..token.len() - 6];
            format!("{}{body}{}", format.anchor, checksum::base62(crc(body)))
        }
        "ATBB" | "ATATT3" | "ATCTT3" => resealed(&token, 8, |body| format!("{:08X}", crc(body))),
        "glsa_" => resealed(&token, 8, |body| {
            let body = &body[..body.len() - 1];
            format!("{:08x}", crc(body).swap_bytes())
        }),
        // Base64 has no texts of four and one characters.
        "pypi-AgEIcHlwaS5vcmc" => format!("{token}x"),
        "AGE-SECRET-KEY-1" => bech32(&token),
        "T3BlbkFJ" => format!("sk-{}", &token[3..]),
        "sk-proj-" | "sk-svcacct-" | "sk-admin-" => format!("{token}T3BlbkFJ{secret}"),
        "sk-ant-api03-" | "sk-ant-admin01-" | "sk-ant-oat01-" => {
            resealed(&token, 2, |_| "AA".into())
        }
        "glc_eyJ" => json("glc_", "\"o\":\"1\",\"n\":\"ci\",\"k\":", &secret),
        "eyJrIjoi" => {
            STANDARD_NO_PAD.encode(format!("{{\"k\":\"{secret}\",\"n\":\"ci\",\"id\":1}}"))
        }
        "sntrys_eyJ" => {
            let json = json("sntrys_", "\"iat\":17.5,\"url\":\"https://s.io\",\"org\":", "acme");
            format!("{json}_{}", dice.draw(BASE64, 43))
        }
        "ops_eyJ" => {
            let more = dice.draw(ALNUM, 200);
            json("ops_", &format!("\"signInAddress\":\"{more}\",\"secretKey\":"), &secret)
        }
        "cmVmdGtu" => {
            let digits = dice.draw(DIGIT, 6);
            STANDARD_NO_PAD.encode(format!("reftkn:01:{digits}:{}", &secret[..31]))
        }
        _ if format.proof.is_some_and(|proof| {
            std::ptr::fn_addr_eq(proof, checksum::base36_crc32 as fn(&str) -> bool)
        }) =>
        {
            resealed(&token, 7, |body| checksum::base36(crc(body)))
        }
        _ => token,
    }
}

fn bech32(token: &str) -> String {
    let letters = checksum::BECH32_LETTERS;
    let (prefix, data) = token[..token.len() - 6].rsplit_once('1').unwrap();
    let lower = data.to_ascii_lowercase();
    let mut values: Vec<u8> = lower
        .bytes()
        .map(|byte| u8::try_from(letters.bytes().position(|one| one == byte).unwrap()).unwrap())
        .collect();
    values.extend([0; 6]);
    let sum = checksum::bech32_sum(&prefix.to_ascii_lowercase(), &values) ^ 1;
    let tail: String = (0..6)
        .map(|place| char::from(letters.as_bytes()[(sum >> (5 * (5 - place)) & 31) as usize]))
        .collect();
    format!("{prefix}1{data}{}", tail.to_ascii_uppercase())
}

fn found_in(text: &str, class: FileClass) -> Vec<(&'static str, String, Severity)> {
    let request = Request { text, class, bare: Bare::Line, settings: true };
    secrets(request)
        .into_iter()
        .map(|secret| (secret.code, text[secret.start..secret.end].to_owned(), secret.severity))
        .collect()
}

fn found(text: &str) -> Vec<(&'static str, String)> {
    let all = found_in(text, FileClass::Production);
    all.into_iter().map(|(code, text, _)| (code, text)).collect()
}

fn line(format: &Format, token: &str) -> String {
    format!("{} value = \"{token}\"\n", format.near.first().unwrap_or(&"a"))
}

/// A sample that passes the format's own tests: some need a second draw.
fn good_sample(format: &Format, dice: &mut Dice) -> String {
    (0..64)
        .map(|_| sample(format, dice))
        .find(|token| format.proof.is_none_or(|proof| proof(token)))
        .unwrap_or_else(|| panic!("no sample of {} {}", format.code, format.anchor))
}

#[test]
fn each_format_is_found_and_its_broken_form_is_not() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for format in TABLES.iter().copied().flatten() {
        let token = good_sample(format, &mut dice);
        let expected = vec![(format.code, token.clone())];
        assert_eq!(found(&line(format, &token)), expected, "{} {token}", format.code);

        let parts: usize = format.parts.iter().map(|part| least(*part)).sum();
        let lead = format.lead.map_or(0, |(_, least, _)| usize::from(least));
        let short = if parts > 0 {
            token[..(lead + format.anchor.len() + parts - 1).min(token.len() - 1)].to_owned()
        } else {
            token[1..].to_owned()
        };
        let codes = found(&line(format, &short));
        assert!(codes.iter().all(|(code, _)| *code != format.code), "{} {short}", format.code);
        let longer = format!("{token}zz9z");
        let grows = matches!(format.parts.last(), Some(Part::Run(_, least, most)) if least < most);
        if !grows && format.anchor != "cio" {
            let codes = found(&line(format, &longer));
            assert!(codes.iter().all(|(code, _)| *code != format.code), "{} {longer}", format.code);
        }
    }
}

fn least(part: Part) -> usize {
    match part {
        Part::Run(_, least, _) => usize::from(least),
        Part::Text(words) => words.len(),
        Part::Uuid => 36,
    }
}

/// What the page promises: so many kinds, each with a shape of its own. The tests around hold a
/// right and a nearly right token against every one of them.
#[test]
fn there_are_two_hundred_kinds_of_tokens() {
    let own: BTreeSet<String> = TABLES
        .iter()
        .copied()
        .flatten()
        .map(|format| format!("{} {:?} {:?}", format.anchor, format.lead, format.parts))
        .collect();
    assert_eq!(own.len(), TABLES.iter().copied().map(<[Format]>::len).sum::<usize>());
    let named: BTreeSet<String> =
        CONTEXTUAL.iter().map(|one| format!("{:?} {:?}", one.words, one.parts)).collect();
    assert_eq!(named.len(), CONTEXTUAL.len());
    assert!(own.len() >= 200, "{} by themselves", own.len());
    assert!(own.len() + named.len() >= 240, "{} and {}", own.len(), named.len());
}

#[test]
fn a_wrong_checksum_is_no_token() {
    let mut dice = Dice(0x1234_5678_9ABC_DEF1);
    let summed = ["ghp_", "npm_", "ATBB", "ATATT3", "glsa_", "AGE-SECRET-KEY-1"];
    for format in TABLES.iter().copied().flatten().filter(|one| summed.contains(&one.anchor)) {
        let token = good_sample(format, &mut dice);
        let at = format.anchor.len() + 3;
        let other = if &token[at..=at] == "Q" { "P" } else { "Q" };
        let broken = format!("{}{other}{}", &token[..at], &token[at + 1..]);
        assert_eq!(found(&line(format, &broken)), [], "{}", format.code);
    }
    // The sum of a published sample.
    let body = ["zQWBuTSOoRi4A9sp", "HcVY5ncnsDkxkJ"].concat();
    assert_eq!(checksum::base62(crc32fast::hash(body.as_bytes())), "0mLq17");
}

#[test]
fn names_tell_tokens_without_a_mark() {
    let mut dice = Dice(77);
    for format in CONTEXTUAL {
        let token = (0..64)
            .map(|_| match format.code {
                "discord-token" => {
                    let id = STANDARD_NO_PAD.encode(dice.draw(DIGIT, 18));
                    format!("{id}.{}.{}", dice.draw(URL, 6), dice.draw(URL, 30))
                }
                _ => dice.parts(format.parts),
            })
            .find(|token| format.proof.is_none_or(|proof| proof(token)))
            .unwrap();
        let text = format!("{}_token = \"{token}\"\n", format.words[0]);
        assert_eq!(found(&text), [(format.code, token.clone())], "{text}");
        let text = format!("color_of_the_day = \"{token}\"\n");
        assert!(found(&text).iter().all(|(code, _)| *code != format.code), "{text}");
    }
}

#[test]
fn parts_of_longer_texts_are_no_tokens() {
    let mut dice = Dice(4242);
    let format = TABLES.iter().copied().flatten().find(|one| one.anchor == "ghp_").unwrap();
    let token = good_sample(format, &mut dice);
    let blob = dice.draw(BASE64, 60);
    for text in [
        format!("x{token}"),
        format!("_{token}"),
        format!("{token}x"),
        format!("sha512-{blob}Aa1/{token}/{blob}Aa1=="),
    ] {
        assert_eq!(found(&text), [], "{text}");
    }
    for text in [
        format!("https://{token}@host.io/x"),
        format!("\"first\\n{token}\\nlast\""),
        format!("Bearer {token}."),
        format!("«{token}»"),
    ] {
        assert_eq!(found(&text), [(format.code, token.clone())], "{text}");
    }
    assert_eq!(found(&format!("token = \"{token}\"")), [(format.code, token)]);
}

/// A body like that of a key: a sequence whose length is right.
fn der(length: u16, dice: &mut Dice) -> Vec<u8> {
    let [high, low] = length.to_be_bytes();
    let mut bytes = vec![0x30, 0x82, high, low];
    bytes.extend((0..length).map(|_| dice.next().to_le_bytes()[3]));
    bytes
}

fn pem(body: &str, joint: &str) -> String {
    let lines: Vec<&str> = body.as_bytes().chunks(64).map(|c| str::from_utf8(c).unwrap()).collect();
    let kind = ["PRIVATE", "KEY"].join(" ");
    format!("-----BEGIN {kind}-----{joint}{}{joint}-----END {kind}-----", lines.join(joint))
}

#[test]
fn private_keys_are_there_in_full() {
    let mut dice = Dice(99);
    let body = base64::engine::general_purpose::STANDARD.encode(der(1200, &mut dice));
    for text in [
        pem(&body, "\n"),
        pem(&body, "\r\n    "),
        format!("key: \"{}\"", pem(&body, "\\n")),
        format!("key = \"{}\"", pem(&body, "\\n\" +\n      \"")),
    ] {
        let codes: Vec<_> = found(&text).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, ["private-key"], "{text}");
    }
    for text in [
        pem(&body[..body.len() - 128], "\n"),
        pem("MIIEvQIBADAN...", "\n"),
        pem("", "\n"),
        "if text.startswith('-----BEGIN PRIVATE KEY-----'):".to_owned(),
    ] {
        assert_eq!(found(&text), [], "{text}");
    }
    let account = format!("\"private_key_id\": \"1\",\n\"private_key\": \"{}\"", pem(&body, "\\n"));
    assert_eq!(found(&account)[0].0, "google-service-account");
    for class in [FileClass::Test, FileClass::Example, FileClass::Doc] {
        assert_eq!(found_in(&pem(&body, "\n"), class), []);
    }
}

fn jwt(payload: &str, dice: &mut Dice) -> String {
    let header = URL_SAFE_NO_PAD.encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    format!("{header}.{}.{}", URL_SAFE_NO_PAD.encode(payload), dice.draw(URL, 43))
}

#[test]
fn web_tokens() {
    let mut dice = Dice(5);
    let own = jwt("{\"sub\":\"u-81\",\"role\":\"admin\"}", &mut dice);
    assert_eq!(found(&format!("x = '{own}'")), [("json-web-token", own.clone())]);
    assert_eq!(found_in(&own, FileClass::Test), []);
    assert_eq!(found(&format!("{own}.x")), []);
    let sample = jwt("{\"sub\":\"1234567890\",\"name\":\"John Doe\"}", &mut dice);
    assert_eq!(found(&sample), []);
    let cluster = jwt("{\"iss\":\"kubernetes/serviceaccount\"}", &mut dice);
    let found = found_in(&cluster, FileClass::Doc);
    assert_eq!(found, [("kubernetes-token", cluster, Severity::Warn)]);
}

/// Addresses stand here with ` at ` in place of the sign, so that none is one.
fn told(text: &str, class: FileClass) -> bool {
    !found_in(&text.replace(" at ", "@"), class).is_empty()
}

#[test]
fn logins_in_addresses() {
    let production = FileClass::Production;
    for text in [
        "postgresql://app:s3cr3t at db/x",
        "postgresql+asyncpg://app:kW82mqpl at 10.1.2.3:5432/x",
        "redis://:kW82mqpl at cache:6379/0",
        "https://deploy:kW82mqpl at git.acme.io/repo.git",
        "amqp://billing:billing at rabbitmq:5672/",
    ] {
        assert!(told(text, production), "{text}");
    }
    for text in [
        "postgresql://user:password at host/db",
        "postgresql://app:${DB_PASSWORD} at db/x",
        "postgresql://app:{password} at db/x",
        "postgresql://app:kW82mqpl at localhost/x",
        "postgresql://app:kW82mqpl at db.example.com/x",
        "postgres://postgres:postgres at db/x",
        "amqp://guest:guest at rabbitmq:5672/",
        "https://user:pass at proxy.acme.io",
        "http://[^:]+:[^ at ]+ at host",
        "https://host/path:with at sign",
        "mongodb://admin:changeme at mongo:27017",
        "ssh://git at github.com:22/x",
    ] {
        assert!(!told(text, production), "{text}");
    }
    assert!(!told("postgres://web:web at db/x", FileClass::Doc));
    assert!(!told("postgresql://app:kW82mqpl at db/x", FileClass::Test));
    assert!(!told("http://app:kW82mqpl at 10.1.2.3/x", FileClass::Test));
    assert!(told("postgresql://app:kW82mqpl at db.acme.io/x", FileClass::Doc));
}

#[test]
fn secrets_of_clusters() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: api\nstringData:\n  \
                username: acmeapp\n  password: kW82mqplz\n  old: changeme\n---\nkind: Secret\n";
    assert_eq!(found(text), [("kubernetes-secret", "kW82mqplz".to_owned())]);
    let value = STANDARD_NO_PAD.encode("kW82mqplzzt");
    let data = format!("apiVersion: v1\nkind: Secret\ndata:\n  signer: {value}\n");
    assert_eq!(found(&data), [("kubernetes-secret", value)]);
    for text in [
        "apiVersion: v1\nkind: Secret\nstringData:\n  password: \"{{ .Values.password }}\"\n",
        "apiVersion: v1\nkind: SealedSecret\nspec:\n  x: AgBy3i4OJSWK+PiTySYZZA9rO43cGDEq\n",
        "apiVersion: v1\nkind: Secret\nstringData:\n  token: github-token-placeholder\n",
        "apiVersion: v1\nkind: Secret\nstringData:\n  hooks: |\n    type: bitbucketserver\n",
        "apiVersion: v1\nkind: Secret\nstringData:\n  issuer: https://login.acme.io/base\n",
        "apiVersion: v1\nkind: Secret\nstringData:\n  signer: ZXhhbXBsZS1hcHAtc2VjcmV0\n",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn reports_give_nothing_away() {
    let mut dice = Dice(31);
    let format = TABLES.iter().copied().flatten().find(|one| one.anchor == "npm_").unwrap();
    let token = good_sample(format, &mut dice);
    let text = format!("NPM_TOKEN={token}\nDB_PASSWORD=kW82mqplzz\n");
    let path = RepoPath::new(".env").unwrap();
    let stamp = FileStamp::default();
    let file = crate::index_text(&path, FileClass::Production, text.as_bytes(), stamp, 0);
    let own: Vec<_> =
        file.findings.iter().filter(|finding| finding.control == "secret-literal").collect();
    assert_eq!(own.len(), 2);
    for finding in own {
        let said = format!("{finding:?}");
        for secret in [token.as_str(), "kW82mqplzz"] {
            assert!(!said.contains(&secret[4..9]), "{said}");
        }
        assert!(finding.subject.len() == 32 && !finding.item.is_empty(), "{said}");
    }
}

#[test]
fn hostile_texts_end_soon() {
    const COUNT: usize = 20_000;
    for unit in [
        "eyJ",
        "eyJ.",
        "://",
        "token=",
        "password=\"\\",
        "kind: Secret\n",
        "-us",
        ":AA",
        "+",
        "-----BEGIN PRIVATE KEY-----",
        "PuTTY-User-Key-File-2: ",
        "AZDO",
        "postgres://a:b",
    ] {
        assert_eq!(found(&unit.repeat(COUNT)), [], "{unit}");
    }
    let token = "é".repeat(40);
    for end in 0..60 {
        let text = format!("password: \"{token}kX9#mQ2vLp\" ghp_ AKIA eyJ");
        let end = super::keys::floor(&text, end);
        assert_eq!(found(&text[..end]), [], "{end}");
    }
}
