//! Secrets in a file, encrypted with a passphrase (age, scrypt), for machines without a keyring.
//!
//! The whole file is decrypted once, when it is opened, and written anew at every change: into a
//! neighbour first, then renamed over, so that a crash leaves the old one or the new one.

use super::{SecretError, SecretStore};
use futures::future::BoxFuture;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Cost of turning the passphrase into a key: 2^15 rounds, about a tenth of a second on a small machine.
const WORK_FACTOR: u8 = 15;

/// Secrets in an encrypted file.
pub struct FileSecrets {
    state: Arc<State>,
}

struct State {
    path: PathBuf,
    passphrase: SecretString,
    /// What the file holds; never locked for longer than a look.
    secrets: Mutex<BTreeMap<String, SecretString>>,
    /// Held, on a thread that may wait, while the file is encrypted and written.
    writing: Mutex<()>,
}

impl FileSecrets {
    /// Opens the file with its passphrase, or begins a new one if there is none yet.
    ///
    /// # Errors
    /// [`SecretError::PassphraseWrong`], or [`SecretError::File`] if it cannot be read.
    pub async fn open(path: &Path, passphrase: SecretString) -> Result<Self, SecretError> {
        let path = path.to_owned();
        blocking(move || {
            let secrets = match std::fs::read(&path) {
                Ok(bytes) => decrypt(&bytes, &passphrase)?,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
                Err(error) => return Err(SecretError::File(error.to_string())),
            };
            let state = State {
                path,
                passphrase,
                secrets: Mutex::new(secrets),
                writing: Mutex::new(()),
            };
            state.save()?;
            Ok(Self {
                state: Arc::new(state),
            })
        })
        .await
    }

    /// Whether such a file has been begun.
    pub async fn exists(path: &Path) -> bool {
        let path = path.to_owned();
        blocking(move || Ok(path.exists())).await.unwrap_or(false)
    }
}

impl State {
    fn held(&self) -> MutexGuard<'_, BTreeMap<String, SecretString>> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the file, and then what is held in memory; neither if the file cannot be written.
    fn change(
        &self,
        change: impl FnOnce(&mut BTreeMap<String, SecretString>),
    ) -> Result<(), SecretError> {
        let writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut secrets = self.held().clone();
        change(&mut secrets);
        let bytes = encrypt(&secrets, &self.passphrase)?;
        let unusable = |error: std::io::Error| SecretError::File(error.to_string());
        write_whole(&self.path, &bytes).map_err(unusable)?;
        // The file is the new one from here on, even if what comes now fails.
        *self.held() = secrets;
        let settled = sync_directory(&self.path).map_err(unusable);
        drop(writing);
        settled
    }

    fn save(&self) -> Result<(), SecretError> {
        self.change(|_| ())
    }
}

impl SecretStore for FileSecrets {
    fn get<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<SecretString, SecretError>> {
        let found = self.state.held().get(name).cloned();
        let found = found.ok_or(SecretError::Missing);
        Box::pin(async move { found })
    }

    fn set<'a>(
        &'a self,
        name: &'a str,
        secret: &'a SecretString,
    ) -> BoxFuture<'a, Result<(), SecretError>> {
        let (state, name, secret) = (self.state.clone(), name.to_owned(), secret.clone());
        Box::pin(blocking(move || {
            state.change(|secrets| {
                secrets.insert(name, secret);
            })
        }))
    }

    fn forget<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), SecretError>> {
        let (state, name) = (self.state.clone(), name.to_owned());
        Box::pin(blocking(move || {
            if !state.held().contains_key(&name) {
                return Ok(());
            }
            state.change(|secrets| {
                secrets.remove(&name);
            })
        }))
    }

    fn probe(&self) -> BoxFuture<'_, Result<(), SecretError>> {
        let state = self.state.clone();
        Box::pin(blocking(move || state.save()))
    }
}

fn encrypt(
    secrets: &BTreeMap<String, SecretString>,
    passphrase: &SecretString,
) -> Result<Vec<u8>, SecretError> {
    let plain: serde_json::Map<String, serde_json::Value> = secrets
        .iter()
        .map(|(name, secret)| (name.clone(), secret.expose_secret().into()))
        .collect();
    let plain = SecretString::from(serde_json::Value::Object(plain).to_string());
    let passphrase = age::secrecy::SecretString::from(passphrase.expose_secret().to_owned());
    let mut recipient = age::scrypt::Recipient::new(passphrase);
    recipient.set_work_factor(WORK_FACTOR);
    age::encrypt(&recipient, plain.expose_secret().as_bytes())
        .map_err(|error| SecretError::File(error.to_string()))
}

fn decrypt(
    bytes: &[u8],
    passphrase: &SecretString,
) -> Result<BTreeMap<String, SecretString>, SecretError> {
    let passphrase = age::secrecy::SecretString::from(passphrase.expose_secret().to_owned());
    let identity = age::scrypt::Identity::new(passphrase);
    let plain = age::decrypt(&identity, bytes).map_err(|error| match error {
        age::DecryptError::DecryptionFailed
        | age::DecryptError::KeyDecryptionFailed
        | age::DecryptError::NoMatchingKeys => SecretError::PassphraseWrong,
        other => SecretError::File(other.to_string()),
    })?;
    let map: BTreeMap<String, String> = serde_json::from_slice(&plain)
        .map_err(|_| SecretError::File("what it holds is not a list of secrets".to_owned()))?;
    Ok(map
        .into_iter()
        .map(|(name, secret)| (name, SecretString::from(secret)))
        .collect())
}

fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let neighbour = path.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(&neighbour)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&neighbour, path)
}

/// Makes a renaming outlive a power cut.
#[cfg(unix)]
fn sync_directory(path: &Path) -> std::io::Result<()> {
    match path.parent() {
        Some(directory) => std::fs::File::open(directory)?.sync_all(),
        None => Ok(()),
    }
}

/// Windows opens no directories, and needs none of it.
#[cfg(not(unix))]
fn sync_directory(_path: &Path) -> std::io::Result<()> {
    Ok(())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SecretError> + Send + 'static,
) -> Result<T, SecretError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(SecretError::File(error.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passphrase(words: &str) -> SecretString {
        SecretString::from(words.to_owned())
    }

    #[tokio::test]
    async fn a_secret_comes_back_with_the_right_passphrase_only() {
        let directory = tempfile::tempdir().expect("a scratch directory");
        let path = directory.path().join("secrets.age");
        let store = FileSecrets::open(&path, passphrase("open sesame"))
            .await
            .expect("a new file");
        store
            .set("one", &passphrase("hunter2"))
            .await
            .expect("kept");
        let bytes = std::fs::read(&path).expect("the file is there");
        assert!(!bytes.windows(7).any(|window| window == b"hunter2"));

        let wrong = FileSecrets::open(&path, passphrase("open barley")).await;
        assert_eq!(wrong.err(), Some(SecretError::PassphraseWrong));

        let again = FileSecrets::open(&path, passphrase("open sesame"))
            .await
            .expect("opens");
        assert_eq!(
            again.get("one").await.expect("kept").expose_secret(),
            "hunter2"
        );
        again.forget("one").await.expect("forgotten");
        assert_eq!(again.get("one").await.err(), Some(SecretError::Missing));
    }

    #[tokio::test]
    async fn a_secret_that_could_not_be_written_is_not_held_either() {
        let directory = tempfile::tempdir().expect("a scratch directory");
        let path = directory.path().join("secrets.age");
        let store = FileSecrets::open(&path, passphrase("open sesame")).await;
        let store = store.expect("a new file");
        store.set("one", &passphrase("old")).await.expect("kept");
        // A directory stands where the new file would be written.
        std::fs::create_dir(path.with_extension("new")).expect("made");
        let refused = store.set("one", &passphrase("new")).await;
        assert!(matches!(refused, Err(SecretError::File(_))));
        let refused = store.forget("one").await;
        assert!(matches!(refused, Err(SecretError::File(_))));
        let held = store.get("one").await.expect("held");
        assert_eq!(held.expose_secret(), "old");
    }

    #[tokio::test]
    async fn a_secret_is_read_while_another_is_being_written() {
        let directory = tempfile::tempdir().expect("a scratch directory");
        let path = directory.path().join("secrets.age");
        let store = FileSecrets::open(&path, passphrase("open sesame")).await;
        let store = store.expect("a new file");
        store.set("one", &passphrase("old")).await.expect("kept");
        let state = store.state.clone();
        let writing = state.writing.lock().expect("whole");
        let read = futures::FutureExt::now_or_never(store.get("one"));
        drop(writing);
        assert!(matches!(read, Some(Ok(_))));
    }

    #[tokio::test]
    async fn a_file_that_is_not_ours_is_refused_and_left_alone() {
        let directory = tempfile::tempdir().expect("a scratch directory");
        let path = directory.path().join("secrets.age");
        std::fs::write(&path, b"something else").expect("written");
        let opened = FileSecrets::open(&path, passphrase("x")).await;
        assert!(matches!(opened.err(), Some(SecretError::File(_))));
        assert_eq!(
            std::fs::read(&path).expect("still there"),
            b"something else"
        );
    }
}
