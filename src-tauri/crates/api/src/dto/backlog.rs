//! The backlog: areas, items, the tree table.

use super::mapping::FieldOption;
use super::rich::Block;
use super::wire;

wire! {
    /// A product area.
    pub struct Area {
        /// Local id.
        pub id: i64,
        /// The area that it lies in.
        pub parent_id: Option<i64>,
        /// Name.
        pub name: String,
        /// Items in it and below.
        pub items: u32,
    }
}

wire! {
    /// A new product area.
    pub struct NewAreaArgs {
        /// The area to put it in.
        pub parent_id: Option<i64>,
        /// Name.
        pub name: String,
    }
}

wire! {
    /// What the backlog can be filtered by, with how many items each.
    pub struct Facets {
        /// Levels and types.
        pub levels: Vec<LevelFacet>,
        /// Statuses of the workspace.
        pub statuses: Vec<Facet>,
        /// Raw statuses from Jira.
        pub dev_statuses: Vec<TextFacet>,
        /// Items in all.
        pub total: u32,
    }
}

wire! {
    /// A level with its types.
    pub struct LevelFacet {
        /// Local id.
        pub id: i64,
        /// Name of many.
        pub name: String,
        /// Items on it.
        pub count: u32,
        /// Its types.
        pub types: Vec<Facet>,
    }
}

wire! {
    /// A choice and how many items have it.
    pub struct Facet {
        /// Local id.
        pub id: i64,
        /// Name.
        pub name: String,
        /// Icon name, for types.
        pub icon: Option<String>,
        /// Colour name.
        pub colour: Option<String>,
        /// How many.
        pub count: u32,
    }
}

wire! {
    /// A word and how many items have it.
    pub struct TextFacet {
        /// The word.
        pub name: String,
        /// How many.
        pub count: u32,
    }
}

wire! {
    /// What the tree table is to show. Empty lists do not filter.
    pub struct BacklogQuery {
        /// Words of the title or key.
        pub search: String,
        /// Only these levels.
        pub levels: Vec<i64>,
        /// Only these types.
        pub types: Vec<i64>,
        /// Only these statuses.
        pub statuses: Vec<i64>,
        /// Only these raw statuses.
        pub dev_statuses: Vec<String>,
        /// Only this area and what lies below it.
        pub area_id: Option<i64>,
        /// Order among siblings.
        pub sort: SortColumn,
        /// From the end.
        pub descending: bool,
        /// Items whose children are hidden.
        pub collapsed: Vec<i64>,
        /// Whether every item's children are hidden, but those of `collapsed`.
        pub collapse_all: bool,
    }
}

wire! {
    /// What the tree table is sorted by.
    pub enum SortColumn {
        /// The admin's own order.
        Rank,
        /// Key of the linked issue, by number.
        Key,
        /// Title.
        Title,
        /// Type.
        ItemType,
        /// Status.
        Status,
        /// Dev Status.
        DevStatus,
        /// Importance.
        Importance,
        /// Dev assignee.
        DevAssignee,
        /// Story points.
        StoryPoints,
    }
}

wire! {
    /// An opened view of the tree table.
    pub struct BacklogView {
        /// Names the view in `backlog_rows`.
        pub view: i64,
        /// Rows that can be shown.
        pub rows: u32,
        /// Items that match (ancestors of matches are shown too).
        pub matched: u32,
    }
}

wire! {
    /// A window of a view.
    pub struct BacklogRowsArgs {
        /// The view.
        pub view: i64,
        /// First row, from 0.
        pub start: u32,
        /// How many.
        pub count: u32,
    }
}

wire! {
    /// A row of the tree table.
    pub struct BacklogRow {
        /// Item.
        pub id: i64,
        /// Depth, from 0.
        pub depth: u16,
        /// Whether it has children.
        pub has_children: bool,
        /// Whether its children are shown.
        pub expanded: bool,
        /// Whether it matches itself, not only something below it.
        pub matched: bool,
        /// Title.
        pub title: String,
        /// Type.
        pub item_type: i64,
        /// Key of the linked issue.
        pub key: Option<String>,
        /// Status.
        pub status: Option<FieldOption>,
        /// Raw status from Jira.
        pub dev_status: Option<String>,
        /// Importance.
        pub importance: Option<FieldOption>,
        /// Dev assignee's name.
        pub dev_assignee: Option<String>,
        /// Story points.
        pub story_points: Option<f64>,
        /// Product area.
        pub area_id: i64,
    }
}

wire! {
    /// Rows of a view.
    pub struct BacklogRows {
        /// The rows; empty if the view is no longer known (open it again).
        pub rows: Vec<BacklogRow>,
        /// Whether items changed since the view was opened.
        pub stale: bool,
    }
}

wire! {
    /// Ids of all items of a view between two rows, for selecting.
    pub struct BacklogIdsArgs {
        /// The view.
        pub view: i64,
        /// First row, from 0.
        pub start: u32,
        /// How many.
        pub count: u32,
    }
}

wire! {
    /// Ids of items.
    pub struct Ids {
        /// The ids.
        pub ids: Vec<i64>,
    }
}

wire! {
    /// An item with every field.
    pub struct ItemDetail {
        /// Local id.
        pub id: i64,
        /// Title.
        pub title: String,
        /// Type.
        pub item_type: i64,
        /// Product area.
        pub area_id: i64,
        /// From the top to its parent.
        pub ancestors: Vec<ItemRef>,
        /// Direct children, the first hundred.
        pub children: Vec<ItemRef>,
        /// How many direct children.
        pub children_total: u32,
        /// Its issue in Jira.
        pub link: Option<ItemLink>,
        /// Every field, in the workspace's order, the title aside.
        pub fields: Vec<ItemField>,
        /// When it was made here.
        pub created_at: String,
    }
}

wire! {
    /// An item in passing.
    pub struct ItemRef {
        /// Local id.
        pub id: i64,
        /// Title.
        pub title: String,
        /// Type.
        pub item_type: i64,
        /// Key of the linked issue.
        pub key: Option<String>,
        /// Status.
        pub status: Option<FieldOption>,
    }
}

wire! {
    /// An item's issue in Jira.
    pub struct ItemLink {
        /// Key.
        pub key: String,
        /// Address for people.
        pub url: String,
        /// Integration.
        pub integration_id: i64,
        /// Name of the integration.
        pub integration_name: String,
        /// When Jira last changed it, as last seen.
        pub updated_at: Option<String>,
    }
}

wire! {
    /// A field of an item.
    pub struct ItemField {
        /// Key.
        pub key: String,
        /// Name.
        pub name: String,
        /// What its values are, in words.
        pub kind: String,
        /// What it holds.
        pub value: FieldValue,
        /// Name of the Jira field that it is mapped to.
        pub mapped_to: Option<String>,
    }
}

wire! {
    /// What a field holds, ready to show.
    pub tagged FieldValue {
        /// Nothing.
        None,
        /// Text.
        Text {
            /// The text.
            text: String,
        },
        /// Text with structure.
        RichText {
            /// Blocks.
            blocks: Vec<Block>,
        },
        /// A number.
        Number {
            /// The number.
            number: f64,
        },
        /// A day.
        Date {
            /// `YYYY-MM-DD`.
            date: String,
        },
        /// Choices.
        Options {
            /// The choices.
            options: Vec<FieldOption>,
        },
        /// People.
        People {
            /// Their names.
            names: Vec<String>,
        },
        /// Words.
        Labels {
            /// The words.
            labels: Vec<String>,
        },
        /// Other items.
        References {
            /// The items.
            references: Vec<ItemReference>,
        },
        /// Yes or no.
        Bool {
            /// Yes.
            yes: bool,
        },
        /// A web address.
        Link {
            /// The address.
            href: String,
        },
    }
}

wire! {
    /// Another item, and what this one is to it.
    pub struct ItemReference {
        /// The other item.
        pub item: ItemRef,
        /// `blocks`, `is blocked by` or `relates to`.
        pub relation: String,
    }
}

wire! {
    /// Moves items to a product area.
    pub struct MoveArgs {
        /// Items; their descendants go along.
        pub ids: Vec<i64>,
        /// The area.
        pub area_id: i64,
    }
}

wire! {
    /// What a move did.
    pub struct Moved {
        /// Items that changed their area.
        pub moved: u32,
        /// Items that a taking back left where they are: somebody moved them on since, or they or their area
        /// are gone.
        pub left: u32,
        /// Takes it back when given to `items_move_undo`.
        pub undo: i64,
    }
}

wire! {
    /// Asks for items with every field, page by page.
    pub struct ItemsArgs {
        /// Only items of this integration.
        pub integration_id: Option<i64>,
        /// Only items with a greater id; 0 for the first page.
        pub after: i64,
        /// At most so many.
        pub limit: u32,
    }
}

wire! {
    /// A page of items.
    pub struct Items {
        /// The items, by id.
        pub items: Vec<ItemDetail>,
        /// What to give as `after` for the next page; none at the end.
        pub next: Option<i64>,
    }
}
