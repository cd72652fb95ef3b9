"""Runs the service until it is told to stop; requests under way are finished first."""

import uvicorn

from orders import logs
from orders.app import create_app
from orders.database import connect
from orders.settings import Settings


def main() -> None:
    settings = Settings()
    logs.configure(settings.log_level)
    uvicorn.run(
        create_app(settings, connect(settings)),
        host=settings.orders_host,
        port=settings.orders_port,
        log_config=None,
        access_log=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )


if __name__ == "__main__":
    main()
