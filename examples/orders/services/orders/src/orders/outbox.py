"""The outbox: events written in the transaction of the change that they tell of.

Readers take the oldest events that are not delivered yet and report each delivery, so an event is
delivered at least once, also when a reader or this service stops in between.
"""

import uuid
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from orders.database import outbox_events
from orders.failures import UnknownEvent
from orders.messages import Event, Order

CONTRACT = [column for column in outbox_events.c if column.name != "delivered_at"]


def record(connection: Connection, kind: str, order: Order) -> None:
    connection.execute(
        insert(outbox_events).values(
            id=str(uuid.uuid4()),
            kind=kind,
            order_id=order.id,
            customer=order.customer,
            total_cents=order.total_cents,
            created_at=datetime.now(UTC),
        )
    )


def undelivered(connection: Connection, limit: int) -> list[Event]:
    rows = connection.execute(
        select(*CONTRACT)
        .where(outbox_events.c.delivered_at.is_(None))
        .order_by(outbox_events.c.created_at, outbox_events.c.id)
        .limit(limit)
    )
    return [Event(**row._mapping) for row in rows]


def mark_delivered(connection: Connection, event_id: str) -> None:
    """Keep the time of the first report; a repeated one changes nothing."""
    known = connection.execute(
        select(outbox_events.c.id).where(outbox_events.c.id == event_id)
    ).one_or_none()
    if known is None:
        raise UnknownEvent(event_id)
    connection.execute(
        update(outbox_events)
        .where(outbox_events.c.id == event_id, outbox_events.c.delivered_at.is_(None))
        .values(delivered_at=datetime.now(UTC))
    )
