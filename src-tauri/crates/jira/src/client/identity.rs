//! Who does the site think is asking? Asked at the start, and again before "nothing" is believed.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Mutex;

use super::call::{Absent, Answer, Call, Fault, Proof, anonymous_get};
use super::{Client, SignedIn};
use crate::auth::{ApiBase, Credentials};
use crate::error::{AuthReason, Error, NotJira, Result, Said};
use crate::limits::CallKind;
use crate::model::Account;
use crate::site::SiteKind;

/// Lets many doubts that arise at once be settled by one question.
#[derive(Default)]
pub(super) struct Recheck {
    doubts: AtomicU64,
    /// How many doubts the last good answer covers, and whether it named the account.
    settled: Mutex<(u64, Option<Proof>)>,
}

impl Client {
    /// Finds out who the credentials belong to (`GET /myself`) and where the API is reached.
    ///
    /// A Cloud token that the site's own address refuses is tried once at the gateway, where
    /// scoped tokens work.
    ///
    /// # Errors
    /// [`Error::Auth`] when the site does not accept the credentials.
    pub async fn sign_in(&self) -> Result<SignedIn> {
        let account = match self.attempt(&self.myself_call()).await {
            Ok(answer) => self.recognise(&answer)?,
            Err(Fault::Unauthorised(said)) if self.may_be_scoped() => {
                self.through_gateway(said).await?
            }
            Err(fault) => return Err(self.identity_fault(fault)),
        };
        Ok(SignedIn {
            account,
            base: self.base(),
        })
    }

    /// Asks the site again who we are (`GET /myself`): it must be the account that signed in.
    ///
    /// # Errors
    /// [`Error::Auth`] when it is nobody or somebody else; the client then refuses further calls.
    pub async fn verify_identity(&self) -> Result<Account> {
        match self.attempt(&self.myself_call()).await {
            Ok(answer) => self.recognise(&answer),
            Err(fault) => Err(self.identity_fault(fault)),
        }
    }

    /// Settles whether an answer of the search can be believed: `nothing` was found, or the answer
    /// names nobody although the site usually does.
    pub(crate) async fn believe(&self, proof: Proof, nothing: bool) -> Result<()> {
        let names_us = self.inner.names_us.load(Ordering::Relaxed);
        if nothing || (proof == Proof::Unnamed && names_us) {
            self.confirm_nothing(proof).await?;
        }
        Ok(())
    }

    /// Settles whether "nothing there" can be believed.
    pub(crate) async fn confirm_nothing(&self, proof: Proof) -> Result<()> {
        let named_now = self.confirm_identity().await?;
        if proof == Proof::Unnamed && named_now == Proof::Named {
            // The site does name us when it knows us, and did not for this answer.
            return Err(self.trip(AuthReason::Anonymous, Said::default()));
        }
        Ok(())
    }

    /// [`verify_identity`](Self::verify_identity) for a doubt that arose just now. Doubts that
    /// arose before the question was sent are settled together.
    pub(crate) async fn confirm_identity(&self) -> Result<Proof> {
        let recheck = &self.inner.recheck;
        let mine = recheck.doubts.fetch_add(1, Ordering::SeqCst) + 1;
        let mut settled = recheck.settled.lock().await;
        if let (covered, Some(proof)) = *settled
            && covered >= mine
        {
            return Ok(proof);
        }
        let covered = recheck.doubts.load(Ordering::SeqCst);
        let answer = match self.attempt(&self.myself_call()).await {
            Ok(answer) => answer,
            Err(fault) => return Err(self.identity_fault(fault)),
        };
        self.recognise(&answer)?;
        *settled = (covered, Some(answer.proof));
        Ok(answer.proof)
    }

    pub(crate) fn myself_call(&self) -> Call {
        let path = self.platform("myself");
        Call::get(CallKind::Identity, "GET /myself", path).absent(Absent::Endpoint)
    }

    fn may_be_scoped(&self) -> bool {
        let settings = &self.inner.settings;
        settings.site.kind == SiteKind::Cloud
            && matches!(settings.credentials, Credentials::CloudToken { .. })
            && self.base() == ApiBase::Site
    }

    /// Reads the account and compares it with the one that is expected.
    pub(crate) fn recognise(&self, answer: &Answer) -> Result<Account> {
        let account: Account = answer.decode("GET /myself")?;
        let Some(identity) = account.identity() else {
            return Err(Error::Bug {
                what: "GET /myself names nobody".to_owned(),
            });
        };
        if answer.proof == Proof::Named {
            self.inner.names_us.store(true, Ordering::Relaxed);
        }
        let known = self.inner.known.get_or_init(|| identity.clone());
        if known.is_same(&identity) {
            Ok(account)
        } else {
            Err(self.trip(AuthReason::OtherAccount, Said::default()))
        }
    }

    fn identity_fault(&self, fault: Fault) -> Error {
        let password = self.inner.settings.credentials.is_password();
        match fault {
            Fault::Unauthorised(said) => self.trip(self.refused_reason(), said),
            // Everybody may ask who they are, so a refusal here is about the way of signing in.
            Fault::AtTheDoor(said) | Fault::Error(Error::Permission { said }) if password => {
                self.trip(AuthReason::BasicDisabled, said)
            }
            Fault::AtTheDoor(said) => Error::Permission { said },
            Fault::NotFound { .. } => Error::NotJira {
                what: NotJira::NoServerInfo,
            },
            Fault::Error(error) => self.trip_on(error),
        }
    }

    async fn through_gateway(&self, said: Said) -> Result<Account> {
        let settings = &self.inner.settings;
        let origin = settings.site.base_url.origin();
        let address = format!("{origin}/_edge/tenant_info");
        let tenant = match anonymous_get(settings.transport.as_ref(), &address).await {
            Ok((response, _)) if response.status().is_success() => {
                serde_json::from_slice::<Tenant>(response.body()).ok()
            }
            Ok(_) => None,
            Err(error) if error.is_transient() => {
                return Err(self.trip(AuthReason::ScopedTokenNeedsGateway, said));
            }
            Err(_) => None,
        };
        let Some(Tenant { cloud_id }) = tenant else {
            return Err(self.trip(self.refused_reason(), said));
        };
        self.set_base(ApiBase::Gateway { cloud_id });
        let outcome = match self.attempt(&self.myself_call()).await {
            Ok(answer) => self.recognise(&answer),
            Err(Fault::Unauthorised(_) | Fault::NotFound { .. }) => {
                Err(self.trip(self.refused_reason(), said))
            }
            Err(Fault::Error(error)) if error.is_transient() => {
                Err(self.trip(AuthReason::ScopedTokenNeedsGateway, said))
            }
            Err(fault) => Err(self.identity_fault(fault)),
        };
        if outcome.is_err() {
            self.set_base(ApiBase::Site);
        }
        outcome
    }
}

/// `GET /_edge/tenant_info`.
#[derive(serde::Deserialize)]
struct Tenant {
    #[serde(rename = "cloudId")]
    cloud_id: String,
}
