//! Signals: the first one stops the server in good order, a second one at once.

use std::process;

/// Takes hold of the signals that stop a program, and returns what waits for the first of them.
///
/// A second one ends the process: whatever is at work then is what a killed server leaves, which is safe.
#[cfg(unix)]
pub(crate) fn signals() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let mut next = async move || {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    Ok(async move {
        next().await;
        tokio::spawn(async move {
            next().await;
            process::exit(1);
        });
    })
}

/// The same where there is Ctrl-C alone.
#[cfg(not(unix))]
pub(crate) fn signals() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _nobody_can_ask = tokio::signal::ctrl_c().await;
        tokio::spawn(async {
            if tokio::signal::ctrl_c().await.is_ok() {
                process::exit(1);
            }
        });
    })
}
