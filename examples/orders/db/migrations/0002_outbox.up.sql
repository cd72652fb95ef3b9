-- Events for other services, written in the transaction of the change that they tell of.
BEGIN;

CREATE TABLE outbox_events (
    id text PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('order-placed', 'order-cancelled')),
    order_id text NOT NULL REFERENCES orders (id),
    customer text NOT NULL,
    total_cents bigint NOT NULL CHECK (total_cents > 0),
    created_at timestamptz NOT NULL,
    delivered_at timestamptz
);

CREATE INDEX outbox_events_undelivered ON outbox_events (created_at, id)
    WHERE delivered_at IS NULL;

COMMIT;
