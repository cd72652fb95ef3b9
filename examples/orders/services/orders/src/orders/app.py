"""The application: routes, error responses and the log of requests, put together."""

import logging
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from orders import routes
from orders.failures import Failure
from orders.settings import Settings

log = logging.getLogger(__name__)


def create_app(settings: Settings, engine: Engine) -> FastAPI:
    """The engine is disposed of when the application shuts down."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        engine.dispose()

    app = FastAPI(title="orders", lifespan=lifespan)
    app.state.settings = settings
    app.state.engine = engine
    app.middleware("http")(log_request)
    app.add_exception_handler(Failure, refuse)
    app.add_exception_handler(OperationalError, report_outage)
    app.add_exception_handler(PoolTimeout, report_outage)
    for router in (routes.health, routes.clients, routes.readers):
        app.include_router(router)
    return app


async def log_request(
    request: Request, proceed: Callable[[Request], Awaitable[Response]]
) -> Response:
    """One line per request; its id comes from the caller, or is made here, and is answered."""
    request_id = request.headers.get("x-request-id", str(uuid.uuid4()))
    begin = time.perf_counter()
    response = await proceed(request)
    response.headers["x-request-id"] = request_id
    log.info(
        "request",
        extra={
            "request": request_id,
            "method": request.method,
            "path": request.url.path,
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - begin) * 1000, 1),
        },
    )
    return response


def refuse(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, Failure):
        raise error
    return JSONResponse({"code": error.code, "message": str(error)}, error.status)


def report_outage(_: Request, error: Exception) -> JSONResponse:
    """The cause goes to the log only: it may name hosts."""
    log.error("the database failed", extra={"error": str(error)})
    return JSONResponse(
        {"code": "database-unavailable", "message": "try again later"}, 503, {"Retry-After": "5"}
    )
