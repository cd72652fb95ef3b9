//! GitHub workflows and actions.
