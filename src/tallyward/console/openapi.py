"""The OpenAPI document: the contract with the pages and with programs."""

from typing import Any

from tallyward.console.api import document, routed


def openapi_document() -> dict[str, Any]:
    """The document, made without any service running."""
    return document(routed())
