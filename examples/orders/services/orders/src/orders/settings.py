"""Settings of the service, read from the environment and checked once at the start."""

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """Each field is the environment variable of the same name in capitals."""

    database_url: SecretStr
    orders_api_token: SecretStr = Field(min_length=16)
    outbox_token: SecretStr = Field(min_length=16)
    orders_host: str = "127.0.0.1"
    orders_port: int = Field(default=8010, ge=1, le=65535)
    database_pool_size: int = Field(default=5, ge=1, le=50)
    database_timeout_seconds: int = Field(default=5, ge=1, le=60)
    shutdown_seconds: int = Field(default=10, ge=1, le=120)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
