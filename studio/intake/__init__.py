"""The edge where a written brief becomes the domain's `Brief`."""
