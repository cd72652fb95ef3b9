//! Agent definitions: the three-pass reader and what it finds.
