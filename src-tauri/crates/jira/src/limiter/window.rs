//! How many may be under way at once, found out by trying.

/// Good answers, in rounds of as many as may be under way, after which one more is tried where Jira has
/// refused before. Slow on purpose: each attempt that goes too far costs everybody a pause.
const ROUNDS: u32 = 8;

/// A number that grows with good answers and halves when Jira asks for less.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    limit: u32,
    max: u32,
    /// Until Jira first asks for less, each answer allows one more.
    untried: bool,
    answers: u32,
}

impl Window {
    /// One that nobody has objected to yet.
    pub(super) fn fresh(start: u32, max: u32) -> Self {
        let max = max.max(1);
        Self {
            limit: start.clamp(1, max),
            max,
            untried: true,
            answers: 0,
        }
    }

    /// One that was objected to when so many were under way.
    pub(super) fn refused_at(under_way: u32, max: u32) -> Self {
        let mut window = Self::fresh(under_way, max);
        window.refused();
        window
    }

    pub(super) fn limit(&self) -> u32 {
        self.limit
    }

    /// Whether it holds nothing back.
    pub(super) fn is_wide_open(&self) -> bool {
        self.limit == self.max
    }

    /// A good answer came while so many were under way, the answered one among them.
    pub(super) fn answered(&mut self, under_way: u32) {
        if self.is_wide_open() {
            return;
        }
        if self.untried {
            self.limit += 1;
            return;
        }
        // Where fewer are wanted than may be, answers tell nothing about more.
        if under_way < self.limit {
            return;
        }
        self.answers += 1;
        if self.answers >= self.limit * ROUNDS {
            self.limit += 1;
            self.answers = 0;
        }
    }

    /// Jira asked for less.
    pub(super) fn refused(&mut self) {
        self.limit = (self.limit / 2).max(1);
        self.untried = false;
        self.answers = 0;
    }
}
