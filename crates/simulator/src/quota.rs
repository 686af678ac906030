//! The hourly quota: fixed windows of an hour, each anchored at its first request, per person and bucket.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::switches::{QuotaMode, Switches};
use crate::world::{Plan, World};

/// The budget that a request falls into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// Everything that names neither a workspace nor an organization.
    User,
    /// What names this organization, or a workspace of it.
    Organization(i64),
}

#[derive(Debug, Clone, Copy)]
struct Window {
    started: DateTime<Utc>,
    used: i64,
}

/// What a budget holds at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Level {
    pub(crate) total: i64,
    pub(crate) remaining: i64,
    pub(crate) resets_in: i64,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Quotas(HashMap<(i64, Bucket), Window>);

impl Quotas {
    /// Counts one request and tells the level after it, or tells the level at which it is refused.
    pub(crate) fn spend(
        &mut self,
        user: i64,
        bucket: Bucket,
        total: i64,
        now: DateTime<Utc>,
        switches: &Switches,
    ) -> Result<Level, Level> {
        let window = self.window(user, bucket, now);
        let refused = switches.quota == QuotaMode::Enforced && window.used >= total;
        if !refused || switches.quota_counts_refused {
            window.used += 1;
        }
        let level = window.level(total, now);
        if refused { Err(Level { remaining: level.remaining.max(0), ..level }) } else { Ok(level) }
    }

    /// Lets other programs of the same person use up some of a budget.
    pub(crate) fn consume(&mut self, user: i64, bucket: Bucket, requests: i64, now: DateTime<Utc>) {
        self.window(user, bucket, now).used += requests;
    }

    /// The level without spending anything.
    pub(crate) fn level(&self, user: i64, bucket: Bucket, total: i64, now: DateTime<Utc>) -> Level {
        let window = self.0.get(&(user, bucket)).filter(|window| window.runs_at(now));
        window.map_or(Level { total, remaining: total, resets_in: 0 }, |window| window.level(total, now))
    }

    fn window(&mut self, user: i64, bucket: Bucket, now: DateTime<Utc>) -> &mut Window {
        let fresh = Window { started: now, used: 0 };
        let window = self.0.entry((user, bucket)).or_insert(fresh);
        if !window.runs_at(now) {
            *window = fresh;
        }
        window
    }
}

impl Window {
    fn runs_at(&self, now: DateTime<Utc>) -> bool {
        now < self.started + TimeDelta::hours(1)
    }

    fn level(&self, total: i64, now: DateTime<Utc>) -> Level {
        let left = self.started + TimeDelta::hours(1) - now;
        let resets_in = (left + TimeDelta::milliseconds(999)).num_seconds();
        Level { total, remaining: total - self.used, resets_in }
    }
}

/// How many requests an hour a bucket allows.
pub(crate) fn total(bucket: Bucket, world: &World, switches: &Switches) -> i64 {
    match bucket {
        Bucket::User => switches.user_quota,
        Bucket::Organization(id) => match world.organization(id).map_or(Plan::Free, |organization| organization.plan) {
            Plan::Free => 30,
            Plan::Starter => 240,
            Plan::Premium => 600,
            Plan::Enterprise => switches.enterprise_quota,
        },
    }
}

/// The bucket of a path below the base path.
pub(crate) fn bucket(world: &World, segments: &[&str]) -> Bucket {
    match segments {
        ["organizations", id, ..] => id.parse().map_or(Bucket::User, Bucket::Organization),
        ["workspaces", id, ..] => {
            let workspace = id.parse().ok().and_then(|id| world.workspace(id));
            workspace.map_or(Bucket::User, |workspace| Bucket::Organization(workspace.organization))
        }
        _ => Bucket::User,
    }
}
