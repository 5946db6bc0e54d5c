//! A writer of JSON text. Issue bodies are written with it directly, without a tree in between, because a
//! benchmark reads them by the hundred thousand.

use std::io::Write as _;

/// JSON under construction. Commas are its own business.
#[derive(Debug, Default)]
pub(crate) struct Json {
    out: Vec<u8>,
    comma: bool,
}

impl Json {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Json {
            out: Vec::with_capacity(bytes),
            comma: false,
        }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    fn value(&mut self) {
        if self.comma {
            self.out.push(b',');
        }
        self.comma = true;
    }

    pub(crate) fn object(&mut self) -> &mut Self {
        self.open(b'{')
    }

    pub(crate) fn end_object(&mut self) -> &mut Self {
        self.close(b'}')
    }

    pub(crate) fn array(&mut self) -> &mut Self {
        self.open(b'[')
    }

    pub(crate) fn end_array(&mut self) -> &mut Self {
        self.close(b']')
    }

    fn open(&mut self, bracket: u8) -> &mut Self {
        self.value();
        self.out.push(bracket);
        self.comma = false;
        self
    }

    fn close(&mut self, bracket: u8) -> &mut Self {
        self.out.push(bracket);
        self.comma = true;
        self
    }

    pub(crate) fn key(&mut self, key: &str) -> &mut Self {
        self.value();
        self.quote(&[key]);
        self.out.push(b':');
        self.comma = false;
        self
    }

    pub(crate) fn str(&mut self, text: &str) -> &mut Self {
        self.value();
        self.quote(&[text]);
        self
    }

    /// One string made of several parts, without joining them first.
    pub(crate) fn strs(&mut self, parts: &[&str]) -> &mut Self {
        self.value();
        self.quote(parts);
        self
    }

    pub(crate) fn int(&mut self, number: i64) -> &mut Self {
        self.value();
        self.digits(number);
        self
    }

    /// A number as the string that Jira uses for ids.
    pub(crate) fn id(&mut self, number: u64) -> &mut Self {
        self.value();
        self.out.push(b'"');
        self.digits(number as i64);
        self.out.push(b'"');
        self
    }

    /// A custom field's number: whole numbers keep their `.0`, as Jira writes them.
    pub(crate) fn float(&mut self, number: f64) -> &mut Self {
        self.value();
        let text = if number.is_finite() {
            format!("{number:?}")
        } else {
            "null".to_owned()
        };
        self.out.extend_from_slice(text.as_bytes());
        self
    }

    pub(crate) fn bool(&mut self, value: bool) -> &mut Self {
        self.raw(if value { b"true" } else { b"false" })
    }

    pub(crate) fn null(&mut self) -> &mut Self {
        self.raw(b"null")
    }

    /// Text that is JSON already.
    pub(crate) fn raw(&mut self, json: &[u8]) -> &mut Self {
        self.value();
        self.out.extend_from_slice(json);
        self
    }

    /// A tree; for values that are not written often.
    pub(crate) fn tree(&mut self, value: &serde_json::Value) -> &mut Self {
        self.raw(value.to_string().as_bytes())
    }

    /// Ends a chain where nothing is to be returned.
    pub(crate) fn done(&mut self) {}

    fn digits(&mut self, number: i64) {
        // Writing into a vector cannot fail.
        write!(self.out, "{number}").expect("a vector takes every byte");
    }

    fn quote(&mut self, parts: &[&str]) {
        self.out.push(b'"');
        for part in parts {
            self.escape(part.as_bytes());
        }
        self.out.push(b'"');
    }

    fn escape(&mut self, bytes: &[u8]) {
        let mut start = 0;
        for (at, byte) in bytes.iter().enumerate() {
            let short: Option<&[u8]> = match byte {
                b'"' => Some(b"\\\""),
                b'\\' => Some(b"\\\\"),
                b'\n' => Some(b"\\n"),
                b'\r' => Some(b"\\r"),
                b'\t' => Some(b"\\t"),
                0..=0x1F => None,
                _ => continue,
            };
            self.out.extend_from_slice(&bytes[start..at]);
            start = at + 1;
            match short {
                Some(text) => self.out.extend_from_slice(text),
                None => write!(self.out, "\\u{byte:04x}").expect("a vector takes every byte"),
            }
        }
        self.out.extend_from_slice(&bytes[start..]);
    }
}

/// A tree out of what a writing function writes.
pub(crate) fn tree(write: impl FnOnce(&mut Json)) -> serde_json::Value {
    let mut json = Json::default();
    write(&mut json);
    // The writer balances its brackets; a mistake in a caller shows as null in the answer and fails the contract tests.
    serde_json::from_slice(&json.into_bytes()).unwrap_or(serde_json::Value::Null)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(write: impl FnOnce(&mut Json), expected: &str) {
        let mut json = Json::default();
        write(&mut json);
        assert_eq!(String::from_utf8_lossy(&json.into_bytes()), expected);
    }

    #[test]
    fn commas_stand_between_values_only() {
        check(
            |j| {
                j.object()
                    .key("a")
                    .int(1)
                    .key("b")
                    .array()
                    .str("x")
                    .null()
                    .end_array()
                    .key("c")
                    .object()
                    .end_object()
                    .end_object();
            },
            r#"{"a":1,"b":["x",null],"c":{}}"#,
        );
    }

    #[test]
    fn control_characters_and_quotes_are_escaped() {
        check(
            |j| j.str("a\"b\\c\n\u{1}é").done(),
            "\"a\\\"b\\\\c\\n\\u0001é\"",
        );
    }

    #[test]
    fn whole_numbers_of_custom_fields_keep_their_fraction() {
        check(|j| j.float(3.0).done(), "3.0");
    }
}
