//! The product side, pure: items, levels, fields, values, areas, people.
