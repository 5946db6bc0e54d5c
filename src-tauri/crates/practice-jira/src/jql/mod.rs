//! JQL: read, checked against the site, and answered.

mod dates;
pub(crate) mod eval;
pub(crate) mod lexer;
mod names;
pub(crate) mod order;
pub(crate) mod parser;
pub(crate) mod pred;
pub(crate) mod resolve;
#[cfg(test)]
mod tests;

/// A query as written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Query {
    pub filter: Option<Node>,
    pub order: Vec<Sort>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sort {
    pub field: Name,
    /// `None` where the query names no direction.
    pub descending: Option<bool>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    Clause(Clause),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Clause {
    pub field: Name,
    pub op: Op,
    pub operand: Operand,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Name {
    pub text: String,
    /// The number in `cf[10020]`.
    pub cf: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Equal,
    NotEqual,
    Like,
    NotLike,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
    Is,
    IsNot,
    Was,
    WasNot,
    WasIn,
    WasNotIn,
    Changed,
}

impl Op {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Op::Equal => "=",
            Op::NotEqual => "!=",
            Op::Like => "~",
            Op::NotLike => "!~",
            Op::Less => "<",
            Op::LessEqual => "<=",
            Op::Greater => ">",
            Op::GreaterEqual => ">=",
            Op::In => "in",
            Op::NotIn => "not in",
            Op::Is => "is",
            Op::IsNot => "is not",
            Op::Was => "was",
            Op::WasNot => "was not",
            Op::WasIn => "was in",
            Op::WasNotIn => "was not in",
            Op::Changed => "changed",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Operand {
    Value { text: String, quoted: bool },
    List(Vec<Operand>),
    Function { name: String, args: Vec<String> },
    Empty,
    Nothing,
}
