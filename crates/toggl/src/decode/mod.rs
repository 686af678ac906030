//! JSON as Toggl writes it: lenient where fields come and go, strict where an id or a list is at stake.

mod id;
mod list;
mod text;

pub(crate) use id::Id;
pub(crate) use list::{MOST_ROWS, Null, Rows, document, rows};
pub(crate) use text::Text;
