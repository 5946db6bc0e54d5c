//! Identities of what only the store and the engine know. Each is a row number; never reused.

macro_rules! id {
    ($(#[$doc:meta] $name:ident),* $(,)?) => {$(
        #[$doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

id! {
    /// A connection to a site.
    ConnectionId,
    /// A project of a site, mapped to the workspace.
    IntegrationId,
    /// A pair of an item and an issue.
    LinkId,
    /// An issue that is to be made of an item.
    CreateIntentId,
    /// A run: an import.
    RunId,
    /// A row of a run's plan. Ascends in the order in which the rows were listed.
    RowSeq,
    /// An entry of the journal. Ascends in the order in which things happened.
    JournalSeq,
}
