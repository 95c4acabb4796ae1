//! A roster that is passed on while it arrives, and clients that take it slowly or not at all.

use std::time::Duration;

use gateway::settings::installation::Fixed;
use serde_json::{Value, json};
use simulator::faults::Fault;
use simulator::lms::Endpoint;
use test_case::both_stores;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

use super::{Course, assert_error};
use crate::registered::Registered;
use crate::support::{API_KEY, Gateway, Store, fixed, lms};

/// Answers with so many members, each with so much to tell.
fn roster(members: usize, bytes: usize) -> Fault {
    let about = "x".repeat(bytes);
    let member =
        |number| json!({"user_id": format!("s{number}"), "roles": ["Learner"], "about": about});
    let members: Vec<Value> = (0..members).map(member).collect();
    Fault::Answer {
        status: 200,
        content_type: "application/vnd.ims.lti-nrps.v2.membershipcontainer+json".into(),
        body: json!({"id": "https://lms.example/m", "context": {"id": "2"}, "members": members})
            .to_string(),
    }
}

async fn course(store: Store, more: &[(&str, &str)], fixed: Fixed) -> Course {
    let settings = json!({"launch": {"showReasons": true}});
    let gateway = Gateway::start_fixed(store, settings, more, fixed).await;
    let school = Registered::join(gateway, lms().await).await;
    let launch = school.teacher();
    Course::of(school, launch).await
}

/// A request for the roster on a connection of its own, with so much room for what comes.
async fn ask(course: &Course, room: u32) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(room).unwrap();
    let address = course.school.gateway.url.trim_start_matches("http://").parse().unwrap();
    let mut stream = socket.connect(address).await.unwrap();
    let request = format!(
        "GET /api/memberships HTTP/1.1\r\nHost: {address}\r\nAuthorization: LTIK-AUTH-V2 {API_KEY}:{}\r\n\r\n",
        course.ltik
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    stream
}

/// Reads the status line.
async fn begins(stream: &mut TcpStream) {
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.unwrap();
    assert_eq!(std::str::from_utf8(&status), Ok("HTTP/1.1 200"));
}

/// Reads until nothing more comes, or the answer is complete.
async fn reads(stream: &mut TcpStream) -> Vec<u8> {
    let (mut read, mut bytes) = (Vec::new(), vec![0; 64 * 1024]);
    while !read.ends_with(b"\r\n0\r\n\r\n") {
        match stream.read(&mut bytes).await {
            Ok(0) | Err(_) => break,
            Ok(length) => read.extend_from_slice(&bytes[..length]),
        }
    }
    read
}

#[track_caller]
fn assert_complete(case: &str, read: &[u8]) {
    assert!(read.ends_with(b"\r\n0\r\n\r\n"), "{case}: it broke off after {} bytes", read.len());
}

/// Some two megabytes that take about seven seconds; the first half megabyte is there after two.
fn slowly(course: &Course) {
    for number in 0..9000 {
        course.school.lms.add_person(super::roster::student(number));
    }
    let drip = Fault::Drip { bytes: 150_000, pause: Duration::from_millis(500) };
    course.school.lms.faults().set(Endpoint::Memberships, drip);
}

#[both_stores]
async fn a_roster_that_passes_through_is_no_silence(store: Store) {
    let course = course(store, &[("idle_timeout", "1")], fixed()).await;
    slowly(&course);
    let mut stream = ask(&course, 256 * 1024).await;
    begins(&mut stream).await;
    assert_complete("idle", &reads(&mut stream).await);
}

#[both_stores("SV-10")]
async fn a_roster_that_drips_is_too_slow(store: Store) {
    let fixed = Fixed { request: Duration::from_secs(6), ..fixed() };
    let course = course(store, &[], fixed).await;
    let drip = Fault::Drip { bytes: 1, pause: Duration::from_millis(500) };
    course.school.lms.faults().set(Endpoint::Memberships, drip);
    let page = course.get("/api/memberships").await;
    assert_error("drip by drip", &page, 502, "ROSTER_TOO_SLOW");
}

#[both_stores]
async fn a_stop_waits_for_a_roster_that_passes_through(store: Store) {
    let course = course(store, &[], fixed()).await;
    slowly(&course);
    let mut stream = ask(&course, 256 * 1024).await;
    begins(&mut stream).await;
    let (read, _) = tokio::join!(reads(&mut stream), course.school.gateway.restart());
    assert_complete("stopping", &read);
}

#[both_stores("I-10")]
async fn who_stops_reading_takes_no_place_from_others(store: Store) {
    let fixed = Fixed { arriving: Duration::from_secs(8), ..fixed() };
    let course = course(store, &[], fixed).await;
    course.school.lms.faults().set(Endpoint::Memberships, roster(64, 128 * 1024));
    let mut stopped = Vec::new();
    // As many as may ask one host at once.
    for _ in 0..8 {
        stopped.push(ask(&course, 4096).await);
    }
    for stream in &mut stopped {
        begins(stream).await;
    }
    course.school.lms.faults().clear(Endpoint::Memberships);
    // Nothing is sent as long as they have all places, and each request waits a few seconds for
    // one.
    let mut page = course.get("/api/memberships").await;
    for _ in 0..4 {
        if page.status != 503 {
            break;
        }
        page = course.get("/api/memberships").await;
    }
    assert_eq!(page.status, 200, "{}", page.text());
    assert_eq!(page.json().unwrap()["members"].as_array().unwrap().len(), 7);
    // What they get in the end is no roster.
    let rest = reads(&mut stopped[0]).await;
    assert!(!rest.ends_with(b"\r\n0\r\n\r\n"), "a part passed for the whole");
}
