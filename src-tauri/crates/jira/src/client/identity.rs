//! Whether Jira knows who asks: what shows it, what denies it, and what follows.

use super::Client;
use super::answer::{refused_beside, text};
use crate::error::{AuthReason, Error};
use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;

impl Client {
    /// Marks the identity as proven, so that a later refusal counts as expiry.
    pub(crate) fn set_verified(&self) {
        self.inner.verified.store(true, Ordering::Relaxed);
    }

    /// Settles whether an answer can be believed: one that found `nothing`, or one that does not name the
    /// account although the site usually does.
    ///
    /// # Errors
    /// [`Error::Auth`] if it cannot.
    pub(crate) async fn believe(&self, identified: bool, nothing: bool) -> Result<(), Error> {
        let usually = self.inner.names_us.load(Ordering::Relaxed);
        if identified || !(nothing || (self.is_cloud() && usually)) {
            return Ok(());
        }
        let myself = self.api("/myself");
        let (_, named_now): (Value, bool) = self.get_named(&myself, &[]).await?;
        if named_now && self.is_cloud() {
            // It does name us when it knows us, and did not for that answer.
            return Err(Error::Auth(AuthReason::Anonymous));
        }
        Ok(())
    }

    /// Says why, if the answer refuses our identity. A 401 is never tried again: after a few of them Jira
    /// locks the account.
    pub(super) fn refused_identity(&self, response: &http::Response<Bytes>) -> Option<AuthReason> {
        let status = response.status();
        let headers = response.headers();
        let unproven = !self.inner.verified.load(Ordering::Relaxed);
        let wrong = if unproven {
            AuthReason::Wrong
        } else {
            AuthReason::ExpiredOrRevoked
        };
        if !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) {
            self.inner.options.credentials.as_ref()?;
            if refused_beside(headers) {
                return Some(wrong);
            }
            // Data Center takes a wrong token for nobody at all, and says so here.
            let nobody = text(headers, "x-ausername") == Some("anonymous");
            return nobody.then_some(AuthReason::Anonymous);
        }
        if let Some(denied) = text(headers, "x-authentication-denied-reason") {
            let login_url = denied
                .split_once("login-url=")
                .map(|(_, url)| url.trim().to_owned());
            return Some(AuthReason::Captcha { login_url });
        }
        if text(headers, "x-seraph-loginreason")
            .is_some_and(|reason| reason.contains("AUTHENTICATION_DENIED"))
        {
            return Some(AuthReason::Captcha { login_url: None });
        }
        let credentials = self.inner.options.credentials.as_ref()?;
        if status == StatusCode::FORBIDDEN {
            // The refusal to take passwords has a shape of its own: a lone message instead of Jira's
            // error envelope.
            let lone = serde_json::from_slice::<Value>(response.body()).is_ok_and(|body| {
                body.get("message").is_some() && body.get("errorMessages").is_none()
            });
            return (credentials.is_password() && lone && unproven)
                .then_some(AuthReason::BasicDisabled);
        }
        Some(wrong)
    }

    /// Whether a refusal may be about one endpoint only: the gateway answers 401 also where a token's
    /// scopes do not cover what was asked, and counts nothing against the account.
    pub(super) fn lacks_scope(&self, path: &str, error: &Error) -> bool {
        matches!(error, Error::Auth(AuthReason::ExpiredOrRevoked))
            && self.inner.options.base.contains("/ex/jira/")
            && path != self.api("/myself")
    }

    /// After a refusal nothing more is sent.
    pub(super) fn stop_on(&self, error: &Error) {
        if let Error::Auth(reason) = error
            && *reason != AuthReason::Stopped
        {
            let mut stopped = self
                .inner
                .stopped
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            stopped.get_or_insert(reason.clone());
        }
    }
}
