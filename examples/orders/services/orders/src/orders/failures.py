"""What can go wrong for reasons that the caller should hear about."""


class Failure(Exception):
    """A refusal with the HTTP status and the code that clients may rely on."""

    status = 400
    code = "refused"


class UnknownOrder(Failure):
    status = 404
    code = "unknown-order"

    def __init__(self, order_id: str) -> None:
        super().__init__(f"there is no order {order_id}")


class UnknownProduct(Failure):
    status = 404
    code = "unknown-product"

    def __init__(self, sku: str) -> None:
        super().__init__(f"there is no product {sku}")


class UnknownEvent(Failure):
    status = 404
    code = "unknown-event"

    def __init__(self, event_id: str) -> None:
        super().__init__(f"there is no event {event_id}")


class OutOfStock(Failure):
    status = 409
    code = "out-of-stock"

    def __init__(self, sku: str, wanted: int, available: int) -> None:
        super().__init__(f"{wanted} of {sku} were ordered, {available} are available")


class AlreadyCancelled(Failure):
    status = 409
    code = "already-cancelled"

    def __init__(self, order_id: str) -> None:
        super().__init__(f"order {order_id} is cancelled already")


class StockBelowReservations(Failure):
    status = 409
    code = "stock-below-reservations"

    def __init__(self, sku: str, on_hand: int, reserved: int) -> None:
        super().__init__(f"{reserved} of {sku} are reserved, so {on_hand} cannot be on hand")
