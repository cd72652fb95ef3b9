"""Placing, reading and cancelling orders."""

import pytest
from conftest import place


def reserved(service, sku):
    return service.get(f"/stock/{sku}").json()["reserved"]


def test_an_order_reserves_stock_and_keeps_its_prices(stocked):
    response = place(stocked, mug=2, lamp=1)
    assert response.status_code == 201
    order = response.json()
    assert order["total_cents"] == 2 * 1250 + 8990
    assert [line["sku"] for line in order["lines"]] == ["LAMP-1", "MUG-1"]
    assert reserved(stocked, "MUG-1") == 2

    stocked.put("/stock/MUG-1", json={"price_cents": 9900, "on_hand": 10})
    assert stocked.get(f"/orders/{order['id']}").json() == order


def test_an_order_that_cannot_be_filled_reserves_nothing(stocked):
    response = place(stocked, lamp=1, mug=11)
    assert response.status_code == 409
    assert response.json() == {
        "code": "out-of-stock",
        "message": "11 of MUG-1 were ordered, 10 are available",
    }
    assert reserved(stocked, "LAMP-1") == 0


def test_the_last_piece_is_sold_once(stocked):
    assert place(stocked, lamp=3).status_code == 201
    assert place(stocked, lamp=1).status_code == 409


def test_an_unknown_product_is_refused(stocked):
    assert place(stocked, chair=1).json()["code"] == "unknown-product"


def test_cancelling_releases_stock_once(stocked):
    order = place(stocked, mug=4).json()
    cancelled = stocked.post(f"/orders/{order['id']}/cancel")
    assert cancelled.json() == {**order, "status": "cancelled"}
    assert reserved(stocked, "MUG-1") == 0
    assert stocked.post(f"/orders/{order['id']}/cancel").json()["code"] == "already-cancelled"
    assert reserved(stocked, "MUG-1") == 0


@pytest.mark.parametrize(
    "body",
    [
        {"customer": "c-17", "lines": []},
        {"customer": "", "lines": [{"sku": "MUG-1", "quantity": 1}]},
        {"customer": "c-17", "lines": [{"sku": "MUG-1", "quantity": 0}]},
        {"customer": "c-17", "lines": [{"sku": "MUG-1", "quantity": 1}] * 2},
        {"customer": "c-17", "lines": [{"sku": "MUG-1", "quantity": 1}], "discount": 5},
    ],
)
def test_a_body_that_breaks_the_contract_is_refused(stocked, body):
    assert stocked.post("/orders", json=body).status_code == 422


def test_unknown_things_are_not_found(stocked):
    assert stocked.get("/orders/none").json()["code"] == "unknown-order"
    assert stocked.post("/orders/none/cancel").status_code == 404
    assert stocked.get("/stock/CHAIR-1").json()["code"] == "unknown-product"


def test_stock_cannot_fall_below_what_is_reserved(stocked):
    place(stocked, mug=5)
    response = stocked.put("/stock/MUG-1", json={"price_cents": 1250, "on_hand": 4})
    assert response.json()["code"] == "stock-below-reservations"
