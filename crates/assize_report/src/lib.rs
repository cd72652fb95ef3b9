//! Renderings of a report: full, concise, agent, JSON and SARIF.
