"""Studio: one brief becomes reviewed, exported and learning ads in every market."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("studio")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0+unknown"
