"""Stock: what is on hand, what is reserved, and the price."""

from sqlalchemy import Connection, insert, select, update

from orders.database import stock_items
from orders.failures import OutOfStock, StockBelowReservations, UnknownProduct
from orders.messages import StockItem, StockLevel


def item(connection: Connection, sku: str) -> StockItem:
    row = connection.execute(select(stock_items).where(stock_items.c.sku == sku)).one_or_none()
    if row is None:
        raise UnknownProduct(sku)
    return StockItem(**row._mapping)


def set_level(connection: Connection, sku: str, level: StockLevel) -> StockItem:
    """Create the product or change it; reservations are kept and never undercut."""
    row = connection.execute(
        select(stock_items.c.reserved).where(stock_items.c.sku == sku).with_for_update()
    ).one_or_none()
    if row is None:
        connection.execute(insert(stock_items).values(sku=sku, reserved=0, **level.model_dump()))
    elif row.reserved > level.on_hand:
        raise StockBelowReservations(sku, level.on_hand, row.reserved)
    else:
        connection.execute(
            update(stock_items).where(stock_items.c.sku == sku).values(**level.model_dump())
        )
    return item(connection, sku)


def reserve(connection: Connection, sku: str, quantity: int) -> int:
    """Reserve in one statement, so that two orders cannot take the same piece; give the price."""
    columns = stock_items.c
    price = connection.execute(
        update(stock_items)
        .where(columns.sku == sku, columns.on_hand - columns.reserved >= quantity)
        .values(reserved=columns.reserved + quantity)
        .returning(columns.price_cents)
    ).scalar_one_or_none()
    if price is None:
        found = item(connection, sku)
        raise OutOfStock(sku, quantity, found.on_hand - found.reserved)
    return price


def release(connection: Connection, sku: str, quantity: int) -> None:
    connection.execute(
        update(stock_items)
        .where(stock_items.c.sku == sku)
        .values(reserved=stock_items.c.reserved - quantity)
    )
