//! Prints the paths of the active tasks on a server, and follows nothing else than what the token may see.
//!
//! `TALLYPORT_SERVER=https://tallyport.example TALLYPORT_TOKEN=tpt_… cargo run -p tallyport-client --features http --example tasks`

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "an example is a program, which reads its environment and prints"
)]

use std::error::Error;
use std::sync::Arc;

use tallyport_client::{Address, Client, Http, TaskState};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = Address::parse(&std::env::var("TALLYPORT_SERVER")?)?;
    let token = std::env::var("TALLYPORT_TOKEN")?;
    let client = Client::new(Arc::new(Http::new(address).token(&token.into())?));
    println!("{} may see:", client.me().get().await?.person.name);
    for task in client.tasks().list(TaskState::Active).await? {
        println!("{}", task.path.join(" / "));
    }
    Ok(())
}
