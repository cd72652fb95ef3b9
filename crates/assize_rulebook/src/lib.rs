//! The rule book: rules, clauses, the controls each clause names, and coverage.
