//! The request rate: a leaky bucket per token.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::switches::RateLimit;

/// What nginx says when a bucket is full.
pub(crate) const TOO_MANY: &str = "<html>\r\n<head><title>429 Too Many Requests</title></head>\r\n<body>\r\n<center><h1>429 Too Many \
                                   Requests</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";

#[derive(Debug, Clone, Copy)]
struct Filled {
    level: f64,
    at: DateTime<Utc>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Rates(HashMap<String, Filled>);

impl Rates {
    /// Lets a request in, unless the token's bucket is full.
    pub(crate) fn admit(&mut self, token: &str, limit: RateLimit, now: DateTime<Utc>) -> bool {
        let bucket = self.0.entry(token.to_owned()).or_insert(Filled { level: 0.0, at: now });
        let elapsed = (now - bucket.at).to_std().unwrap_or_default().as_secs_f64();
        bucket.level = (bucket.level - elapsed * limit.per_second).max(0.0);
        bucket.at = now;
        let admitted = bucket.level + 1.0 <= limit.burst.max(1.0);
        if admitted {
            bucket.level += 1.0;
        }
        admitted
    }
}
