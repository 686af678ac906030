//! Pages counted from 1, of a size that is asked for and capped.

use super::Context;
use crate::answer::Refusal;
use crate::switches::AboveCap;

#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    pub(super) number: usize,
    pub(super) size: usize,
}

impl Page {
    /// The items of this page, and how many there are on all pages.
    pub(super) fn of<T>(self, items: impl Iterator<Item = T>) -> (Vec<T>, usize) {
        let first = (self.number - 1).saturating_mul(self.size);
        let mut total = 0;
        let mut page = Vec::new();
        for item in items {
            if total >= first && page.len() < self.size {
                page.push(item);
            }
            total += 1;
        }
        (page, total)
    }
}

impl Context<'_> {
    /// The page that `page` and `per_page` ask for.
    pub(super) fn page(&self, default: usize, cap: usize) -> Result<Page, Refusal> {
        let number = self.positive("page")?.unwrap_or(1);
        let size = match self.positive("per_page")? {
            None => default.min(cap),
            Some(asked) if asked <= cap => asked,
            Some(_) if self.switches.above_cap == AboveCap::Clamp => cap,
            Some(_) => return Err(Refusal::bad_request("Invalid per_page")),
        };
        Ok(Page { number, size })
    }

    fn positive(&self, name: &str) -> Result<Option<usize>, Refusal> {
        let number = self.query.number(name)?.map(usize::try_from).transpose();
        let number = number.map_err(|_| Refusal::bad_request(format!("Invalid {name}")))?;
        if number == Some(0) { Err(Refusal::bad_request(format!("Invalid {name}"))) } else { Ok(number) }
    }
}
