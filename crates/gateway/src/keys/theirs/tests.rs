//! What a platform's entry in the cache decides without any request.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use test_case::cases;

use super::*;
use crate::kit::outbound::AllowList;
use crate::testing::platform;

/// No request is sent there.
const ADDRESS: &str = "no address";

/// A cache with an empty key set of the platform "one".
fn kept(clock: &Clock) -> PlatformKeys {
    let outbound = Outbound::new(AllowList::default()).unwrap();
    let keys = PlatformKeys::new(clock.clone(), outbound);
    let found = FetchedKeySet {
        keys: Arc::new(KeySet::parse(b"{\"keys\": []}").unwrap()),
        fresh_until: clock.uptime() + STALE,
    };
    let slot = keys.slot("one");
    let mut state = slot.of(ADDRESS);
    state.kept = Some(found.clone());
    state.last = Some(Outcome {
        at: clock.uptime(),
        found: Ok(found),
    });
    drop(state);
    keys
}

/// The platform "one" with that address.
fn at_address() -> PlatformRow {
    PlatformRow {
        id: "one".into(),
        key_value: ADDRESS.into(),
        ..platform()
    }
}

fn next(keys: &PlatformKeys) -> Next {
    let slot = keys.slot("one");
    let mut state = slot.of(ADDRESS);
    state.next(&keys.0.fetches, "kid")
}

/// Decision 0528.
#[test]
fn each_failure_doubles_the_pause_up_to_a_minute() {
    let mut state = SlotState::default();
    let pauses = (0..8).map(|failures| {
        state.failures = failures;
        state.pause_after_failures().as_secs()
    });
    assert_eq!(pauses.collect::<Vec<_>>(), [3, 3, 6, 12, 24, 48, 60, 60]);
}

/// Decision 0529.
#[cases("G-23")]
#[tokio::test]
async fn a_set_that_gave_way_is_fetched_after_a_pause() {
    let clock = Clock::default();
    let keys = kept(&clock);
    keys.slot("one").give_way();
    let left = |found: Next| match found {
        Next::Known(Err(KeyFailure::NoRoom(left))) => left,
        _ => Duration::ZERO,
    };
    assert!(!left(next(&keys)).is_zero());
    assert!(keys.at_hand(&at_address()).is_ok_and(|is_there| !is_there));
    assert!(!left(next(&keys)).is_zero(), "that fetched nothing");
    clock.advance(PAUSE_FOR_OTHERS);
    assert!(matches!(next(&keys), Next::Fetch(_, None)));
}

/// Decision 0528.
#[cases("G-23")]
#[tokio::test]
async fn a_caller_learns_how_long_a_failed_key_set_rests() {
    let clock = Clock::default();
    let keys = kept(&clock);
    let slot = keys.slot("one");
    for (failures, retry_after) in [(1, 5), (4, 24), (8, 60)] {
        let mut state = slot.of(ADDRESS);
        (state.kept, state.failures) = (None, failures);
        state.last = Some(Outcome {
            at: clock.uptime(),
            found: Err(KeyFailure::Status(500)),
        });
        drop(state);
        let Next::Known(Err(resting)) = next(&keys) else {
            panic!("{failures}: it is asked again at once");
        };
        assert_eq!(resting.retry_after(), Some(retry_after), "{resting}");
    }
    let wrong = Box::new(KeyFailure::Unreadable("no JSON".to_owned()));
    let wrong = KeyFailure::Resting(wrong, PAUSE);
    assert_eq!(wrong.retry_after(), None);
}

#[tokio::test]
async fn nothing_gives_way_that_still_fits() {
    let clock = Clock::default();
    let keys = kept(&clock);
    keys.0.fetches.counted(MOST_BYTES + 1);
    let slot = keys.slot("one");
    assert!(slot.of(ADDRESS).kept.is_some());
    assert!(keys.0.fetches.bytes() <= BYTES_LEFT, "counted again");
}
