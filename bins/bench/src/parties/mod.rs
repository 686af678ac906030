//! Who is measured.

pub(crate) mod floor;
pub(crate) mod product;
