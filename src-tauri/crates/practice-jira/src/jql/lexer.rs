//! Cuts a query into tokens.

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Word(String),
    Quoted(String),
    Symbol(&'static str),
    End,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub kind: Kind,
    pub line: usize,
    pub column: usize,
}

impl Token {
    pub(crate) fn place(&self) -> String {
        format!("(line {}, character {})", self.line, self.column)
    }

    /// The word in small letters, if it is an unquoted word.
    pub(crate) fn word(&self) -> Option<String> {
        match &self.kind {
            Kind::Word(text) => Some(text.to_ascii_lowercase()),
            _ => None,
        }
    }

    pub(crate) fn is(&self, symbol: &str) -> bool {
        matches!(&self.kind, Kind::Symbol(s) if *s == symbol)
    }
}

/// The tokens of a query, the last one being [`Kind::End`].
pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut lexer = Lexer {
        chars: text.chars().collect(),
        at: 0,
        line: 1,
        column: 1,
    };
    let mut list = Vec::new();
    loop {
        let token = lexer.token()?;
        let end = token.kind == Kind::End;
        list.push(token);
        if end {
            return Ok(list);
        }
    }
}

struct Lexer {
    chars: Vec<char>,
    at: usize,
    line: usize,
    column: usize,
}

const SYMBOLS: [&str; 15] = [
    "!=", "!~", ">=", "<=", "&&", "||", "=", "~", ">", "<", "(", ")", ",", "[", "]",
];

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn step(&mut self) -> Option<char> {
        let next = self.peek(0)?;
        self.at += 1;
        if next == '\n' {
            self.line += 1;
            self.column = 1;
        } else {
            self.column += 1;
        }
        Some(next)
    }

    fn token(&mut self) -> Result<Token, String> {
        while self.peek(0).is_some_and(char::is_whitespace) {
            self.step();
        }
        let (line, column) = (self.line, self.column);
        let make = |kind| Ok(Token { kind, line, column });
        let Some(first) = self.peek(0) else {
            return make(Kind::End);
        };
        if first == '"' || first == '\'' {
            return self.quoted(first).map(|text| Token {
                kind: Kind::Quoted(text),
                line,
                column,
            });
        }
        for symbol in SYMBOLS {
            if symbol
                .chars()
                .enumerate()
                .all(|(i, c)| self.peek(i) == Some(c))
            {
                for _ in symbol.chars() {
                    self.step();
                }
                return make(Kind::Symbol(symbol));
            }
        }
        if first == '!' {
            self.step();
            return make(Kind::Symbol("!"));
        }
        let word = self.bare()?;
        if word.is_empty() {
            return Err(format!(
                "Error in the JQL Query: The character '{first}' is a reserved JQL character. You must enclose it in a string or use the escape '\\u{:04x}' instead. (line {line}, character {column})",
                first as u32
            ));
        }
        make(Kind::Word(word))
    }

    fn bare(&mut self) -> Result<String, String> {
        let mut word = String::new();
        while let Some(next) = self.peek(0) {
            if next == '\\' {
                self.step();
                word.push(self.escape()?);
            } else if ends_word(next, word.is_empty()) {
                break;
            } else {
                self.step();
                word.push(next);
            }
        }
        Ok(word)
    }

    fn quoted(&mut self, quote: char) -> Result<String, String> {
        let place = format!("(line {}, character {})", self.line, self.column);
        self.step();
        let mut text = String::new();
        loop {
            match self.step() {
                None => {
                    return Err(format!(
                        "Error in the JQL Query: The quoted string '{text}' has not been completed. {place}"
                    ));
                }
                Some(c) if c == quote => return Ok(text),
                Some('\\') => text.push(self.escape()?),
                Some(c) => text.push(c),
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let place = format!("(line {}, character {})", self.line, self.column);
        let wrong = |found: String| {
            format!(
                "Error in the JQL Query: '\\{found}' is an illegal JQL escape sequence. The valid escape sequences are \\', \\\", \\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX. {place}"
            )
        };
        match self.step() {
            Some('n') => Ok('\n'),
            Some('t') => Ok('\t'),
            Some('r') => Ok('\r'),
            Some(c @ ('\\' | '"' | '\'' | ' ')) => Ok(c),
            Some('u') => {
                let digits: String = (0..4).filter_map(|_| self.step()).collect();
                u32::from_str_radix(&digits, 16)
                    .ok()
                    .and_then(char::from_u32)
                    .ok_or_else(|| wrong(format!("u{digits}")))
            }
            Some(c) => Err(wrong(c.to_string())),
            None => Err(wrong(String::new())),
        }
    }
}

/// Whether a character cannot be part of a word. Some are allowed inside but not in front, a plus sign in both places.
fn ends_word(next: char, at_start: bool) -> bool {
    match next {
        '+' => false,
        '@' | '/' | '*' => at_start,
        _ => next.is_whitespace() || "=!<>~()[],\"'&|;?%^$#{}`".contains(next),
    }
}
