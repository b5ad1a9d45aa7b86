"""The one kind of trouble that stops the work: a bad file or request. (A bad row is an `Issue`, see tables.py.)"""

from __future__ import annotations

from lks_geo.messages import Message, msg


class LksGeoError(Exception):
    """A file or the data cannot be used. Its message says where, what is wrong, what was found, and what to do."""

    exit_code = 1

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    @classmethod
    def of(cls, key: str, /, **params: object) -> LksGeoError:
        """An error from the catalogue entry `key`."""
        return cls(msg(key, **params))


class RequestError(LksGeoError):
    """What was asked for does not exist or does not fit (unknown group, unknown kabupaten, impossible setting)."""

    exit_code = 2
