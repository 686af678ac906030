//! Clients that mean no good, or are just slow.

use std::io::{Read as _, Write as _};

use crate::support::{Bench, JSON, connect};

#[test] // S11
fn a_huge_body_is_refused_and_the_server_lives() {
    let server = Bench::new().start();
    let mut stream = connect(server.address);
    let length = 100_u64 << 20;
    let head = format!("POST /api/v1/session HTTP/1.1\r\nHost: x\r\n{JSON}\r\nContent-Length: {length}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let piece = vec![b' '; 1 << 16];
    // It stops listening long before the end.
    let sent = (0..length >> 16).take_while(|_| stream.write_all(&piece).is_ok()).count();
    assert!(sent < 1600, "{sent} pieces were taken");
    let mut answer = Vec::new();
    let _reset_is_as_good = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.is_empty() || answer.contains("body_too_large"), "{answer}");
    assert_eq!(server.get("/readyz").status, 200);
}

#[test]
fn what_is_no_http_is_answered_and_forgotten() {
    let server = Bench::new().start();
    for nonsense in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"GET\r\n\r\n",
        b"HELO mail.example\r\n",
        b"\r\n\r\n\r\n\r\nx\r\n\r\n",
    ] {
        let mut stream = connect(server.address);
        stream.write_all(nonsense).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        let _reset_is_as_good = stream.read_to_end(&mut answer);
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 400"), "{nonsense:?}");
    }
    let long = format!("X-Long: {}", "a".repeat(200_000));
    let mut stream = connect(server.address);
    let _cut_off = stream.write_all(format!("GET /healthz HTTP/1.1\r\n{long}\r\n\r\n").as_bytes());
    let mut answer = Vec::new();
    let _reset_is_as_good = stream.read_to_end(&mut answer);
    assert!(!String::from_utf8_lossy(&answer).contains(" 200 "));
    assert_eq!(server.get("/healthz").status, 200);
}

#[cfg(target_os = "linux")]
#[test] // M9
fn running_out_of_descriptors_passes() {
    let bench = Bench::new();
    let mut server = bench.start_with(&["--log-level", "info"]);
    let process = rustix::process::Pid::from_raw(i32::try_from(server.process()).unwrap()).unwrap();
    let few = rustix::process::Rlimit { current: Some(40), maximum: Some(40) };
    rustix::process::prlimit(Some(process), rustix::process::Resource::Nofile, few).unwrap();
    let held: Vec<_> = (0..60).map(|_| connect(server.address)).collect();
    server.event("no connection can be taken");
    drop(held);
    server.event("connections are taken again");
    assert_eq!(server.get("/healthz").status, 200);
    server.stop();
}
