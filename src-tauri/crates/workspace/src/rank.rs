//! Places among siblings, as text that sorts: there is always room between two of them.

/// A place in an order. Compares as its letters do.
///
/// Letters run from `0` to `z`; a rank never ends in `0`, so something always fits below it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank(String);

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Letters that number the steps of an order; more letters lie between two steps.
const WIDTH: usize = 11;
/// How many steps there are.
const STEPS: u128 = 62_u128.pow(11);

impl Rank {
    /// A rank as it was written down; none if it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fits = !text.is_empty()
            && !text.ends_with('0')
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        fits.then(|| Self(text.to_owned()))
    }

    /// The text that sorts.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The n-th of many places in a new order: equally long, ample room between.
    #[must_use]
    pub fn nth(n: u64) -> Self {
        Self::at(u128::from(n))
    }

    /// A place between two others; `None` stands for the end of the order. Both given and not in order
    /// gives a place just after `after`.
    ///
    /// At an end of the order the next place is a step away, not half of what is left: whoever adds a
    /// hundred thousand items one behind the other gets ranks that are all of one length.
    #[must_use]
    pub fn between(after: Option<&Self>, before: Option<&Self>) -> Self {
        let before = before.filter(|before| after.is_none_or(|after| after < *before));
        let stepped = match (after, before) {
            (None, None) => Some(STEPS / 2),
            (Some(after), None) => Some(after.step() + 1).filter(|step| *step < STEPS),
            (None, Some(before)) => before.step().checked_sub(1),
            (Some(_), Some(_)) => None,
        };
        stepped.map_or_else(
            || {
                let low = after.map_or(&[][..], |rank| rank.0.as_bytes());
                Self(midpoint(low, before.map(|rank| rank.0.as_bytes())))
            },
            Self::at,
        )
    }

    /// The place in the middle of a step.
    fn at(step: u128) -> Self {
        let mut rest = step;
        let mut letters = [DIGITS[0]; WIDTH];
        for letter in letters.iter_mut().rev() {
            *letter = DIGITS[usize::try_from(rest % 62).expect("a remainder of 62 fits")];
            rest /= 62;
        }
        let mut text: String = letters.iter().map(|&letter| char::from(letter)).collect();
        text.push('V');
        Self(text)
    }

    /// Which step the rank lies in.
    fn step(&self) -> u128 {
        let letters = self.0.bytes().chain(std::iter::repeat(DIGITS[0]));
        letters
            .take(WIDTH)
            .fold(0, |step, letter| step * 62 + digit(letter) as u128)
    }
}

fn digit(letter: u8) -> usize {
    DIGITS
        .iter()
        .position(|&known| known == letter)
        .unwrap_or(0)
}

/// Letters strictly between `low` and `high`, where a missing letter of `low` counts as the lowest and
/// a missing `high` lies above everything.
fn midpoint(low: &[u8], high: Option<&[u8]>) -> String {
    let mut text = String::new();
    let mut high = high;
    for place in 0.. {
        let from = low.get(place).map_or(0, |&letter| digit(letter));
        let to = high
            .and_then(|high| high.get(place))
            .map_or(DIGITS.len(), |&letter| digit(letter));
        if to - from > 1 {
            text.push(char::from(DIGITS[from + (to - from) / 2]));
            return text;
        }
        text.push(char::from(DIGITS[from]));
        if to > from {
            high = None;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_place_between_two_lies_between_them(choices in proptest::collection::vec(any::<u16>(), 1..200)) {
            let mut order: Vec<Rank> = Vec::new();
            for choice in choices {
                let place = usize::from(choice) % (order.len() + 1);
                let after = place.checked_sub(1).map(|before| order[before].clone());
                let rank = Rank::between(after.as_ref(), order.get(place));
                prop_assert!(after.is_none_or(|after| after < rank));
                prop_assert!(order.get(place).is_none_or(|before| rank < *before));
                prop_assert_eq!(Rank::parse(rank.as_str()), Some(rank.clone()));
                order.insert(place, rank);
            }
        }

        #[test]
        fn places_at_either_end_stay_short(at_the_end in any::<bool>(), start in "[0-9A-Za-z]{0,14}[1-9A-Za-z]") {
            let mut ranks = vec![Rank::parse(&start).expect("a rank")];
            for _ in 0..2000 {
                let last = ranks.last();
                let next = if at_the_end { Rank::between(last, None) } else { Rank::between(None, last) };
                prop_assert!(next.as_str().len() <= start.len().max(WIDTH + 1), "{next:?}");
                ranks.push(next);
            }
            prop_assert!(ranks.is_sorted_by(|a, b| (a < b) == at_the_end));
        }

        #[test]
        fn places_handed_out_in_order_sort_in_order(a in any::<u64>(), b in any::<u64>()) {
            prop_assert_eq!(a.cmp(&b), Rank::nth(a).cmp(&Rank::nth(b)));
        }
    }
}
