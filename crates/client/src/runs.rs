//! `integrations/toggl/runs`: syncing, and what became of it.

use futures_util::{Stream, StreamExt, stream};
use http::{Method, StatusCode};
use http_body_util::BodyExt;
use tallyport_api_types::{Code, Problem, Progress, Run, RunChange, RunDetail, RunError, StartRun};

use crate::sse::Events;
use crate::{Answer, Call, Client, ClientError};

/// The methods on runs.
pub struct Runs<'a> {
    pub(crate) client: &'a Client,
}

impl<'a> Runs<'a> {
    /// `GET runs`: the latest first; a hundred of them unless they are asked for [by the page](Call::page).
    pub fn list(&self) -> Call<'a, Vec<Run>> {
        self.client.call(Method::GET, "integrations/toggl/runs")
    }

    /// `POST runs`: starts one and answers while it works.
    pub fn start(&self, how: &StartRun) -> Call<'a, Run> {
        self.client.call_with(Method::POST, "integrations/toggl/runs", how).once()
    }

    /// `GET runs/{id}` with what it changed.
    pub fn detail(&self, id: i64) -> Call<'a, RunDetail> {
        self.call(Method::GET, id, "")
    }

    /// `GET runs/{id}?changes=false`: the run alone.
    pub fn get(&self, id: i64) -> Call<'a, Run> {
        self.call(Method::GET, id, "?changes=false")
    }

    /// `GET runs/{id}/changes`: what it changed, or would have changed.
    pub fn changes(&self, id: i64) -> Call<'a, Vec<RunChange>> {
        self.call(Method::GET, id, "/changes")
    }

    /// `POST runs/{id}/confirm`: a yes to a held run; answers the run that carries it out (I12).
    pub fn confirm(&self, id: i64, how: &StartRun) -> Call<'a, Run> {
        self.client.call_with(Method::POST, &format!("integrations/toggl/runs/{id}/confirm"), how).once()
    }

    /// `POST runs/{id}/reject`: a no to a held run (I12).
    pub fn reject(&self, id: i64) -> Call<'a, Run> {
        self.call(Method::POST, id, "/reject")
    }

    /// `GET runs/{id}/events`: how far it is, whenever that changes, until it ends.
    ///
    /// # Errors
    /// Each item can fail, when the stream breaks off or says something else.
    pub async fn events(&self, id: i64) -> Result<impl Stream<Item = Result<Progress, ClientError>> + Send + Unpin, ClientError> {
        let body = self.call::<()>(Method::GET, id, "/events").raw().await?;
        let mut events = Events::default();
        let progress = body.into_data_stream().flat_map(move |piece| {
            let progress = match piece {
                Ok(piece) => events.take(&piece).iter().map(|event| parse(&event.data)).collect(),
                Err(source) => vec![Err(ClientError::Transport(source))],
            };
            stream::iter(progress)
        });
        Ok(progress)
    }

    /// Follows a run to its end, telling `on_progress` how far it is, and answers what became of it. Where the stream breaks off
    /// meanwhile it begins another one.
    ///
    /// # Errors
    /// That the run fails is no error here: its outcome says so. That its end could not be recorded is one.
    pub async fn follow(&self, id: i64, mut on_progress: impl FnMut(&Progress)) -> Result<Answer<Run>, ClientError> {
        loop {
            let mut events = self.events(id).await?;
            let (mut heard, mut broken) = (false, None);
            while let Some(progress) = events.next().await {
                let progress = match progress {
                    Ok(progress) => progress,
                    Err(error @ ClientError::Transport(_)) => {
                        broken = Some(error);
                        break;
                    }
                    Err(error) => return Err(error),
                };
                if let Some(RunError { code, message, hint }) = progress.error {
                    return Err(ClientError::Problem(Box::new(Problem::new(Code::parse(&code), message).hint(hint))));
                }
                on_progress(&progress);
                heard = true;
            }
            let run = self.get(id).answer().await?;
            let under_way = matches!(run.value.outcome.as_str(), "running" | "waiting");
            if !under_way {
                return Ok(run);
            }
            // A stream that says nothing of a run under way would be asked for ever.
            if !heard {
                return Err(broken.unwrap_or(ClientError::Unreadable { status: StatusCode::OK.as_u16(), source: None }));
            }
        }
    }

    fn call<T>(&self, method: Method, id: i64, rest: &str) -> Call<'a, T> {
        self.client.call(method, &format!("integrations/toggl/runs/{id}{rest}"))
    }
}

fn parse(data: &[u8]) -> Result<Progress, ClientError> {
    serde_json::from_slice(data).map_err(|source| ClientError::unreadable(StatusCode::OK, source))
}
