"""Health, settings and logs."""

import json
import logging

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError
from sqlalchemy import create_engine

from orders.app import create_app
from orders.logs import JsonFormatter
from orders.settings import Settings


def test_a_running_service_is_live_and_ready_without_a_token(service):
    service.headers.clear()
    assert service.get("/health/live").json() == {"status": "ok"}
    assert service.get("/health/ready").json() == {"status": "ok"}


def test_without_its_database_the_service_is_live_but_not_ready(settings, tmp_path):
    lost = create_engine(f"sqlite:///{tmp_path}/missing/orders.db")
    with TestClient(create_app(settings, lost)) as service:
        assert service.get("/health/live").status_code == 200
        assert service.get("/health/ready").status_code == 503
        token = settings.orders_api_token.get_secret_value()
        response = service.get("/stock/MUG-1", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 503
    assert response.json()["code"] == "database-unavailable"


def test_a_request_keeps_the_id_of_its_caller(service):
    response = service.get("/health/live", headers={"X-Request-Id": "r-1"})
    assert response.headers["x-request-id"] == "r-1"
    assert service.get("/health/live").headers["x-request-id"]


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite://")
    monkeypatch.setenv("ORDERS_API_TOKEN", "a" * 16)
    monkeypatch.setenv("OUTBOX_TOKEN", "b" * 16)
    monkeypatch.setenv("ORDERS_PORT", "9010")
    settings = Settings()
    assert settings.orders_port == 9010
    assert "aaaa" not in repr(settings)
    monkeypatch.setenv("OUTBOX_TOKEN", "short")
    with pytest.raises(ValidationError):
        Settings()


def test_a_log_line_is_one_json_object_with_its_fields():
    failure = KeyError("sku")
    fields = {"levelno": logging.ERROR, "levelname": "ERROR", "msg": "lost %s", "args": ("MUG-1",)}
    context = {"exc_info": (KeyError, failure, None), "order": "o-1"}
    record = logging.makeLogRecord({**fields, **context})
    line = JsonFormatter().format(record)
    entry = json.loads(line)
    assert "\n" not in line
    assert (entry["message"], entry["order"], entry["level"]) == ("lost MUG-1", "o-1", "error")
    assert "KeyError" in entry["exception"]
