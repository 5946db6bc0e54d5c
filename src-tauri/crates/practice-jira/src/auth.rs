//! Who is asking: what real sites do with right, wrong and missing credentials.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::config::{DcVersion, Face};
use crate::faults::Faults;
use crate::http::{Call, Reply};
use crate::state::{Data, UserIx};

/// The secrets that open a site. They are constants: a practice site has nothing to protect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The administrator's account id (Cloud) or key (Data Center).
    pub account: String,
    /// Cloud: the administrator's e-mail address.
    pub email: String,
    /// Cloud: the administrator's classic API token, for the site's own address.
    pub api_token: String,
    /// Cloud: a scoped API token; it works only behind the gateway's path.
    pub scoped_token: String,
    /// Cloud: the id under which the gateway knows the site: `/_gateway/ex/jira/{cloud_id}`.
    pub cloud_id: String,
    /// Data Center: the administrator's login.
    pub user: String,
    /// Data Center: the administrator's password.
    pub password: String,
    /// Data Center: the administrator's personal access token.
    pub pat: String,
    /// A person without administration rights: e-mail on Cloud, login on Data Center.
    pub member: String,
    /// That person's API token on Cloud, password on Data Center.
    pub member_secret: String,
}

pub(crate) const CLOUD_ID: &str = "6f1a2c3d-0b4e-4f5a-9c6d-7e8f90a1b2c3";
const API_TOKEN: &str = "ATATT3xPracticeSite-Classic-Token-0001";
const SCOPED_TOKEN: &str = "ATSTT3xPracticeSite-Scoped-Token-0001";
const MEMBER_TOKEN: &str = "ATATT3xPracticeSite-Member-Token-0001";
const PASSWORD: &str = "practice-password";
const MEMBER_PASSWORD: &str = "member-password";
const PAT: &str = "PracticePersonalAccessToken0001";
const ADMIN: UserIx = 0;
const MEMBER: UserIx = 1;
const WRONG_PASSWORDS_MAX: u32 = 3;

pub(crate) fn credentials(data: &Data, face: Face) -> Credentials {
    let admin = &data.users[ADMIN as usize];
    let member = &data.users[MEMBER as usize];
    Credentials {
        account: if face == Face::Cloud {
            admin.account_id.clone()
        } else {
            admin.key.clone()
        },
        email: admin.email.clone().unwrap_or_default(),
        api_token: API_TOKEN.to_owned(),
        scoped_token: SCOPED_TOKEN.to_owned(),
        cloud_id: CLOUD_ID.to_owned(),
        user: admin.name.clone(),
        password: PASSWORD.to_owned(),
        pat: PAT.to_owned(),
        member: if face == Face::Cloud {
            member.email.clone().unwrap_or_default()
        } else {
            member.name.clone()
        },
        member_secret: if face == Face::Cloud {
            MEMBER_TOKEN.to_owned()
        } else {
            MEMBER_PASSWORD.to_owned()
        },
    }
}

/// The result of looking at the credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    pub user: Option<UserIx>,
    /// Credentials were given and not accepted; the caller goes on as anonymous.
    pub rejected: bool,
}

enum Presented {
    None,
    Basic(String, String),
    Bearer(String),
    Other,
}

fn presented(call: &Call) -> Presented {
    let Some(value) = call.headers.get(http::header::AUTHORIZATION) else {
        return Presented::None;
    };
    let Ok(text) = value.to_str() else {
        return Presented::Other;
    };
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            Presented::Bearer(token.trim().to_owned())
        }
        Some((scheme, encoded)) if scheme.eq_ignore_ascii_case("basic") => {
            let decoded = STANDARD
                .decode(encoded.trim())
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok());
            match decoded.as_deref().and_then(|text| text.split_once(':')) {
                Some((user, secret)) => Presented::Basic(user.to_owned(), secret.to_owned()),
                None => Presented::Other,
            }
        }
        _ => Presented::Other,
    }
}

pub(crate) fn cloud(call: &Call, data: &Data, faults: &Faults) -> Result<Identity, Reply> {
    let rejected = Identity {
        user: None,
        rejected: true,
    };
    let identity = match presented(call) {
        Presented::None => Identity {
            user: None,
            rejected: false,
        },
        Presented::Basic(email, token) if !faults.revoked => {
            let owner = |ix: UserIx| {
                data.users[ix as usize]
                    .email
                    .as_deref()
                    .is_some_and(|e| e.eq_ignore_ascii_case(&email))
            };
            let fits = if call.gateway {
                (owner(ADMIN) && token == SCOPED_TOKEN).then_some(ADMIN)
            } else if owner(ADMIN) && token == API_TOKEN {
                Some(ADMIN)
            } else {
                (owner(MEMBER) && token == MEMBER_TOKEN).then_some(MEMBER)
            };
            fits.map_or(rejected, |user| Identity {
                user: Some(user),
                rejected: false,
            })
        }
        _ => rejected,
    };
    if call.gateway && identity.user.is_none() {
        return Err(Reply::json(
            401,
            &serde_json::json!({"code": 401, "message": "Unauthorized; scope does not match"}),
        ));
    }
    Ok(identity)
}

/// Wrong passwords counted a login.
pub(crate) type Failures = BTreeMap<String, u32>;

pub(crate) fn data_center(
    call: &Call,
    data: &Data,
    faults: &Faults,
    version: DcVersion,
    failures: &mut Failures,
) -> Result<Identity, Reply> {
    match presented(call) {
        Presented::None => Ok(Identity {
            user: None,
            rejected: false,
        }),
        Presented::Bearer(token) => {
            let known = token == PAT && !faults.revoked && version.at_least(8, 14);
            Ok(Identity {
                user: known.then_some(ADMIN),
                rejected: !known,
            })
        }
        Presented::Other => Ok(Identity {
            user: None,
            rejected: true,
        }),
        Presented::Basic(user, password) => {
            if faults.basic_disabled.unwrap_or(version.major >= 11) {
                return Err(Reply::json(
                    403,
                    &serde_json::json!({"message": "Basic Authentication has been disabled on this instance."}),
                ));
            }
            let failed = failures.entry(user.to_lowercase()).or_default();
            if faults.captcha || *failed >= WRONG_PASSWORDS_MAX {
                let reason = format!("CAPTCHA_CHALLENGE; login-url={}/login.jsp", call.base);
                return Err(Reply::html(
                    403,
                    "Basic Authentication Failure - Reason : AUTHENTICATION_DENIED",
                )
                .header("X-Seraph-LoginReason", "AUTHENTICATION_DENIED")
                .header("X-Authentication-Denied-Reason", reason));
            }
            let right = |ix: UserIx, secret: &str| {
                data.users[ix as usize].name.eq_ignore_ascii_case(&user) && password == secret
            };
            let found = if faults.revoked {
                None
            } else if right(ADMIN, PASSWORD) {
                Some(ADMIN)
            } else {
                right(MEMBER, MEMBER_PASSWORD).then_some(MEMBER)
            };
            match found {
                Some(ix) => {
                    *failed = 0;
                    Ok(Identity {
                        user: Some(ix),
                        rejected: false,
                    })
                }
                None => {
                    *failed += 1;
                    Err(Reply::html(401, "Unauthorized (401)")
                        .header("X-Seraph-LoginReason", "AUTHENTICATED_FAILED")
                        .header("WWW-Authenticate", "OAuth realm=\"practice\""))
                }
            }
        }
    }
}
