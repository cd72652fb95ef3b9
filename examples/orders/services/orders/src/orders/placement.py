"""Placing and cancelling orders. Each function runs in its caller's transaction."""

import uuid
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from orders import outbox, stock
from orders.database import order_lines, orders
from orders.failures import AlreadyCancelled, UnknownOrder
from orders.messages import Line, NewLine, NewOrder, Order


def place(connection: Connection, new: NewOrder) -> Order:
    """Reserve every line or none; the order keeps the prices of this moment."""
    # Products are locked in one order everywhere, so that two orders cannot block each other.
    lines = [reserved(connection, line) for line in sorted(new.lines, key=lambda line: line.sku)]
    order = Order(
        id=str(uuid.uuid4()),
        customer=new.customer,
        status="placed",
        created_at=datetime.now(UTC),
        lines=lines,
        total_cents=total(lines),
    )
    row = order.model_dump(exclude={"lines", "total_cents"})
    connection.execute(insert(orders).values(**row))
    connection.execute(
        insert(order_lines), [{"order_id": order.id, **line.model_dump()} for line in lines]
    )
    outbox.record(connection, "order-placed", order)
    return order


def reserved(connection: Connection, line: NewLine) -> Line:
    price = stock.reserve(connection, line.sku, line.quantity)
    return Line(**line.model_dump(), unit_price_cents=price)


def find(connection: Connection, order_id: str) -> Order:
    row = connection.execute(select(orders).where(orders.c.id == order_id)).one_or_none()
    if row is None:
        raise UnknownOrder(order_id)
    columns = order_lines.c
    rows = connection.execute(
        select(columns.sku, columns.quantity, columns.unit_price_cents)
        .where(columns.order_id == order_id)
        .order_by(columns.sku)
    )
    lines = [Line(**line._mapping) for line in rows]
    return Order(**row._mapping, lines=lines, total_cents=total(lines))


def cancel(connection: Connection, order_id: str) -> Order:
    """Release the reservations; only one of several calls at once gets to do it."""
    order = find(connection, order_id)
    changed = connection.execute(
        update(orders)
        .where(orders.c.id == order_id, orders.c.status == "placed")
        .values(status="cancelled")
    )
    if changed.rowcount == 0:
        raise AlreadyCancelled(order_id)
    for line in order.lines:
        stock.release(connection, line.sku, line.quantity)
    cancelled = order.model_copy(update={"status": "cancelled"})
    outbox.record(connection, "order-cancelled", cancelled)
    return cancelled


def total(lines: list[Line]) -> int:
    return sum(line.quantity * line.unit_price_cents for line in lines)
