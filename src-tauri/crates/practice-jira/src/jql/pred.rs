//! A checked query: comparisons with what has been looked up already.

use std::collections::BTreeSet;

use crate::state::{Category, Slot, UserIx};
use crate::time::Millis;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cmp {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
}

impl Cmp {
    pub(crate) fn holds<T: PartialOrd>(self, left: T, right: T) -> bool {
        match self {
            Cmp::Less => left < right,
            Cmp::LessEqual => left <= right,
            Cmp::Greater => left > right,
            Cmp::GreaterEqual => left >= right,
            Cmp::Equal => left == right,
        }
    }
}

/// A checked query part. What it compares has been looked up already.
#[derive(Debug, Clone)]
pub(crate) enum Pred {
    Always(bool),
    And(Vec<Pred>),
    Or(Vec<Pred>),
    Not(Box<Pred>),
    Id(Cmp, u64),
    IdIn(BTreeSet<u64>),
    Project(Vec<u32>),
    Kind(Vec<u32>),
    Status(Vec<u32>),
    StatusCategory(Vec<Category>),
    StatusWas(Vec<u32>),
    Priority(Vec<u32>),
    PriorityOrder(Cmp, u32),
    Resolution(Vec<u32>),
    User(Slot, Vec<UserIx>),
    Labels(Vec<String>),
    Components(Vec<u32>),
    FixVersions(Vec<u32>),
    Affects(Vec<u32>),
    Sprint(Vec<u32>),
    Parent(Vec<u64>),
    Words(Where, Vec<String>),
    Moment(Slot, Cmp, Millis),
    /// Days since 1970.
    Due(Cmp, i64),
    Empty(Slot),
    CustomEmpty(u32),
    CustomNumber(u32, Cmp, f64),
    CustomIds(u32, Vec<u32>),
    CustomWords(u32, Vec<String>),
    CustomMoment(u32, Cmp, Millis),
    CustomDay(u32, Cmp, i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Where {
    Summary,
    Description,
    Everywhere,
    Comment,
}
