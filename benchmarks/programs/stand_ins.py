"""Stand-ins for data and windows that a program asks for: the same numbers for every TensorFlow.

Runs inside the Python of a TensorFlow, 1.15's is 3.7.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from typing import Any

import numpy as np

TRAIN, OTHERS = 1200, 200  # digits to train with; to validate and to test with
_TUTORIALS = "tensorflow.examples.tutorials.mnist"
_WINDOWS = ("matplotlib", "mpl_toolkits", "seaborn", "tkinter", "cv2", "skimage")


def digits(count: int, seed: int, shape: tuple[int, ...]) -> tuple[Any, Any]:
    """Images of ten kinds, between 0 and 1, and what they are: simple enough to be learned."""
    kinds = np.random.RandomState(7).uniform(size=(10, *shape)) < 0.2
    draw = np.random.RandomState(seed)
    labels = draw.randint(0, 10, size=count)
    noise = draw.uniform(size=(count, *shape))
    images = np.where(noise < 0.1, noise * 10, kinds[labels])
    return images.astype(np.float32), labels


class _Part:
    """A part of the digits, as the tutorials' `DataSet`."""

    def __init__(self, count: int, seed: int, one_hot: bool, reshape: bool) -> None:
        shape = (784,) if reshape else (28, 28, 1)
        self.images, labels = digits(count, seed, shape)
        hot = np.eye(10)
        self.labels = hot[labels] if one_hot else labels.astype(np.uint8)
        self.num_examples = count
        self.epochs_completed = 0
        self._at = 0

    def next_batch(self, size: int, fake_data: bool = False, shuffle: bool = True) -> Any:
        """The next images and labels; from the start again where they end."""
        rows = np.arange(self._at, self._at + size) % self.num_examples
        self.epochs_completed += (self._at + size) // self.num_examples
        self._at = (self._at + size) % self.num_examples
        return self.images[rows], self.labels[rows]


class _Digits:
    def __init__(self, one_hot: bool, reshape: bool) -> None:
        self.train = _Part(TRAIN, 1, one_hot, reshape)
        self.validation = _Part(OTHERS, 2, one_hot, reshape)
        self.test = _Part(OTHERS, 3, one_hot, reshape)


def _read_data_sets(
    train_dir: str, fake_data: bool = False, one_hot: bool = False, dtype: Any = None,
    reshape: bool = True, validation_size: int = 0, seed: Any = None, source_url: str = "",
) -> _Digits:  # fmt: skip
    return _Digits(one_hot, reshape)


def _load_digits(path: str = "") -> Any:
    """`tf.keras.datasets.mnist.load_data`."""
    parts = [digits(count, seed, (28, 28)) for count, seed in ((TRAIN, 1), (OTHERS, 3))]
    return tuple(((images * 255).astype(np.uint8), labels) for images, labels in parts)


class _Nothing(types.ModuleType):
    """A package of windows: whatever is asked of it is there and does nothing."""

    __path__: list[str] = []  # noqa: RUF012

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Anything()


class _Anything:
    """An object that can be called, entered, indexed and looped over."""

    def __call__(self, *args: Any, **kwargs: Any) -> _Anything:
        return self

    def __getattr__(self, name: str) -> _Anything:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key: Any) -> _Anything:
        return self

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __iter__(self) -> Any:
        return iter((_Anything(), _Anything()))

    def __enter__(self) -> _Anything:
        return self

    def __exit__(self, *told: Any) -> None:
        pass


class _Windows(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the packages that open windows."""

    def find_spec(self, name: str, path: Any, target: Any = None) -> Any:
        """The spec, if the module is of such a package."""
        if name.partition(".")[0] in _WINDOWS:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: Any) -> types.ModuleType:
        """An empty module."""
        return _Nothing(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing is to be done."""


def put_in() -> None:
    """Put the stand-ins in place; TensorFlow has to be imported before."""
    sys.meta_path.insert(0, _Windows())
    parts = _TUTORIALS.split(".")
    for end in range(2, len(parts) + 1):
        name = ".".join(parts[:end])
        module = types.ModuleType(name)
        module.__path__ = []  # type: ignore[attr-defined]
        sys.modules[name] = module
        setattr(sys.modules[".".join(parts[: end - 1])], parts[end - 1], module)
    reader: Any = types.ModuleType(f"{_TUTORIALS}.input_data")
    reader.read_data_sets = _read_data_sets
    sys.modules[reader.__name__] = reader
    mnist: Any = sys.modules[_TUTORIALS]
    mnist.input_data = reader


def put_in_keras(keras: Any) -> None:
    """Have `datasets.mnist` of a Keras load the stand-in."""
    keras.datasets.mnist.load_data = _load_digits
    keras.datasets.fashion_mnist.load_data = _load_digits
