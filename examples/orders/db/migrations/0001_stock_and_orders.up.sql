-- Stock and orders. Identifiers are made by the service; amounts are whole cents.
BEGIN;

CREATE TABLE stock_items (
    sku text PRIMARY KEY,
    price_cents bigint NOT NULL CHECK (price_cents > 0),
    on_hand integer NOT NULL CHECK (on_hand >= 0),
    reserved integer NOT NULL DEFAULT 0,
    CONSTRAINT stock_items_reserved_within_stock CHECK (reserved BETWEEN 0 AND on_hand)
);

CREATE TABLE orders (
    id text PRIMARY KEY,
    customer text NOT NULL,
    status text NOT NULL CHECK (status IN ('placed', 'cancelled')),
    created_at timestamptz NOT NULL
);

CREATE INDEX orders_by_customer ON orders (customer, created_at);

CREATE TABLE order_lines (
    order_id text NOT NULL REFERENCES orders (id),
    sku text NOT NULL REFERENCES stock_items (sku),
    quantity integer NOT NULL CHECK (quantity > 0),
    unit_price_cents bigint NOT NULL CHECK (unit_price_cents > 0),
    PRIMARY KEY (order_id, sku)
);

COMMIT;
