//! Requests to the API of the same process.

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use tallyport_app::App;
use tallyport_client::{Body, Transport, TransportError};
use tallyport_http::ActingAs;
use tower::ServiceExt as _;

/// Carries requests to the API of an application in the name of one person.
pub(crate) struct InProcess {
    pub(crate) app: App,
    pub(crate) acting: ActingAs,
}

#[async_trait]
impl Transport for InProcess {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, TransportError> {
        let mut request = request.map(axum::body::Body::from);
        request.extensions_mut().insert(self.acting);
        let router = tallyport_api::router_for(self.app.clone(), request.uri().path());
        let answered = router.oneshot(request).await.map_err(TransportError::unreachable)?;
        Ok(answered.map(|body| body.map_err(TransportError::broken_off).boxed_unsync()))
    }
}
