//! Things of the site as JSON.

pub(crate) mod issue;
pub(crate) mod meta;
pub(crate) mod things;
pub(crate) mod value;
