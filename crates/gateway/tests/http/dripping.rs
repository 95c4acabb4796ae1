//! Bodies that arrive byte by byte, on connections that come back whenever they are closed: those
//! who ask wait for a turn, but not for long (decision 0516).

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::support::{Gateway, Store, fixed};
use crate::undisturbed::undisturbed;

const PLACES: usize = 8;
/// Connections that drip, from this many addresses.
const DRIPPING: u8 = 200;
const ADDRESSES: u8 = 4;
/// Once so many had to leave, those that came back wait in the listen queue.
const CAME_BACK: u64 = 40;
/// If each place took 50 ms to become free, the queue alone would take ten seconds.
const SOON: Duration = Duration::from_secs(5);
/// A machine that keeps anyone waiting for so long is no judge of that.
const LATE: Duration = Duration::from_millis(200);

const HEAD: &[u8] = b"POST /lti/launch HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\
    Content-Type: application/x-www-form-urlencoded\r\n\r\n";
const HEALTHZ: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

/// A connection from one of our own addresses.
async fn connect(last: u8, to: SocketAddr) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(([127, 0, 0, last], 0).into())?;
    socket.connect(to).await
}

/// Sends a body byte by byte until the server has had enough.
async fn drip(mut stream: TcpStream) -> io::Result<()> {
    stream.write_all(HEAD).await?;
    let mut answer = [0; 1024];
    loop {
        tokio::select! {
            read = stream.read(&mut answer) => if read? == 0 {
                return Ok(());
            },
            () = tokio::time::sleep(Duration::from_millis(100)) => stream.write_all(b"a").await?,
        }
    }
}

async fn drip_forever(last: u8, to: SocketAddr, came_back: Arc<watch::Sender<u64>>) {
    loop {
        if let Ok(stream) = connect(last, to).await {
            // A reset is an end as well.
            let _ = drip(stream).await;
        }
        came_back.send_modify(|times| *times += 1);
        tokio::task::yield_now().await;
    }
}

async fn is_answered(to: SocketAddr) {
    let mut stream = connect(9, to).await.unwrap();
    stream.write_all(HEALTHZ).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dripping_bodies_that_come_back_delay_nobody_for_long() {
    undisturbed(LATE, async || {
        let fixed = Fixed { connections: PLACES, ..fixed() };
        let gateway = Gateway::start_fixed(Store::Sqlite, json!({}), &[], fixed).await;
        let to: SocketAddr = gateway.url.trim_start_matches("http://").parse().unwrap();
        let came_back = Arc::new(watch::Sender::new(0));
        // They end with the set.
        let mut dripping = JoinSet::new();
        for number in 0..DRIPPING {
            dripping.spawn(drip_forever(10 + number % ADDRESSES, to, came_back.clone()));
        }
        came_back.subscribe().wait_for(|times| *times >= CAME_BACK).await.unwrap();
        for _ in 0..3 {
            let answered = tokio::time::timeout(SOON, is_answered(to)).await;
            assert!(answered.is_ok(), "it waited for those that drip");
        }
    })
    .await;
}
