"""Who may call what: clients hold one token, the reader of the outbox another."""

import secrets
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import SecretStr

Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]


def client(request: Request, credentials: Credentials) -> None:
    demand(credentials, request.app.state.settings.orders_api_token)


def outbox_reader(request: Request, credentials: Credentials) -> None:
    demand(credentials, request.app.state.settings.outbox_token)


def demand(credentials: HTTPAuthorizationCredentials | None, token: SecretStr) -> None:
    """Compare in constant time: how long a refusal takes says nothing about the token."""
    given = credentials.credentials if credentials else ""
    if not secrets.compare_digest(given.encode(), token.get_secret_value().encode()):
        raise HTTPException(401, "a valid bearer token is needed", {"WWW-Authenticate": "Bearer"})
