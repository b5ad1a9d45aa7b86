"""The one kind of trouble that stops the work: a bad file or request. (A bad row is an `Issue`, see tables.py.)

What the system says of a file is told in our words.
"""

from __future__ import annotations

import errno

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


_REASONS = {
    errno.ENOSPC: "full", errno.EDQUOT: "full", errno.EFBIG: "full", errno.EROFS: "read_only",
    errno.ENAMETOOLONG: "long_name", errno.EINVAL: "bad_name", errno.ELOOP: "bad_name",
    errno.EIO: "device", errno.EMFILE: "many_files",
    errno.ENOENT: "gone", errno.ENOTDIR: "gone", errno.ENOMEM: "memory",
}  # fmt: skip
"""Numbers of the system's errors, and how they are told (`files.reason_<kind>`)."""


def reason(error: OSError) -> Message:
    """What the system says, in our words."""
    kind = _REASONS.get(error.errno or 0)
    return msg(f"files.reason_{kind}") if kind else msg("files.reason_other", number=error.errno or "–")
