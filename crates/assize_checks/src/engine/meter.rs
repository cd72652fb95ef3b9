//! What parsing and judging cost, for who asks `check --timings`.
//!
//! The clock is the caller's: this crate asks for no time. What one control works out for all that
//! come after it in a file, such as the meaning of its imports, is on the account of the first.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use assize_model::ControlName;
use assize_syntax::Language;

use crate::CONTROLS;

/// Accounts of all parsers and controls, which all threads fill.
#[derive(Debug)]
pub struct Meter {
    /// The processor time that the calling thread has used.
    clock: fn() -> Duration,
    parsers: Vec<Account>,
    controls: Vec<Account>,
}

#[derive(Debug, Default)]
struct Account {
    count: AtomicU64,
    nanoseconds: AtomicU64,
}

/// What stands on one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spent {
    /// Files or groups.
    pub count: u64,
    pub time: Duration,
}

impl Meter {
    pub fn new(clock: fn() -> Duration) -> Self {
        let accounts = |count: usize| (0..count).map(|_| Account::default()).collect();
        Self { clock, parsers: accounts(Language::ALL.len()), controls: accounts(CONTROLS.len()) }
    }

    /// What reading the files of each language took.
    pub fn parsers(&self) -> Vec<(Language, Spent)> {
        let spent = Language::ALL.into_iter().zip(&self.parsers);
        let spent = spent.map(|(language, account)| (language, account.spent()));
        spent.filter(|(_, spent)| spent.count > 0).collect()
    }

    fn parser(&self, language: Language) -> Option<&Account> {
        let position = Language::ALL.iter().position(|one| *one == language)?;
        self.parsers.get(position)
    }

    /// What each control took that had something to judge, in order of name.
    pub fn controls(&self) -> Vec<(ControlName, Spent)> {
        let spent = CONTROLS.iter().zip(&self.controls);
        let spent = spent.map(|(control, account)| (control.name, account.spent()));
        spent.filter(|(_, spent)| spent.count > 0).collect()
    }

    fn control(&self, name: ControlName) -> Option<&Account> {
        let position = CONTROLS.binary_search_by(|control| control.name.cmp(&name)).ok()?;
        self.controls.get(position)
    }

    fn add(&self, account: Option<&Account>, count: usize, begun: Duration) {
        let Some(account) = account else { return };
        let spent = (self.clock)().saturating_sub(begun);
        let nanoseconds = u64::try_from(spent.as_nanos()).unwrap_or(u64::MAX);
        account.count.fetch_add(count as u64, Ordering::Relaxed);
        account.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }
}

impl Account {
    fn spent(&self) -> Spent {
        Spent {
            count: self.count.load(Ordering::Relaxed),
            time: Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed)),
        }
    }
}

/// Runs a control over so many files or groups, on its account.
pub(super) fn judging<T>(
    meter: Option<&Meter>,
    control: ControlName,
    count: usize,
    run: impl FnOnce() -> T,
) -> T {
    let Some(meter) = meter else { return run() };
    let begun = (meter.clock)();
    let result = run();
    meter.add(meter.control(control), count, begun);
    result
}

/// Parses one file; its language is known afterwards.
pub(super) fn parsing<T>(
    meter: Option<&Meter>,
    run: impl FnOnce() -> T,
    language: impl FnOnce(&T) -> Language,
) -> T {
    let Some(meter) = meter else { return run() };
    let begun = (meter.clock)();
    let result = run();
    meter.add(meter.parser(language(&result)), 1, begun);
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> Duration {
        thread_local!(static TICKS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) });
        TICKS.set(TICKS.get() + 1);
        Duration::from_micros(TICKS.get())
    }

    #[test]
    fn what_is_run_is_on_its_account() {
        let meter = Meter::new(clock);
        let name = ControlName("doc-link");
        assert_eq!(judging(Some(&meter), name, 3, || 7), 7);
        judging(Some(&meter), name, 2, || ());
        judging(Some(&meter), ControlName("no-such-control"), 2, || ());
        parsing(Some(&meter), || (), |()| Language::Python);
        let two = Duration::from_micros(2);
        assert_eq!(meter.controls(), [(name, Spent { count: 5, time: two })]);
        let one = Spent { count: 1, time: Duration::from_micros(1) };
        assert_eq!(meter.parsers(), [(Language::Python, one)]);
    }

    #[test]
    fn controls_are_found_by_name() {
        let meter = Meter::new(clock);
        assert!(CONTROLS.iter().all(|control| meter.control(control.name).is_some()));
    }
}
