"""A service on a database in memory, whose schema the real migrations made."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, StaticPool, create_engine, event

from orders.app import create_app
from orders.settings import Settings

MIGRATIONS = Path(__file__).resolve().parents[3] / "db" / "migrations"
CLIENT = {"Authorization": "Bearer client-token-of-tests"}
READER = {"Authorization": "Bearer reader-token-of-tests"}


def run_migrations(engine: Engine, direction: str) -> None:
    scripts = sorted(MIGRATIONS.glob(f"*.{direction}.sql"), reverse=direction == "down")
    connection = engine.raw_connection()
    for script in scripts:
        connection.executescript(script.read_text(encoding="utf-8"))
    connection.close()


@pytest.fixture
def settings() -> Settings:
    return Settings(
        database_url="sqlite://",
        orders_api_token="client-token-of-tests",  # noqa: S106
        outbox_token="reader-token-of-tests",  # noqa: S106
    )


@pytest.fixture
def engine() -> Iterator[Engine]:
    engine = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def enforce_foreign_keys(connection, _record) -> None:
        connection.execute("PRAGMA foreign_keys = ON")

    yield engine
    engine.dispose()


@pytest.fixture
def service(settings: Settings, engine: Engine) -> Iterator[TestClient]:
    run_migrations(engine, "up")
    with TestClient(create_app(settings, engine), headers=CLIENT) as client:
        yield client


@pytest.fixture
def stocked(service: TestClient) -> TestClient:
    """Ten mugs at 12.50 and three lamps at 89.90."""
    service.put("/stock/MUG-1", json={"price_cents": 1250, "on_hand": 10})
    service.put("/stock/LAMP-1", json={"price_cents": 8990, "on_hand": 3})
    return service


def place(service: TestClient, **quantities: int):
    lines = [{"sku": f"{name.upper()}-1", "quantity": n} for name, n in quantities.items()]
    return service.post("/orders", json={"customer": "c-17", "lines": lines})
