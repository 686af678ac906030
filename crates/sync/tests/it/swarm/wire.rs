//! The network of a history: the simulated Toggl behind the adapter's port, with the faults of its wire acted out.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::header::{AUTHORIZATION, CONTENT_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use tallyport_domain::Clock as _;
use tallyport_simulator::{BASE_PATH, Delivery, Simulator};
use tallyport_toggl::{Answer, Broken, Transport};

use super::chance::Chance;
use super::process::Process;
use super::time::Time;

/// How long the adapter waits for an answer.
pub(crate) const TIMEOUT: TimeDelta = TimeDelta::seconds(120);

/// A request that was sent, and what its answer said of the allowance.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// When it left.
    pub(crate) at: DateTime<Utc>,
    pub(crate) target: String,
    /// The status, where an answer came.
    pub(crate) status: Option<u16>,
    /// What is left of the allowance, and when it is full again.
    pub(crate) left: Option<(i64, DateTime<Utc>)>,
}

/// Goes straight to the simulator, and takes simulated time.
pub(crate) struct Wire {
    pub(crate) simulator: Simulator,
    pub(crate) time: Time,
    pub(crate) process: Process,
    pub(crate) chance: Mutex<Chance>,
    pub(crate) asked: Arc<Mutex<Vec<Asked>>>,
}

impl Wire {
    async fn wait(&self, wait: TimeDelta) {
        self.time.sleep_until(self.time.now() + wait).await;
    }
}

#[async_trait]
impl Transport for Wire {
    async fn get(&self, target: &str, authorization: HeaderValue) -> Result<Answer, Broken> {
        self.process.call().await;
        let place = {
            let mut asked = self.asked.lock().unwrap();
            asked.push(Asked { at: self.time.now(), target: target.to_owned(), status: None, left: None });
            asked.len() - 1
        };
        let latency = TimeDelta::milliseconds(self.chance.lock().unwrap().range(5, 400));
        self.wait(latency).await;
        let request = Request::get(format!("{BASE_PATH}{target}")).header(AUTHORIZATION, authorization).body(Bytes::new());
        let answer = self.simulator.answer(&request.unwrap());
        let lost = || Err(Broken::Lost("connection reset".to_owned()));
        match answer.delivery {
            Delivery::Whole => {}
            Delivery::ResetBeforeHead | Delivery::ResetInBody | Delivery::ShortBody => return lost(),
            Delivery::StallBeforeHead | Delivery::StallInBody => {
                self.wait(TIMEOUT).await;
                return Err(Broken::TimedOut("the answer did not come in time".to_owned()));
            }
            Delivery::Slow(milliseconds) => {
                let whole =
                    TimeDelta::milliseconds(i64::try_from(milliseconds).unwrap() * i64::try_from(answer.body.len()).unwrap());
                self.wait(whole.min(TIMEOUT)).await;
                if whole > TIMEOUT {
                    return Err(Broken::TimedOut("the answer did not come in time".to_owned()));
                }
            }
            Delivery::MalformedStatusLine | Delivery::HugeHeader(_) => {
                return Err(Broken::Nonsense("the answer is not HTTP".to_owned()));
            }
        }
        let headers: HeaderMap = answer
            .headers
            .iter()
            .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap()))
            .collect();
        let number = |name| headers.get(name)?.to_str().ok()?.parse::<i64>().ok();
        let resets = number("x-toggl-quota-resets-in").map(TimeDelta::seconds);
        let left = number("x-toggl-quota-remaining").zip(resets);
        {
            let mut asked = self.asked.lock().unwrap();
            asked[place].status = Some(answer.status);
            asked[place].left = left.map(|(left, resets)| (left, self.time.now() + resets));
        }
        if headers.contains_key(CONTENT_ENCODING) {
            return Err(Broken::Nonsense("the body cannot be unpacked".to_owned()));
        }
        self.process.answer().await;
        Ok(Answer { status: StatusCode::from_u16(answer.status).unwrap(), headers, body: answer.body.to_bytes() })
    }
}
