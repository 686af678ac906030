//! Being told once, for good.

use tokio::sync::watch;

/// Returns once it was told, or nobody is left who could tell.
pub(crate) async fn stopped(told: &mut watch::Receiver<bool>) {
    let _nobody_left = told.wait_for(|told| *told).await;
}
