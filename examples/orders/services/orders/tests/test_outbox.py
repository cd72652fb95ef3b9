"""What other services read."""

from conftest import CLIENT, READER, place


def read(service, limit=50):
    return service.get("/outbox", params={"limit": limit}, headers=READER).json()


def test_each_change_of_an_order_leaves_one_event(stocked):
    order = place(stocked, mug=2).json()
    stocked.post(f"/orders/{order['id']}/cancel")
    events = read(stocked)
    assert [event["kind"] for event in events] == ["order-placed", "order-cancelled"]
    assert {event["order_id"] for event in events} == {order["id"]}
    assert events[0]["total_cents"] == 2500


def test_a_refused_order_leaves_no_event(stocked):
    place(stocked, mug=11)
    assert read(stocked) == []


def test_a_delivered_event_is_not_read_again(stocked):
    place(stocked, mug=1)
    place(stocked, mug=1)
    first, second = read(stocked)
    for _ in range(2):
        reported = stocked.post(f"/outbox/{first['id']}/delivered", headers=READER)
        assert reported.status_code == 204
    assert read(stocked) == [second]
    assert stocked.post("/outbox/none/delivered", headers=READER).status_code == 404


def test_the_limit_holds(stocked):
    for _ in range(3):
        place(stocked, mug=1)
    assert len(read(stocked, limit=2)) == 2
    assert stocked.get("/outbox", params={"limit": 101}, headers=READER).status_code == 422


def test_each_token_opens_its_own_doors_only(stocked):
    assert stocked.get("/outbox", headers=CLIENT).status_code == 401
    assert stocked.get("/stock/MUG-1", headers=READER).status_code == 401
    assert stocked.get("/stock/MUG-1", headers={"Authorization": ""}).status_code == 401
