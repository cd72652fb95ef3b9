//! Processes, services and timetables.

use crate::{Effect, Place, Reach};

use super::call::Call;
use super::walk::Walk;
use super::word::{Options, Stream, Word};

impl Walk<'_> {
    pub(super) fn processes(&mut self, call: &Call<'_>) -> Option<Stream> {
        let words = call.words;
        let has = |texts: &[&str]| words.iter().any(|word| texts.contains(&word.text.as_str()));
        match call.name {
            "kill" | "pkill" | "killall" | "skill" | "xkill" if !has(&["-l", "-0"]) => {
                self.kill(words);
            }
            "fuser" if words.iter().any(|word| word.is_option() && word.text.contains('k')) => {
                self.kill(words);
            }
            "systemctl" | "service" | "launchctl" | "rc-service" | "supervisorctl" => {
                if has(&["stop", "restart", "kill", "disable", "mask", "unload", "bootout"]) {
                    self.kill(words);
                }
                if has(&["enable", "link", "load", "bootstrap"]) {
                    self.scheduled("a service that is started later");
                }
            }
            "shutdown" | "reboot" | "halt" | "poweroff" => self.kill(&[Word::known("-1")]),
            "crontab" if !has(&["-l"]) => self.crontab(call),
            "at" | "batch" => {
                if let Stream::Text(text) = &call.input {
                    self.nested_subshell(text);
                } else {
                    self.scheduled("a command that runs later");
                }
            }
            _ => return None,
        }
        Some(Stream::Unknown)
    }

    fn kill(&mut self, words: &[Word]) {
        let options = Options::of(words, &["-s", "--signal"]);
        let mut chosen: Vec<Option<String>> =
            words.iter().map(|word| word.text().map(str::to_owned)).collect();
        if !options.operands.is_empty() {
            chosen.retain(|word| !word.as_deref().is_some_and(is_signal));
        }
        self.push(Effect::Kill { chosen });
    }

    fn crontab(&mut self, call: &Call<'_>) {
        let at = Place::Below("/var/spool/cron/".to_owned());
        if call.words.iter().any(|word| word.is("-r")) {
            self.push(Effect::Delete { at, reach: Reach::One });
            return;
        }
        let content = match &call.input {
            Stream::Text(text) => Some(text.clone()),
            _ => None,
        };
        self.write(at, content, Reach::One);
    }

    fn scheduled(&mut self, why: &str) {
        self.cannot_know(why);
    }
}

/// `-9`, `-TERM`, `-SIGKILL`.
fn is_signal(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|rest| {
        !rest.is_empty()
            && rest != "1"
            && (rest.bytes().all(|b| b.is_ascii_digit())
                || rest.len() > 2 && rest.bytes().all(|b| b.is_ascii_uppercase()))
    })
}
