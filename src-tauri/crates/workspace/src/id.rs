//! Identities of what a workspace holds. Each is the row number the store gave; never reused.

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
    /// An item: initiative, epic, feature, story, or any other type.
    ItemId,
    /// A product area, the container that an item lies in.
    AreaId,
    /// A level of the hierarchy.
    LevelId,
    /// A type of item; several may share one level.
    ItemTypeId,
    /// A custom field.
    CustomFieldId,
    /// A choice of a field: a status, an importance, a sprint, a component, an option of a select.
    OptionId,
    /// A person, invited or merely met in a sync.
    PersonId,
}
