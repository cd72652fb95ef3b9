"""Bodies of requests and responses: the contract with clients."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

Sku = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{1,31}$")]
CENTS_MAX = 100_000_00
QUANTITY_MAX = 1_000


class Body(BaseModel):
    """Refuses fields that nobody reads: they are a client's mistake."""

    model_config = ConfigDict(extra="forbid")


class StockLevel(Body):
    price_cents: int = Field(ge=1, le=CENTS_MAX)
    on_hand: int = Field(ge=0, le=1_000_000)


class StockItem(StockLevel):
    sku: Sku
    reserved: int


class NewLine(Body):
    sku: Sku
    quantity: int = Field(ge=1, le=QUANTITY_MAX)


class NewOrder(Body):
    customer: str = Field(min_length=1, max_length=64)
    lines: list[NewLine] = Field(min_length=1, max_length=100)

    @field_validator("lines")
    @classmethod
    def one_line_per_product(cls, lines: list[NewLine]) -> list[NewLine]:
        if len({line.sku for line in lines}) < len(lines):
            raise ValueError("a product may stand in one line only")
        return lines


class Line(NewLine):
    unit_price_cents: int


class Order(Body):
    id: str
    customer: str
    status: Literal["placed", "cancelled"]
    created_at: datetime
    lines: list[Line]
    total_cents: int


class Event(Body):
    id: str
    kind: Literal["order-placed", "order-cancelled"]
    order_id: str
    customer: str
    total_cents: int
    created_at: datetime
