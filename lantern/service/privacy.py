"""No text of a user leaves a process through a log, a warning or a crash.

Rasa, Sanic and the SDK put texts of users into log messages, exceptions and tracebacks. Searching these for text to
take out would always miss some. So it is the other way round: from a library only the place is told that logged
(logger, line, type of the exception), never what it said. Lantern's own modules log fixed sentences, and are told in
full.
"""

from __future__ import annotations

import logging
import os
import resource
import sys
import threading
import traceback
import warnings
from types import TracebackType
from typing import Any

OWN = "lantern"
_make_record = logging.Logger.makeRecord


def install(level: str | int | None = None) -> None:
    """Makes this process silent about what users write; call it before anything else logs.

    Args:
        level: from which level on is logged; the environment's LOG_LEVEL, else ERROR.
    """
    logging.Logger.makeRecord = _silent_record  # type: ignore[method-assign]
    # a failing handler would print the arguments of the record to the error output
    logging.raiseExceptions = False
    sys.excepthook = _tell_crash
    threading.excepthook = lambda event: _tell_crash(event.exc_type, event.exc_value, event.exc_traceback)
    sys.unraisablehook = lambda event: _tell_crash(event.exc_type, event.exc_value, event.exc_traceback)
    warnings.showwarning = _drop_warning  # type: ignore[assignment]
    # no image of the memory on disk when the interpreter itself dies
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # nothing telephones home, whatever the environment says
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.pop("SENTRY_DSN", None)
    logging.getLogger(OWN).setLevel(level or os.environ.get("LOG_LEVEL", "ERROR"))


def _silent_record(self: logging.Logger, name: str, level: int, fn: str, lno: int, *args: Any) -> logging.LogRecord:
    """Replaces `logging.Logger.makeRecord`: every record passes here, whichever logger and handler it has."""
    rest = [*args, *[None] * (6 - len(args))]
    message, values, exc_info, function = rest[:4]
    broke = _exception_name(exc_info)
    if name == OWN or name.startswith(OWN + "."):
        text = f"{message % values if values else message}{broke}"
    else:
        text = f"{name} line {lno} in {function}{broke}"
    # no `extra`, no traceback and no stack: each can hold what a user wrote
    record = _make_record(self, name, level, fn, lno, text, (), None, function)
    record.exc_text = None
    return record


def _exception_name(exc_info: Any) -> str:
    if isinstance(exc_info, BaseException):
        return f": {type(exc_info).__name__}"
    if isinstance(exc_info, tuple):
        return f": {exc_info[0].__name__}" if exc_info[0] else ""
    if exc_info and sys.exc_info()[0]:
        return f": {sys.exc_info()[0].__name__}"  # type: ignore[union-attr]
    return ""


def _tell_crash(kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
    """Tells where it crashed and with what type, without the exception's text and without values."""
    if kind is None or issubclass(kind, KeyboardInterrupt):
        return
    # what our own modules raise names records and files, never a user's text
    said = f": {error}" if kind.__module__.startswith(OWN + ".") else ""
    places = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(trace)]
    try:
        print(f"ERROR: {kind.__name__}{said}", *places[-12:], sep="\n  at ", file=sys.stderr, flush=True)
    except OSError:
        # a full disk behind the error output must not be a second crash
        pass


def _drop_warning(*args: Any, **kwargs: Any) -> None:
    """Warnings of libraries quote values."""
