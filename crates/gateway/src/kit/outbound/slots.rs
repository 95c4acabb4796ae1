//! Limits how many exchanges are under way at once: per purpose, and within each purpose per host,
//! per source, and for those that take long (lti.md I-10).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::slow::SlowSources;

/// What a request is for. Each purpose has separate slots, so that requests that anyone can cause
/// never delay those of people whom the tool's owner knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// The configuration of an uninvited platform: anyone can make us fetch it.
    Configuration,
    /// The registration at such a platform, after its administrator's click if one is required.
    Registration,
    /// Either of these, if the tool's owner invited or approved the platform.
    Invited,
    /// A platform's key set.
    Keys,
    /// The key set of a platform that took too long for [`Purpose::Keys`] (decision 0515).
    SlowKeys,
    /// A platform's services.
    Service,
    /// The application's provisioning hook.
    Hook,
    /// Messages to webhooks.
    Webhook,
    /// The identity provider of the portal's users: anyone can start a sign-in.
    SignIn,
}

/// How long an exchange may take.
pub(super) const WHOLE: Duration = Duration::from_secs(12);
/// How long one for [`Purpose::Keys`] may take, unless a test sets another limit: strangers'
/// platforms must not keep these slots from everyone else's.
pub const QUICK_KEYS: Duration = Duration::from_secs(3);

impl Purpose {
    /// How many exchanges may be under way with all servers together.
    fn at_once(self) -> usize {
        match self {
            Self::Configuration
            | Self::Registration
            | Self::Invited
            | Self::SlowKeys
            | Self::SignIn => 16,
            Self::Keys | Self::Service | Self::Hook | Self::Webhook => 64,
        }
    }

    /// How many may be under way with one host and port, so that a slow one leaves room for the
    /// others. Strangers can name a host that never answers, so theirs gets few. The application is
    /// one host, and so is the identity provider; both are the operator's own.
    fn at_one_host(self) -> usize {
        match self {
            Self::Hook | Self::SignIn => self.at_once(),
            Self::Configuration | Self::Registration => 2,
            Self::SlowKeys => 4,
            Self::Invited | Self::Keys | Self::Service | Self::Webhook => 8,
        }
    }

    /// How many one source may cause at once, if it is known. A platform has as many as a host,
    /// because it could name another host for each.
    fn of_one_source(self) -> usize {
        match self {
            Self::Service => self.at_one_host(),
            _ => 2,
        }
    }

    /// How many may take long at once, if that is limited (decision 0527).
    pub(super) fn slow_at_once(self) -> Option<usize> {
        match self {
            Self::Service => Some(32),
            _ => None,
        }
    }

    /// How many of these may only read, so that slow rosters leave room for scores and tokens.
    fn slow_reads_at_once(self) -> Option<usize> {
        self.slow_at_once().map(|most| most - most / 4)
    }

    /// How many look-ups of names may go on, if they are counted apart from the exchanges: the
    /// system may need half a minute for a name, and a key set's exchange has three seconds
    /// (decision 0520). All other look-ups keep the slots of their exchanges. Together they leave
    /// some of the runtime's 512 threads for blocking work to passwords, key pairs and the store's
    /// connections.
    fn look_ups(self) -> Option<usize> {
        match self {
            Self::Keys => Some(192),
            _ => None,
        }
    }

    /// How many may be under way with all ports of one host, if strangers can name the host: with
    /// many silent ports it would occupy everyone's slots, and with as few as for one port it would
    /// block its neighbours.
    fn at_all_ports(self) -> Option<usize> {
        match self {
            Self::Configuration | Self::Registration => Some(4),
            _ => None,
        }
    }

    /// How many exchanges may wait for a slot, in total and per host or source, if anyone can start
    /// them: each keeps a client's connection busy meanwhile. Later ones are refused at once.
    fn may_wait(self) -> Option<[usize; 2]> {
        match self {
            Self::Configuration | Self::Registration | Self::Invited | Self::SignIn => {
                Some([32, 8])
            }
            Self::Keys | Self::SlowKeys | Self::Service | Self::Hook | Self::Webhook => None,
        }
    }

    /// How long to wait for a slot. After a restart every school's launch needs a key set, and no
    /// launch works without it; people at a page can wait a few seconds. The hook's calls are fewer
    /// than its slots.
    pub(super) fn patience(self) -> Duration {
        match self {
            Self::Keys => WHOLE,
            Self::Hook => Duration::ZERO,
            _ => Duration::from_secs(5),
        }
    }
}

/// The slots. A row exists for as long as one of its slots is taken or waited for.
#[derive(Default)]
pub(super) struct ExchangeSlots {
    rows: Mutex<HashMap<Row, Weak<Seats>>>,
    pub(super) slow: SlowSources,
}

/// What an exchange says about itself to get a slot.
pub(super) struct SlotRequest<'a> {
    pub(super) purpose: Purpose,
    /// With its port.
    pub(super) host: &'a str,
    pub(super) source: Option<&'a str>,
    /// Whether it changes nothing at the other side.
    pub(super) is_read: bool,
}

/// A purpose's slots, and which exchanges share them.
type Row = (Purpose, Among);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Among {
    All,
    /// With its port.
    Host(String),
    AllPorts(String),
    Source(String),
    /// Those that take long.
    Slow,
    /// Those of them that only read.
    SlowReads,
    LookUps,
}

/// The slots of a row.
struct Seats {
    free: Arc<Semaphore>,
    /// Those who have a slot or wait for one, if their number is limited.
    guests: Option<Arc<Semaphore>>,
}

/// Seats taken in some rows, returned on drop.
pub(super) struct TakenSeats {
    _permits: Vec<OwnedSemaphorePermit>,
    _rows: Vec<Arc<Seats>>,
}

/// The slot of one exchange, returned on drop.
pub struct ExchangeSlot {
    /// Those that its look-up doesn't keep.
    _seats: Option<TakenSeats>,
    look_up: LookUpSlot,
    /// Whether a seat among the slow ones is part of it.
    is_slow: bool,
}

/// What a look-up of a name occupies until the system gives it up, even if its exchange is over.
#[derive(Clone)]
pub(super) struct LookUpSlot {
    _seats: Arc<TakenSeats>,
}

impl ExchangeSlot {
    /// What the look-up of this exchange occupies.
    pub(super) fn look_up(&self) -> LookUpSlot {
        self.look_up.clone()
    }

    /// Whether it counts as one for a slow exchange from the start.
    pub(super) fn is_slow(&self) -> bool {
        self.is_slow
    }
}

impl ExchangeSlots {
    /// A slot for one exchange; `None` if none is free within `patience`, or too many are waiting
    /// already.
    pub(super) async fn take_for(
        &self,
        request: SlotRequest<'_>,
        patience: Duration,
    ) -> Option<ExchangeSlot> {
        let SlotRequest {
            purpose,
            host,
            source,
            is_read,
        } = request;
        let is_slow = purpose.slow_at_once().is_some()
            && source.is_some_and(|source| self.slow.contains(source));
        let slow = is_slow.then_some(Among::Slow);
        let slow_reads = (is_slow && is_read).then_some(Among::SlowReads);
        // The narrowest limit first: an exchange that waits for a slow host or for its own source
        // must not occupy a slot that others could use. A slow one waits for its seat before it
        // occupies one of the host's: a stranger's platform can name a host of many schools.
        let source = source.map(|source| Among::Source(source.to_owned()));
        let all_ports = purpose.at_all_ports().map(|_| {
            let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
            Among::AllPorts(name.to_owned())
        });
        let host = Some(Among::Host(host.to_owned()));
        let all = Some(Among::All);
        let rows = [source, slow_reads, slow, host, all_ports, all];
        let taking = async {
            let seats = self.seats(purpose, rows.into_iter().flatten()).await?;
            let (seats, of_look_up) = match purpose.look_ups() {
                Some(_) => {
                    let of_look_up = self.seats(purpose, [Among::LookUps]).await?;
                    (Some(seats), of_look_up)
                }
                None => (None, seats),
            };
            let look_up = LookUpSlot {
                _seats: Arc::new(of_look_up),
            };
            Some(ExchangeSlot {
                _seats: seats,
                look_up,
                is_slow,
            })
        };
        tokio::time::timeout(patience, taking).await.ok()?
    }

    /// A seat among the slow exchanges, if one is free now.
    pub(super) fn slow_seat(&self, purpose: Purpose, is_read: bool) -> Option<TakenSeats> {
        let of_reads = is_read.then_some(Among::SlowReads);
        let rows = of_reads.into_iter().chain([Among::Slow]);
        let rows: Vec<_> = rows.map(|among| self.row((purpose, among))).collect();
        let mut permits = Vec::with_capacity(rows.len());
        for row in &rows {
            permits.push(Arc::clone(&row.free).try_acquire_owned().ok()?);
        }
        Some(TakenSeats {
            _permits: permits,
            _rows: rows,
        })
    }

    /// A seat in each of these rows; `None` if too many are waiting already.
    async fn seats(
        &self,
        purpose: Purpose,
        rows: impl IntoIterator<Item = Among>,
    ) -> Option<TakenSeats> {
        let rows = rows.into_iter().map(|among| self.row((purpose, among)));
        let rows: Vec<_> = rows.collect();
        let mut permits = Vec::with_capacity(2 * rows.len());
        for guests in rows.iter().filter_map(|row| row.guests.as_ref()) {
            permits.push(Arc::clone(guests).try_acquire_owned().ok()?);
        }
        for row in &rows {
            permits.push(Arc::clone(&row.free).acquire_owned().await.ok()?);
        }
        Some(TakenSeats {
            _permits: permits,
            _rows: rows,
        })
    }

    fn row(&self, row: Row) -> Arc<Seats> {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(seats) = rows.get(&row).and_then(Weak::upgrade) {
            return seats;
        }
        rows.retain(|_, seats| seats.strong_count() > 0);
        let (purpose, among) = &row;
        let at_once = match among {
            Among::All => purpose.at_once(),
            Among::Host(_) => purpose.at_one_host(),
            Among::AllPorts(_) => purpose.at_all_ports().unwrap_or_else(|| purpose.at_once()),
            Among::Source(_) => purpose.of_one_source(),
            Among::Slow => purpose.slow_at_once().unwrap_or_else(|| purpose.at_once()),
            Among::SlowReads => purpose
                .slow_reads_at_once()
                .unwrap_or_else(|| purpose.at_once()),
            Among::LookUps => purpose.look_ups().unwrap_or_else(|| purpose.at_once()),
        };
        let guests = purpose.may_wait().map(|[of_all, of_one]| {
            let waiting = if *among == Among::All { of_all } else { of_one };
            Arc::new(Semaphore::new(at_once + waiting))
        });
        let seats = Arc::new(Seats {
            free: Arc::new(Semaphore::new(at_once)),
            guests,
        });
        rows.insert(row, Arc::downgrade(&seats));
        seats
    }
}

#[cfg(test)]
impl ExchangeSlots {
    /// A slot for an exchange that only reads.
    pub(super) async fn take(
        &self,
        purpose: Purpose,
        host: &str,
        source: Option<&str>,
        patience: Duration,
    ) -> Option<ExchangeSlot> {
        let request = SlotRequest {
            purpose,
            host,
            source,
            is_read: true,
        };
        self.take_for(request, patience).await
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use futures_util::future::join_all;

    use test_case::cases;

    use super::*;

    const MOMENT: Duration = Duration::from_millis(20);

    async fn hold(
        slots: &ExchangeSlots,
        purpose: Purpose,
        host: &str,
        number: usize,
    ) -> Vec<ExchangeSlot> {
        let taken = join_all((0..number).map(|_| slots.take(purpose, host, None, MOMENT))).await;
        let taken: Vec<ExchangeSlot> = taken.into_iter().flatten().collect();
        assert_eq!(taken.len(), number, "{purpose:?} {host}");
        taken
    }

    #[tokio::test]
    async fn a_slow_host_leaves_room_for_others() {
        let slots = ExchangeSlots::default();
        let take = |purpose, host| slots.take(purpose, host, None, MOMENT);
        let all_of_slow = hold(&slots, Purpose::Configuration, "slow", 2).await;
        assert!(take(Purpose::Configuration, "slow").await.is_none());
        assert!(take(Purpose::Configuration, "other").await.is_some());
        // Strangers who register don't use up the room for key sets.
        assert!(take(Purpose::Keys, "slow").await.is_some());
        drop(all_of_slow);
        assert!(take(Purpose::Configuration, "slow").await.is_some());
        assert!(slots.rows.lock().is_ok_and(|rows| rows.len() <= 4));
    }

    #[tokio::test]
    async fn strangers_share_four_slots_for_all_ports_of_a_host() {
        let slots = ExchangeSlots::default();
        let take = |purpose, host| slots.take(purpose, host, None, MOMENT);
        let mut held = hold(&slots, Purpose::Configuration, "slow:1", 2).await;
        held.extend(hold(&slots, Purpose::Configuration, "slow:2", 2).await);
        assert!(take(Purpose::Configuration, "slow:3").await.is_none());
        assert!(take(Purpose::Configuration, "other:1").await.is_some());
        assert!(take(Purpose::Registration, "slow:3").await.is_some());
        for number in 0..4 {
            let host = format!("slow:{number}");
            held.extend(hold(&slots, Purpose::Invited, &host, 4).await);
        }
        drop(held);
        assert!(take(Purpose::Configuration, "slow:3").await.is_some());
    }

    #[tokio::test]
    async fn strangers_take_no_slot_from_the_invited() {
        let slots = ExchangeSlots::default();
        let mut slow = Vec::new();
        for number in 0..8 {
            let host = format!("slow{number}");
            slow.extend(hold(&slots, Purpose::Configuration, &host, 2).await);
        }
        let take = |purpose| slots.take(purpose, "slower", None, MOMENT);
        assert!(take(Purpose::Configuration).await.is_none());
        for purpose in [
            Purpose::Registration,
            Purpose::Invited,
            Purpose::Keys,
            Purpose::Service,
            Purpose::Hook,
        ] {
            assert!(take(purpose).await.is_some(), "{purpose:?}");
        }
    }

    #[tokio::test]
    async fn a_source_has_two_slots_at_most() {
        let slots = ExchangeSlots::default();
        let take = |source, host| slots.take(Purpose::Configuration, host, source, MOMENT);
        let held = [
            take(Some("a"), "one").await,
            take(Some("a"), "two").await,
            take(Some("b"), "one").await,
            take(None, "two").await,
        ];
        assert!(held.iter().all(Option::is_some));
        assert!(take(Some("a"), "three").await.is_none());
        let [first, ..] = held;
        drop(first);
        assert!(take(Some("a"), "three").await.is_some());
    }

    #[tokio::test]
    async fn with_too_many_waiting_the_next_is_refused_at_once() {
        let slots = ExchangeSlots::default();
        let purpose = Purpose::Configuration;
        let take = |number: usize| {
            let (host, source) = (format!("host{number}"), format!("source{number}"));
            let slots = &slots;
            async move {
                let patience = Duration::from_secs(60);
                slots.take(purpose, &host, Some(&source), patience).await
            }
        };
        let held = join_all((0..16).map(take)).await;
        assert!(held.iter().all(Option::is_some));
        let mut waiting: Vec<_> = (16..48).map(|number| Box::pin(take(number))).collect();
        for wait in &mut waiting {
            assert!(wait.now_or_never().is_none(), "it waits");
        }
        assert!(
            take(48).now_or_never().is_some_and(|slot| slot.is_none()),
            "it is refused at once"
        );
        // One address, or one slow host, fills only its own share of the queue.
        drop(waiting);
        drop(held);
        // This many attempts use up what a task may do without yielding.
        tokio::task::yield_now().await;
        let one = || {
            let patience = Duration::from_secs(60);
            Box::pin(slots.take(purpose, "host", Some("source"), patience))
        };
        let mut own: Vec<_> = (0..10).map(|_| one()).collect();
        let done: Vec<_> = own.iter_mut().map(FutureExt::now_or_never).collect();
        assert_eq!(done.iter().flatten().flatten().count(), 2);
        assert_eq!(done.iter().filter(|done| done.is_none()).count(), 8);
        assert!(one().now_or_never().is_some_and(|slot| slot.is_none()));
    }

    /// Decision 0515.
    #[tokio::test]
    async fn slow_key_sets_take_no_slot_from_others() {
        let slots = ExchangeSlots::default();
        let take = |purpose, host| slots.take(purpose, host, None, MOMENT);
        let mut held = hold(&slots, Purpose::SlowKeys, "slow", 4).await;
        assert!(take(Purpose::SlowKeys, "slow").await.is_none());
        for host in ["slow1", "slow2", "slow3"] {
            held.extend(hold(&slots, Purpose::SlowKeys, host, 4).await);
        }
        assert!(take(Purpose::SlowKeys, "other").await.is_none());
        assert!(take(Purpose::Keys, "slow").await.is_some());
        assert!(take(Purpose::Keys, "other").await.is_some());
        drop(held);
        assert!(take(Purpose::SlowKeys, "other").await.is_some());
    }

    /// Decision 0520.
    #[tokio::test]
    async fn look_ups_of_key_sets_keep_no_slot_but_are_counted() {
        let slots = ExchangeSlots::default();
        let take = |purpose| slots.take(purpose, "other", None, MOMENT);
        let mut look_ups = Vec::new();
        for number in 0..24 {
            let host = format!("slow{number}");
            let held = hold(&slots, Purpose::Keys, &host, 8).await;
            look_ups.extend(held.iter().map(ExchangeSlot::look_up));
        }
        assert!(take(Purpose::Keys).await.is_none(), "192 go on");
        for purpose in [Purpose::SlowKeys, Purpose::Service, Purpose::Configuration] {
            assert!(take(purpose).await.is_some(), "{purpose:?}");
        }
        look_ups.pop();
        assert!(take(Purpose::Keys).await.is_some());
    }

    #[test]
    fn look_ups_leave_threads_to_other_work() {
        let all = [
            Purpose::Configuration,
            Purpose::Registration,
            Purpose::Invited,
            Purpose::Keys,
            Purpose::SlowKeys,
            Purpose::Service,
            Purpose::Hook,
            Purpose::Webhook,
            Purpose::SignIn,
        ];
        let most = all.map(|of| of.look_ups().unwrap_or_else(|| of.at_once()));
        let most: usize = most.iter().sum();
        // Tokio's limit, if none is set, is 512.
        assert!(most <= 512 - 32, "{most}");
    }

    #[cases("I-10")]
    #[tokio::test]
    async fn without_a_slot_an_exchange_waits_but_not_forever() {
        for purpose in [
            Purpose::Keys,
            Purpose::SlowKeys,
            Purpose::Configuration,
            Purpose::Invited,
        ] {
            let slots = ExchangeSlots::default();
            let mut held = hold(&slots, purpose, "slow", purpose.at_one_host()).await;
            assert!(slots.take(purpose, "slow", None, MOMENT).await.is_none());
            let patience = purpose.patience();
            assert!(patience >= Duration::from_secs(5), "{purpose:?}");
            let (next, ()) = tokio::join!(slots.take(purpose, "slow", None, patience), async {
                drop(held.pop());
            });
            assert!(next.is_some());
        }
    }
}
