"""Takes orders, reserves stock and records what happened in an outbox."""
