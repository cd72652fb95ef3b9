//! The clock of `check --timings`, and its result in the form of the report.

use std::time::Duration;

use assize_checks::{Meter, Spent};
use assize_report::{Timing, Timings};
use rustix::time::{ClockId, clock_gettime};

/// A meter by the processor time of the thread that asks: waiting, and other threads, cost nothing.
pub(crate) fn meter() -> Meter {
    Meter::new(|| {
        let now = clock_gettime(ClockId::ThreadCPUTime);
        let (seconds, nanoseconds) = (u64::try_from(now.tv_sec), u32::try_from(now.tv_nsec));
        Duration::new(seconds.unwrap_or(0), nanoseconds.unwrap_or(0))
    })
}

/// What stands on the meter.
pub(crate) fn read(meter: &Meter) -> Timings {
    let timing = |name: &str, spent: Spent| Timing {
        name: name.to_owned(),
        count: spent.count,
        cpu_us: u64::try_from(spent.time.as_micros()).unwrap_or(u64::MAX),
    };
    let parsers = meter.parsers().into_iter().map(|(one, spent)| timing(one.word(), spent));
    let controls = meter.controls().into_iter().map(|(one, spent)| timing(one.0, spent));
    Timings { parsers: parsers.collect(), controls: controls.collect() }
}
