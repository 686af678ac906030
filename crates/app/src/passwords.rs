//! Passwords: what may be one, how it is hashed, and how one is checked (A4).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::Params;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{CustomizedPasswordHasher as _, PasswordVerifier as _};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

use crate::argon::Memory;
use crate::{Error, Result, Shared};

/// Shorter ones are guessed; length is all that is asked (A4).
const SHORTEST: usize = 8;
/// Longer ones only cost memory.
const LONGEST: usize = 1024;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SALT: usize = 16;

/// How many are hashed at a time: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;
/// How many may wait for their turn; whoever comes on top is told to come again.
const WAITING: usize = 32;

/// A text that cannot be a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// Fewer than eight bytes.
    #[error("the password is shorter than {SHORTEST} bytes")]
    TooShort,
    /// More than 1024 bytes.
    #[error("the password is longer than {LONGEST} bytes")]
    TooLong,
    /// One of those that are guessed first.
    #[error("this is one of the most common passwords, which are guessed first")]
    Common,
}

/// The turns at hashing, and what is hashed in.
pub(crate) struct Hashing {
    memory: Arc<Memory>,
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
    count: AtomicU64,
}

impl Hashing {
    pub(crate) fn new() -> Self {
        Self {
            memory: Arc::default(),
            running: Arc::new(Semaphore::new(AT_ONCE)),
            admitted: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
            count: AtomicU64::new(0),
        }
    }

    /// How many times something was hashed or checked.
    pub(crate) fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Does something that takes memory and time, in its turn. Once begun it keeps its turn, whether or not somebody still waits
    /// for what comes of it.
    ///
    /// # Errors
    /// `Busy` where too many wait already.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce(&Memory) -> T + Send + 'static) -> Result<T> {
        let admitted = self.admitted.clone().try_acquire_owned().map_err(|_| Error::Busy)?;
        let turn = self.running.clone().acquire_owned().await.map_err(|_| Error::Busy)?;
        self.count.fetch_add(1, Ordering::Relaxed);
        let memory = self.memory.clone();
        let working = tokio::task::spawn_blocking(move || {
            let done = work(&memory);
            drop((turn, admitted));
            done
        });
        working.await.map_err(|_| Error::Internal)
    }
}

/// Says whether a text can be a password, before anything is done with it.
pub(crate) fn check(password: &SecretString) -> Result<(), BadPassword> {
    let text = password.expose_secret();
    match text.len() {
        ..SHORTEST => Err(BadPassword::TooShort),
        SHORTEST..=LONGEST if is_common(text) => Err(BadPassword::Common),
        SHORTEST..=LONGEST => Ok(()),
        _ => Err(BadPassword::TooLong),
    }
}

impl Shared {
    /// Hashes a password into PHC form, as it was typed: neither cut nor folded.
    pub(crate) async fn hash_password(&self, password: &SecretString) -> Result<String> {
        check(password)?;
        self.hash_unchecked(password).await
    }

    /// The same for one that is somebody's already, whatever is asked of new ones by now.
    pub(crate) async fn hash_unchecked(&self, password: &SecretString) -> Result<String> {
        let mut salt = [0; SALT];
        self.random.fill(&mut salt);
        let password = password.clone();
        self.hashing.run(move |memory| hash(memory, &password, &salt)).await?
    }

    /// Whether a password is the one that was hashed. Where there is none the same work is done, so that time tells nothing.
    pub(crate) async fn is_password(&self, password: &SecretString, hashed: Option<&str>) -> Result<bool> {
        let (password, hashed) = (password.clone(), hashed.map(str::to_owned));
        self.hashing.run(move |memory| verify(memory, &password, hashed.as_deref())).await
    }
}

/// Whether a hash was made with less than what is asked today.
pub(crate) fn is_outdated(hashed: &str) -> bool {
    let params = PasswordHash::new(hashed).ok().and_then(|hash| Params::try_from(&hash).ok());
    params.is_none_or(|params| params.m_cost() < MEMORY_KIB || params.t_cost() < PASSES)
}

fn hash(memory: &Memory, password: &SecretString, salt: &[u8]) -> Result<String> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| Error::Internal)?;
    let hashed = memory.hash_password_customized(password.expose_secret().as_bytes(), salt, None, None, params);
    hashed.map(|hash| hash.to_string()).map_err(|_| Error::Internal)
}

fn verify(memory: &Memory, password: &SecretString, hashed: Option<&str>) -> bool {
    let Some(hashed) = hashed.and_then(|hashed| PasswordHash::new(hashed).ok()) else {
        let _the_same_work = hash(memory, password, &[0; SALT]);
        return false;
    };
    memory.verify_password(password.expose_secret().as_bytes(), &hashed).is_ok()
}

/// Whether a password is one of those that everybody tries first, in whatever case.
fn is_common(password: &str) -> bool {
    let folded = password.to_lowercase();
    COMMON.split_whitespace().any(|common| common == folded)
}

/// The most common passwords of at least eight letters, as lists of leaked ones have them, in some languages.
const COMMON: &str = "
    password password1 password12 password123 password1234 passw0rd p@ssw0rd p@ssword pa$$word passwort passwort1
    motdepasse contraseña contrasena senha123 wachtwoord haslo123
    12345678 123456789 1234567890 0123456789 123456781 12345679 87654321 987654321 0987654321 9876543210
    11111111 00000000 22222222 33333333 44444444 55555555 66666666 77777777 88888888 99999999 111111111 1111111111
    11223344 12341234 12121212 123123123 12344321 123321123 147258369 159357159 741852963 31415926 10101010
    qwertyui qwertyuiop qwerty12 qwerty123 qwerty1234 qwertyuiop123 qwertz123 qwertzui qwertzuiop azertyui azertyuiop azerty123
    asdfasdf asdfghjk asdfghjkl asdf1234 zxcvbnm1 zxcvbnm123 1q2w3e4r 1q2w3e4r5t q1w2e3r4 q1w2e3r4t5 1qaz2wsx 1qazxsw2 zaq12wsx
    qazwsxedc qwer1234 1234qwer qweasdzxc 123qweasd qwe12345 123qwe123
    abcd1234 abc12345 abcdefgh abcdefghi abcdef12 a1234567 a12345678 a123456789 1a2b3c4d aa123456 aaaaaaaa aa12345678
    iloveyou iloveyou1 iloveyou2 lovelove loveyou1 sunshine sunshine1 princess princess1 football football1 baseball baseball1
    basketball superman superman1 batman123 pokemon1 starwars starwars1 trustno1 whatever whatever1 computer computer1 internet
    samsung1 michelle jennifer jonathan victoria charlie1 michael1 jordan23 liverpool liverpool1 chelsea1 arsenal1 juventus
    corvette mercedes porsche1 maverick midnight butterfly babygirl babygirl1 dragon12 dragon123 monkey12 monkey123 shadow12
    welcome1 welcome12 welcome123 willkommen letmein1 letmein123 changeme changeme1 changeme123 changeit default1 temp1234
    admin123 admin1234 adminadmin administrator administrador root1234 rootroot guest123 test1234 testtest test12345 testing1
    testpass secret12 secret123 master12 master123 security summer2024 summer2025 summer2026 winter2024 winter2025 winter2026
    hallo123 schatz123 ficken123 sommer123 fussball bonjour1 doudou12 marseille soleil123 tallyport tallyport1 timetracker toggltrack
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test] // A4
    fn a_password_has_eight_to_1024_bytes_and_nothing_else_is_asked() {
        let check = |text: &str| check(&SecretString::from(text));
        assert_eq!(check("1234567"), Err(BadPassword::TooShort));
        assert_eq!(check("        "), Ok(()));
        assert_eq!(check("ééé1234"), Ok(()));
        assert_eq!(check(&"x".repeat(1024)), Ok(()));
        assert_eq!(check(&"x".repeat(1025)), Err(BadPassword::TooLong));
    }

    #[test] // A4
    fn the_most_common_passwords_are_refused_in_whatever_case() {
        for text in ["password", "Password1", "12345678", "QWERTYUIOP", "contraseña", "ILoveYou"] {
            assert_eq!(check(&SecretString::from(text)), Err(BadPassword::Common), "{text}");
        }
        assert_eq!(check(&SecretString::from("password of my own")), Ok(()));
        let short: Vec<&str> = COMMON.split_whitespace().filter(|common| common.len() < SHORTEST).collect();
        assert!(short.is_empty(), "these are refused for their length already: {short:?}");
    }

    #[test] // A4
    fn a_hash_is_argon2id_with_19_mib_and_two_passes_and_fits_its_password_alone() {
        let memory = Memory::default();
        let text = hash(&memory, &SecretString::from("correct horse"), &[7; SALT]).unwrap();
        let verify = |password: &str, hashed| verify(&memory, &SecretString::from(password), hashed);
        assert!(text.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{text}");
        assert!(verify("correct horse", Some(&text)));
        assert!(!verify("Correct horse", Some(&text)));
        assert!(!verify("correct horse", None));
        assert!(!verify("correct horse", Some("correct horse")));
        assert!(!is_outdated(&text));
    }

    #[test] // A4
    fn a_hash_of_weaker_parameters_is_checked_and_told_to_be_outdated() {
        let (memory, weak) = (Memory::default(), Params::new(64, 1, 1, None).unwrap());
        let hashed = memory.hash_password_customized(b"correct horse", &[7; SALT], None, None, weak).unwrap();
        let hashed = hashed.to_string();
        assert!(verify(&memory, &SecretString::from("correct horse"), Some(&hashed)));
        assert!(is_outdated(&hashed));
        assert!(is_outdated("nonsense"));
    }

    #[tokio::test] // A4
    async fn two_run_at_once_some_wait_and_the_others_are_told_to_come_again() {
        let hashing = Arc::new(Hashing::new());
        let (end, ended) = std::sync::mpsc::channel::<()>();
        let ended = Arc::new(std::sync::Mutex::new(ended));
        let (running, most) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let mut all = tokio::task::JoinSet::new();
        for _ in 0..AT_ONCE + WAITING {
            let (hashing, ended, running, most) = (hashing.clone(), ended.clone(), running.clone(), most.clone());
            all.spawn(async move {
                let work = move |_: &Memory| {
                    most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    let _all_may_end = ended.lock().map(|ended| ended.recv());
                    running.fetch_sub(1, Ordering::SeqCst);
                };
                hashing.run(work).await
            });
        }
        let full = async {
            while hashing.admitted.available_permits() > 0 || running.load(Ordering::SeqCst) < 2 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(30), full).await.unwrap();
        assert!(matches!(hashing.run(|_| ()).await, Err(Error::Busy)));
        drop(end);
        assert!(all.join_all().await.iter().all(Result::is_ok));
        assert_eq!(most.load(Ordering::SeqCst), 2);
        assert_eq!(hashing.count(), u64::try_from(AT_ONCE + WAITING).unwrap());
        assert!(hashing.run(|_| ()).await.is_ok());
    }
}
