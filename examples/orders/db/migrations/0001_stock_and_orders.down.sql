BEGIN;

DROP TABLE order_lines;
DROP TABLE orders;
DROP TABLE stock_items;

COMMIT;
