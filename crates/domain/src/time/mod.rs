//! People's time: timers, entries, days and totals (E1–E9).
//!
//! [`decide`] is to time what [`plan`](crate::plan::plan) is to the tree: it turns what somebody does, and what a store knows
//! of it, into what is written or a [`Refusal`]. [`Calendar`] has the days of a zone, [`Typed`] and [`Moment`] read what people
//! type.

mod add;
mod amount;
mod calendar;
mod cell;
mod clock_time;
mod command;
mod day;
mod edit;
mod entry;
mod footing;
mod grouping;
mod instant;
mod length;
mod moment;
mod note;
mod overlap;
mod refusal;
mod roll_up;
mod shares;
mod slot;
mod span;
mod start;
mod state;
mod stop;
mod tag;
mod totals;
mod typed;
mod undo;

pub use calendar::Calendar;
pub use cell::Cell;
pub use clock_time::{BadClockTime, ClockTime};
pub use command::{Add, Around, Change, Command, Edit, Start, State, Stop, Times, Told, What, When, Write, decide};
pub use day::{Backwards, BadDay, Day, DayRange, Month};
pub use entry::{Details, Entry, Mark, Record, Timer, Tracked};
pub use footing::{Access, Footing, Lost};
pub use grouping::{Fact, Group, Grouping, Places};
pub use instant::{Instant, OutOfCalendar};
pub use length::{Length, Negative};
pub use moment::{BadMoment, Meant, Moment, Skipped};
pub use note::{BadNote, Note};
pub use overlap::{Overlap, Stretch, gaps, overlaps};
pub use refusal::{AHEAD, Refusal};
pub use roll_up::{Rolled, Sum, roll_up};
pub use shares::shares;
pub use slot::slot;
pub use span::{Span, Way};
pub use tag::{BadTag, Tag, Tags};
pub use totals::{Tally, totals};
pub use typed::{BadLength, Field, Typed};
pub use undo::{Deed, UNDONE_WITHIN, Undo};
