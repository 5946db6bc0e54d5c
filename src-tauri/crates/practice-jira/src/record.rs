//! What went over the wire, kept for whoever wants to look at it afterwards.

use bytes::Bytes;
use http::{Request, Response};

use crate::site::Site;

/// A request and what it was answered.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The request as it came in, credentials included.
    pub request: Request<Bytes>,
    /// The answer as it went out.
    pub response: Response<Bytes>,
}

impl Site {
    /// Keeps every exchange from now on, in memory and without a bound, until [`Site::take_recording`].
    pub fn record(&mut self) {
        self.recording.get_or_insert_default();
    }

    /// What was kept since [`Site::record`], oldest first; keeping ends. Empty if nothing was kept.
    pub fn take_recording(&mut self) -> Vec<Exchange> {
        self.recording.take().unwrap_or_default()
    }
}
