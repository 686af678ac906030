//! People's time: days, times of day and durations, and how people type them (E5, E9).

mod calendar;
mod clock_time;
mod day;
mod instant;
mod length;
mod moment;
mod typed;

pub use calendar::Calendar;
pub use clock_time::{BadClockTime, ClockTime};
pub use day::{BadDay, Backwards, Day, DayRange, Month};
pub use instant::{Instant, OutOfCalendar};
pub use length::{Length, Negative};
pub use moment::{BadMoment, Meant, Moment, Skipped};
pub use typed::{BadLength, Field, Typed};
