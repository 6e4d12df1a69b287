"""Answers Rasa's imports of packages that Lantern does without: TensorFlow, clients of other chat services and stores.

Rasa 3.6.21 imports them at module level for components that Lantern does not use (DIET, TED, Telegram, MongoDB, ...).
Installed by lantern/startup.py at every start of the virtual environment's Python; from then on
`import tensorflow` gives empty classes to inherit from and decorators that do nothing. Anything that would really
compute with TensorFlow raises `TensorFlowMissing`. Where the real package is installed, the stand-in steps aside, but
in a worker, which starts faster and smaller without.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Sequence
from typing import Any

TENSORFLOW = frozenset({"tensorflow", "keras", "tensorflow_hub", "tensorflow_text", "tensorflow_addons"})
# channels that are not the website, stores and brokers that are not ours, plots, and web tokens of an API that is off
UNUSED = frozenset(
    "aiogram twilio fbmessenger webexteamssdk slack_sdk mattermostwrapper rocketchat_API socketio engineio "
    "cachecontrol google boto3 botocore pymongo bson psycopg2 confluent_kafka aio_pika aiormq sanic_jwt jwt matplotlib "
    "skops sklearn_crfsuite pydot networkx".split()
)
ROOTS = TENSORFLOW | UNUSED
# Rasa compares the version at import time; this is the one it was built against.
VERSION = "2.12.0"


class TensorFlowMissing(ImportError):
    """Something asked a package to work that is not there. Lantern's own pipeline never does."""

    def __init__(self, name: str) -> None:
        root = name.split(".")[0]
        package = root if root in UNUSED else "TensorFlow"
        super().__init__(
            f"{name} needs {package}, which Lantern does not install: use the components named in config.yml, "
            f"or install Rasa with {package} in an environment of its own."
        )


def _is_dunder(name: str) -> bool:
    return name.startswith("__") and name.endswith("__")


class _EmptyType(type):
    """Type of every stand-in name: attributes are empty classes again, so any dotted path resolves."""

    def __getattr__(cls, name: str) -> Any:
        if _is_dunder(name):
            raise AttributeError(name)
        value = _EmptyType(name, (_Empty,), {"__module__": f"{cls.__module__}.{cls.__name__}"})
        setattr(cls, name, value)
        return value

    # annotations such as `tf.Tensor | None` and `Optional[tf.Tensor]` are evaluated at import time
    def __or__(cls, other: Any) -> Any:
        return cls

    __ror__ = __or__

    def __getitem__(cls, item: Any) -> Any:
        return cls


class _Empty(metaclass=_EmptyType):
    """An empty class to inherit from, or a decorator that returns the function it gets."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and not kwargs and isinstance(args[0], types.FunctionType):
            return args[0]
        raise TensorFlowMissing(f"{cls.__module__}.{cls.__name__}")


class _EmptyModule(types.ModuleType):
    __path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if _is_dunder(name):
            raise AttributeError(name)
        value = _EmptyType(name, (_Empty,), {"__module__": self.__name__})
        setattr(self, name, value)
        return value


class StandIn(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the packages of `ROOTS`.

    Args:
        always: also where the real package is installed.
    """

    def __init__(self, always: bool = False) -> None:
        self.always = always

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        root = fullname.split(".")[0]
        if root not in ROOTS or not (self.always or importlib.machinery.PathFinder.find_spec(root) is None):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _EmptyModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        module.__version__ = VERSION  # type: ignore[attr-defined]


def install(always: bool = False) -> None:
    """Puts the stand-in on `sys.meta_path`, once; with `always` it hides the real packages from now on."""
    for finder in sys.meta_path:
        if isinstance(finder, StandIn):
            finder.always = finder.always or always
            return
    sys.meta_path.insert(0, StandIn(always))
