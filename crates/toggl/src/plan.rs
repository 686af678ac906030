//! What a reading will cost, and for how long kept pages are good for it: both are known before the first list is read (I19).

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use tallyport_domain::{ExternalId, Kind, Known};

use crate::asker::Asker;
use crate::endpoint::Bucket;
use crate::lists;
use crate::resume::Kept;
use crate::wire::Seen;

/// What an hour allows, without a paid plan and with one.
const FREE: u32 = 30;
const PAID: u32 = 240;
/// The largest page, by which lists are priced.
const PAGE: usize = 200;
/// From how many workspaces on an organization is asked for all of its people at once.
const WORTH_IT: usize = 3;

/// How the selected workspaces will be read.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Workspaces whose members are read by organization.
    pub(crate) together: HashMap<i64, Vec<ExternalId>>,
    /// From when on kept pages of each bucket are good: for as many of its windows as its price needs, plus one.
    pub(crate) not_before: HashMap<Bucket, DateTime<Utc>>,
}

impl Plan {
    /// Prices the lists that will be read, and lets the asker expect as many requests.
    pub(crate) fn new(asker: &Asker<'_>, kept: &Kept, known: &Known, selected: &[&Seen]) -> Self {
        let together = together(selected);
        let mut bills: HashMap<Bucket, Bill> = HashMap::new();
        let price = |bill: &mut Bill, list: &str, known: usize| {
            let requests = kept.pages(list).max(pages(known));
            asker.tracker().expect(list, requests);
            bill.requests += requests;
        };
        for organization in together.keys() {
            let bill = bills.entry(Bucket::Organization(*organization)).or_default();
            price(bill, &lists::organization_users_id(*organization), 0);
        }
        for seen in selected {
            let known = |kind| known.of(seen.id(), kind).len();
            let together = seen.organization.is_some_and(|organization| together.contains_key(&organization));
            let lists = [
                ("clients", Some(0)),
                ("projects", Some(known(Kind::Project))),
                ("tasks", (seen.premium != Some(false)).then(|| known(Kind::Task))),
                ("members", (!together).then_some(0)),
            ];
            let bill = bills.entry(lists::bucket(seen)).or_default();
            bill.paid |= seen.premium == Some(true);
            for (list, known) in lists {
                let Some(known) = known else { continue };
                price(bill, &lists::id(seen.id(), list), known);
            }
        }
        let (now, reserve) = (asker.now(), asker.connection.limits.reserve());
        let not_before = bills.into_iter().map(|(bucket, bill)| (bucket, now - bill.hours(reserve))).collect();
        Self { together, not_before }
    }
}

/// The requests to one bucket.
#[derive(Debug, Default)]
struct Bill {
    requests: u32,
    paid: bool,
}

impl Bill {
    /// How many hours it takes to send them all, and one.
    fn hours(&self, reserve: u32) -> TimeDelta {
        let allowance = if self.paid { PAID } else { FREE };
        let windows = self.requests.div_ceil(allowance.saturating_sub(reserve).max(1)) + 1;
        TimeDelta::hours(windows.min(1000).into())
    }
}

/// The organizations that are asked for all of their people at once, each with its workspaces.
fn together(selected: &[&Seen]) -> HashMap<i64, Vec<ExternalId>> {
    let mut by_organization: HashMap<i64, Vec<&Seen>> = HashMap::new();
    for seen in selected {
        if let Some(organization) = seen.organization {
            by_organization.entry(organization).or_default().push(seen);
        }
    }
    by_organization.retain(|_, seen| seen.len() >= WORTH_IT && seen.iter().all(|seen| seen.workspace.administered));
    let ids = |seen: Vec<&Seen>| seen.into_iter().map(Seen::id).collect();
    by_organization.into_iter().map(|(organization, seen)| (organization, ids(seen))).collect()
}

/// How many requests a list of so many items takes, as far as is known.
fn pages(known: usize) -> u32 {
    u32::try_from(known.div_ceil(PAGE)).unwrap_or(u32::MAX).max(1)
}
