"""The HTTP interface. Each handler opens one transaction and calls one function."""

import logging
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from orders import access, outbox, placement, stock
from orders.messages import Event, NewOrder, Order, Sku, StockItem, StockLevel

log = logging.getLogger(__name__)


def engine_of(request: Request) -> Engine:
    return request.app.state.engine


Database = Annotated[Engine, Depends(engine_of)]

health = APIRouter(prefix="/health", tags=["health"])
clients = APIRouter(tags=["orders"], dependencies=[Depends(access.client)])
readers = APIRouter(prefix="/outbox", tags=["outbox"], dependencies=[Depends(access.outbox_reader)])


@health.get("/live")
def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@health.get("/ready")
def ready(database: Database) -> JSONResponse:
    """The database answers."""
    try:
        with database.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        log.warning("the database does not answer", extra={"error": type(error).__name__})
        return JSONResponse({"status": "unavailable"}, 503)
    return JSONResponse({"status": "ok"})


@clients.get("/stock/{sku}")
def read_stock(sku: Sku, database: Database) -> StockItem:
    """One product with its price and its reservations."""
    with database.begin() as connection:
        return stock.item(connection, sku)


@clients.put("/stock/{sku}")
def write_stock(sku: Sku, level: StockLevel, database: Database) -> StockItem:
    """Create a product, or change its price and what is on hand."""
    with database.begin() as connection:
        changed = stock.set_level(connection, sku, level)
    log.info("stock set", extra={"sku": sku, "on_hand": changed.on_hand})
    return changed


@clients.post("/orders", status_code=201)
def place_order(new: NewOrder, database: Database) -> Order:
    """Reserve stock for every line, or refuse the order."""
    with database.begin() as connection:
        order = placement.place(connection, new)
    log.info("order placed", extra={"order": order.id, "total_cents": order.total_cents})
    return order


@clients.get("/orders/{order_id}")
def read_order(order_id: str, database: Database) -> Order:
    """One order with its lines."""
    with database.begin() as connection:
        return placement.find(connection, order_id)


@clients.post("/orders/{order_id}/cancel")
def cancel_order(order_id: str, database: Database) -> Order:
    """Cancel an order and release what it reserved."""
    with database.begin() as connection:
        order = placement.cancel(connection, order_id)
    log.info("order cancelled", extra={"order": order.id})
    return order


@readers.get("")
def read_outbox(database: Database, limit: Annotated[int, Query(ge=1, le=100)] = 50) -> list[Event]:
    """The oldest events that are not delivered yet."""
    with database.begin() as connection:
        return outbox.undelivered(connection, limit)


@readers.post("/{event_id}/delivered", status_code=204)
def report_delivery(event_id: str, database: Database) -> None:
    """Take an event out of the outbox."""
    with database.begin() as connection:
        outbox.mark_delivered(connection, event_id)
