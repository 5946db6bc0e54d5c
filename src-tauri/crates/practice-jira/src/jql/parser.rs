//! Builds the tree of a query. Total: every text gives a tree or a sentence that says what is wrong and where.

use super::lexer::{Kind, Token, tokens};
use super::{Clause, Name, Node, Op, Operand, Query, Sort};

/// Words that must be quoted when they are meant as a value.
const RESERVED: [&str; 40] = [
    "abort", "access", "add", "after", "alias", "all", "alter", "any", "as", "asc", "audit",
    "before", "begin", "between", "boolean", "break", "by", "byte", "catch", "char", "delete",
    "desc", "distinct", "drop", "else", "exec", "from", "group", "having", "insert", "into",
    "join", "limit", "like", "order", "select", "set", "update", "where", "while",
];

const NESTING_MAX: usize = 100;

/// Reads a query.
pub(crate) fn parse(text: &str) -> Result<Query, String> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
    };
    let filter = match parser.peek().word().as_deref() {
        Some("order") => None,
        _ if parser.peek().kind == Kind::End => None,
        _ => Some(parser.or()?),
    };
    let order = parser.order()?;
    let rest = parser.peek();
    if rest.kind != Kind::End {
        return Err(format!(
            "Error in the JQL Query: Expecting either 'OR' or 'AND' but got '{}'. {}",
            shown(rest),
            rest.place()
        ));
    }
    Ok(Query { filter, order })
}

fn shown(token: &Token) -> String {
    match &token.kind {
        Kind::Word(text) | Kind::Quoted(text) => text.clone(),
        Kind::Symbol(symbol) => (*symbol).to_owned(),
        Kind::End => "the end of the query".to_owned(),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> &Token {
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at += 1;
        token
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.peek().word().is_some_and(|w| w == word);
        if found {
            self.at += 1;
        }
        found
    }

    fn eat(&mut self, symbol: &str) -> bool {
        let found = self.peek().is(symbol);
        if found {
            self.at += 1;
        }
        found
    }

    fn or(&mut self) -> Result<Node, String> {
        let mut list = vec![self.and()?];
        while self.eat_word("or") || self.eat("||") {
            list.push(self.and()?);
        }
        Ok(if list.len() == 1 {
            list.remove(0)
        } else {
            Node::Or(list)
        })
    }

    fn and(&mut self) -> Result<Node, String> {
        let mut list = vec![self.term()?];
        while self.eat_word("and") || self.eat("&&") {
            list.push(self.term()?);
        }
        Ok(if list.len() == 1 {
            list.remove(0)
        } else {
            Node::And(list)
        })
    }

    fn term(&mut self) -> Result<Node, String> {
        self.depth += 1;
        if self.depth > NESTING_MAX {
            return Err("Error in the JQL Query: The query is nested too deeply.".to_owned());
        }
        let node = if self.eat_word("not") || self.eat("!") {
            Ok(Node::Not(Box::new(self.term()?)))
        } else if self.eat("(") {
            let inner = self.or()?;
            if self.eat(")") {
                Ok(inner)
            } else {
                let token = self.peek();
                Err(format!(
                    "Error in the JQL Query: Expecting ')' before the end of the query. {}",
                    token.place()
                ))
            }
        } else {
            self.clause().map(Node::Clause)
        };
        self.depth -= 1;
        node
    }

    fn clause(&mut self) -> Result<Clause, String> {
        let field = self.field()?;
        let op = self.operator()?;
        let operand = if op == Op::Changed {
            Operand::Nothing
        } else {
            self.operand()?
        };
        self.history_predicates()?;
        Ok(Clause { field, op, operand })
    }

    fn field(&mut self) -> Result<Name, String> {
        let token = self.next();
        let place = token.place();
        match token.kind {
            Kind::Word(text) => {
                self.check_reserved(&text, &place)?;
                if text.eq_ignore_ascii_case("cf") && self.eat("[") {
                    let number = self.next();
                    let parsed = match &number.kind {
                        Kind::Word(digits) => digits.parse::<u32>().ok(),
                        _ => None,
                    };
                    let Some(parsed) = parsed.filter(|_| self.eat("]")) else {
                        return Err(format!(
                            "Error in the JQL Query: Expecting a custom field ID but got '{}'. {}",
                            shown(&number),
                            number.place()
                        ));
                    };
                    return Ok(Name {
                        text: format!("cf[{parsed}]"),
                        cf: Some(parsed),
                    });
                }
                Ok(Name { text, cf: None })
            }
            Kind::Quoted(text) => {
                let cf = text
                    .strip_prefix("cf[")
                    .and_then(|t| t.strip_suffix(']'))
                    .and_then(|t| t.parse().ok());
                Ok(Name { text, cf })
            }
            Kind::End => Err(
                "Error in the JQL Query: Expecting a field name at the end of the query."
                    .to_owned(),
            ),
            Kind::Symbol(symbol) => Err(format!(
                "Error in the JQL Query: Expecting either a value, list or function but got '{symbol}'. You must surround '{symbol}' in quotation marks to use it as a value. {place}"
            )),
        }
    }

    fn check_reserved(&self, text: &str, place: &str) -> Result<(), String> {
        if RESERVED.contains(&text.to_ascii_lowercase().as_str()) {
            return Err(format!(
                "Error in the JQL Query: '{text}' is a reserved JQL word. You must surround it in quotation marks to use it in a query. {place}"
            ));
        }
        Ok(())
    }

    fn operator(&mut self) -> Result<Op, String> {
        let token = self.next();
        let op = match &token.kind {
            Kind::Symbol("=") => Some(Op::Equal),
            Kind::Symbol("!=") => Some(Op::NotEqual),
            Kind::Symbol("~") => Some(Op::Like),
            Kind::Symbol("!~") => Some(Op::NotLike),
            Kind::Symbol("<") => Some(Op::Less),
            Kind::Symbol("<=") => Some(Op::LessEqual),
            Kind::Symbol(">") => Some(Op::Greater),
            Kind::Symbol(">=") => Some(Op::GreaterEqual),
            Kind::Word(word) => match word.to_ascii_lowercase().as_str() {
                "in" => Some(Op::In),
                "not" if self.eat_word("in") => Some(Op::NotIn),
                "is" if self.eat_word("not") => Some(Op::IsNot),
                "is" => Some(Op::Is),
                "was" if self.eat_word("not") => Some(if self.eat_word("in") {
                    Op::WasNotIn
                } else {
                    Op::WasNot
                }),
                "was" if self.eat_word("in") => Some(Op::WasIn),
                "was" => Some(Op::Was),
                "changed" => Some(Op::Changed),
                _ => None,
            },
            _ => None,
        };
        op.ok_or_else(|| match token.kind {
            Kind::End => "Error in the JQL Query: Expecting operator before the end of the query. The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'.".to_owned(),
            _ => format!(
                "Error in the JQL Query: Expecting operator but got '{}'. The valid operators are '=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'. {}",
                shown(&token),
                token.place()
            ),
        })
    }

    fn operand(&mut self) -> Result<Operand, String> {
        if self.eat("(") {
            let mut list = Vec::new();
            loop {
                list.push(self.single()?);
                if self.eat(",") {
                    continue;
                }
                if self.eat(")") {
                    return Ok(Operand::List(list));
                }
                let token = self.peek();
                return Err(format!(
                    "Error in the JQL Query: Expecting ',' or ')' but got '{}'. {}",
                    shown(token),
                    token.place()
                ));
            }
        }
        self.single()
    }

    fn single(&mut self) -> Result<Operand, String> {
        let token = self.next();
        let place = token.place();
        let (text, quoted) = match token.kind {
            Kind::Word(text) => (text, false),
            Kind::Quoted(text) => (text, true),
            Kind::End => return Err("Error in the JQL Query: Expecting either a value, list or function before the end of the query.".to_owned()),
            Kind::Symbol(symbol) => {
                return Err(format!("Error in the JQL Query: Expecting either a value, list or function but got '{symbol}'. You must surround '{symbol}' in quotation marks to use it as a value. {place}"));
            }
        };
        if self.eat("(") {
            return self.arguments(text);
        }
        if !quoted {
            if matches!(text.to_ascii_lowercase().as_str(), "empty" | "null") {
                return Ok(Operand::Empty);
            }
            self.check_reserved(&text, &place)?;
        }
        Ok(Operand::Value { text, quoted })
    }

    fn arguments(&mut self, name: String) -> Result<Operand, String> {
        let mut args = Vec::new();
        if self.eat(")") {
            return Ok(Operand::Function { name, args });
        }
        loop {
            let token = self.next();
            match token.kind {
                Kind::Word(text) | Kind::Quoted(text) => args.push(text),
                _ => {
                    return Err(format!(
                        "Error in the JQL Query: Expecting a function argument but got '{}'. {}",
                        shown(&token),
                        token.place()
                    ));
                }
            }
            if self.eat(",") {
                continue;
            }
            if self.eat(")") {
                return Ok(Operand::Function { name, args });
            }
            let token = self.peek();
            return Err(format!(
                "Error in the JQL Query: Expecting ')' but got '{}'. {}",
                shown(token),
                token.place()
            ));
        }
    }

    /// `AFTER`, `BEFORE`, `BY`, `DURING`, `ON`, `FROM`, `TO` behind a history clause are read and not applied.
    fn history_predicates(&mut self) -> Result<(), String> {
        while let Some(word) = self.peek().word() {
            if !matches!(
                word.as_str(),
                "after" | "before" | "by" | "during" | "on" | "from" | "to"
            ) {
                break;
            }
            self.next();
            self.operand()?;
        }
        Ok(())
    }

    fn order(&mut self) -> Result<Vec<Sort>, String> {
        if !self.eat_word("order") {
            return Ok(Vec::new());
        }
        if !self.eat_word("by") {
            let token = self.peek();
            return Err(format!(
                "Error in the JQL Query: Expecting 'by' but got '{}'. {}",
                shown(token),
                token.place()
            ));
        }
        let mut list = Vec::new();
        loop {
            let field = self.field()?;
            let descending = if self.eat_word("desc") {
                Some(true)
            } else if self.eat_word("asc") {
                Some(false)
            } else {
                None
            };
            list.push(Sort { field, descending });
            if !self.eat(",") {
                return Ok(list);
            }
        }
    }
}
