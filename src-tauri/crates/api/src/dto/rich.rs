//! Rich text for showing. Anything that is not known arrives as `unknown` with its readable words. And its source for
//! editing, in which nothing is lost.

use super::wire;

wire! {
    /// Notation of rich text.
    pub enum RichFormat {
        /// Atlassian Document Format: JSON.
        Adf,
        /// Wiki markup.
        Wiki,
    }
}

wire! {
    /// Asks for a text as it is edited.
    pub struct RichSourceArgs {
        /// The item.
        pub item_id: i64,
        /// The field's key.
        pub field: String,
    }
}

wire! {
    /// A text as it is edited.
    pub struct RichSource {
        /// The notation that the item's site takes.
        pub format: RichFormat,
        /// The text in it.
        pub source: String,
    }
}

wire! {
    /// A text as it is shown.
    pub struct RichBlocks {
        /// Blocks.
        pub blocks: Vec<Block>,
    }
}

wire! {
    /// A block.
    pub tagged Block {
        /// A heading.
        Heading {
            /// 1 to 6.
            level: u8,
            /// Words.
            content: Vec<Inline>,
        },
        /// A paragraph.
        Paragraph {
            /// Words.
            content: Vec<Inline>,
        },
        /// A list with bullets.
        BulletList {
            /// Each item's blocks.
            items: Vec<Vec<Block>>,
        },
        /// A list with numbers.
        OrderedList {
            /// First number.
            start: u32,
            /// Each item's blocks.
            items: Vec<Vec<Block>>,
        },
        /// A list of things to tick off.
        TaskList {
            /// The tasks.
            items: Vec<Task>,
        },
        /// Code.
        CodeBlock {
            /// Language.
            language: Option<String>,
            /// The code.
            text: String,
        },
        /// A quotation.
        Quote {
            /// Blocks.
            content: Vec<Block>,
        },
        /// A panel.
        Panel {
            /// `info`, `note`, `success`, `warning`, `error` or `custom`.
            kind: String,
            /// Title.
            title: Option<String>,
            /// Blocks.
            content: Vec<Block>,
        },
        /// A table.
        Table {
            /// Rows.
            rows: Vec<Vec<Cell>>,
        },
        /// A line across.
        Rule,
        /// Something folded away.
        Expand {
            /// Title.
            title: String,
            /// Blocks.
            content: Vec<Block>,
        },
        /// A picture or file, which is not loaded.
        Media {
            /// Its name.
            name: String,
        },
        /// Something that is not known.
        Unknown {
            /// The remote's word for it.
            name: String,
            /// Its readable words.
            text: String,
        },
    }
}

wire! {
    /// A task.
    pub struct Task {
        /// Ticked off.
        pub done: bool,
        /// Words.
        pub content: Vec<Inline>,
    }
}

wire! {
    /// A cell of a table.
    pub struct Cell {
        /// Whether it is a heading.
        pub header: bool,
        /// Columns that it covers.
        pub colspan: u16,
        /// Rows that it covers.
        pub rowspan: u16,
        /// Blocks.
        pub content: Vec<Block>,
    }
}

wire! {
    /// Words within a block.
    pub tagged Inline {
        /// Words.
        Text {
            /// The words.
            text: String,
            /// Bold.
            #[serde(default)]
            bold: bool,
            /// Italic.
            #[serde(default)]
            italic: bool,
            /// Underlined.
            #[serde(default)]
            underline: bool,
            /// Struck out.
            #[serde(default)]
            strike: bool,
            /// Code.
            #[serde(default)]
            code: bool,
        },
        /// A link; http, https or mailto only.
        Link {
            /// Address.
            href: String,
            /// Words.
            content: Vec<Inline>,
        },
        /// A person.
        Mention {
            /// Name.
            text: String,
        },
        /// An emoji.
        Emoji {
            /// As text.
            text: String,
        },
        /// A day.
        Date {
            /// `YYYY-MM-DD`.
            date: String,
        },
        /// A lozenge.
        Status {
            /// Words.
            text: String,
            /// Colour name.
            colour: String,
        },
        /// A line break.
        HardBreak,
        /// A picture, which is not loaded.
        Image {
            /// Its name.
            name: String,
        },
        /// Something that is not known.
        Unknown {
            /// The remote's word for it.
            name: String,
            /// Its readable words.
            text: String,
        },
    }
}
