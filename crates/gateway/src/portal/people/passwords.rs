//! Passwords: hashed with argon2id, off the request threads, a few at a time. Hashing for strangers
//! never delays users who have signed in from the same browser before, or are signed in (decision
//! 0322).

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use tokio::sync::Semaphore;

use crate::kit::clock::Random;
use crate::kit::password_rule::{PasswordFault, fault_of};
use crate::web::problem::{A_MOMENT, Problem};
use crate::web::texts::{Text, portal_sign_in as texts};

/// How many are hashed at the same time, for each sort of asker. One takes about 20 MB and some 20
/// ms of a core.
const AT_ONCE: usize = 2;
/// How many may be running or waiting, for each sort.
const SLOTS: usize = 16;
/// The hash to compare with if there is no such user, so that the answer takes as long. No password
/// matches it.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$aGFsbHBhc3NoYWxscGFzcw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Who wants a password hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Familiarity {
    /// Anyone.
    Stranger,
    /// A user who is signed in, or has signed in as this user from this browser before.
    Known,
}

/// Hashes and checks passwords. Cloning it is cheap.
#[derive(Clone)]
pub(crate) struct Passwords {
    strangers: HashingPool,
    known: HashingPool,
    random: Random,
}

#[derive(Clone)]
struct HashingPool {
    slots: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

impl HashingPool {
    fn new() -> Self {
        Self {
            slots: Arc::new(Semaphore::new(SLOTS)),
            running: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Runs the work when its turn comes. Work that has started keeps its slot until it is done,
    /// even if its request no longer waits.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let busy = |_| Problem::too_many(A_MOMENT);
        let slot = Arc::clone(&self.slots).try_acquire_owned().map_err(busy)?;
        let turn = Arc::clone(&self.running).acquire_owned().await;
        let turn = turn.map_err(Problem::internal)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop((turn, slot));
            done
        });
        done.await.map_err(Problem::internal)
    }
}

impl Passwords {
    pub(crate) fn new(random: Random) -> Self {
        Self {
            strangers: HashingPool::new(),
            known: HashingPool::new(),
            random,
        }
    }

    fn pool(&self, who: Familiarity) -> &HashingPool {
        match who {
            Familiarity::Stranger => &self.strangers,
            Familiarity::Known => &self.known,
        }
    }

    /// The hash to store for a new password.
    ///
    /// # Errors
    /// Too many are being hashed.
    pub(crate) async fn hash(&self, password: String, who: Familiarity) -> Result<String, Problem> {
        let salt = self.random.bytes::<16>();
        let hashed = self.pool(who).run(move || hashed(&password, &salt));
        hashed.await?.map_err(Problem::internal)
    }

    /// Whether this is the password for the hash. Without a hash the answer is always no, and takes
    /// as long.
    ///
    /// # Errors
    /// Too many are being hashed.
    pub(crate) async fn fits(
        &self,
        password: String,
        hash: Option<String>,
        who: Familiarity,
    ) -> Result<bool, Problem> {
        let check = move || {
            let hash = hash.as_deref().unwrap_or(NOBODYS);
            PasswordHash::new(hash).is_ok_and(|hash| {
                let tried = Argon2::default().verify_password(password.as_bytes(), &hash);
                tried.is_ok()
            })
        };
        self.pool(who).run(check).await
    }
}

/// What is wrong with a new password of the user with this login.
pub(crate) fn wrong_with(password: &str, login: &str) -> Option<Text> {
    Some(match fault_of(password, login)? {
        PasswordFault::TooShort => texts::SHORT_PASSWORD,
        PasswordFault::TooLong => texts::LONG_PASSWORD,
        PasswordFault::HoldsLogin => texts::OWN_PASSWORD,
        PasswordFault::TooSimple => texts::SIMPLE_PASSWORD,
    })
}

/// The hash to store, in argon2's format.
///
/// # Errors
/// What argon2 says.
pub(crate) fn hashed(password: &str, salt: &[u8]) -> Result<String, String> {
    let salt = SaltString::encode_b64(salt).map_err(|error| error.to_string())?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    hash.map(|hash| hash.to_string())
        .map_err(|error| error.to_string())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_and_nobodys_fits_none() {
        let passwords = Passwords::new(Random::default());
        let who = Familiarity::Stranger;
        let hash = passwords.hash("correct horse".into(), who).await.unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        let fits = async |password: &str, hash: Option<&String>| {
            let hash = hash.cloned();
            passwords
                .fits(password.to_owned(), hash, who)
                .await
                .unwrap()
        };
        assert!(fits("correct horse", Some(&hash)).await);
        assert!(!fits("correct horsf", Some(&hash)).await);
        assert!(!fits("", None).await);
        assert!(
            PasswordHash::new(NOBODYS).is_ok(),
            "it takes as long as any other"
        );
    }

    #[tokio::test]
    async fn strangers_fill_their_own_places_only() {
        let passwords = Passwords::new(Random::default());
        let pool = &passwords.strangers;
        let _slots = Arc::clone(&pool.slots)
            .try_acquire_many_owned(u32::try_from(SLOTS).unwrap())
            .unwrap();
        let stranger = passwords
            .fits("a".into(), None, Familiarity::Stranger)
            .await;
        assert_eq!(stranger.unwrap_err().status.as_u16(), 429);
        assert!(
            passwords
                .fits("a".into(), None, Familiarity::Known)
                .await
                .is_ok()
        );
    }
}
