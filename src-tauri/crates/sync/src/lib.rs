//! The deciding, pure: mapping, reconciling, planning.
