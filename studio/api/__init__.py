"""Sign-in, files and health over HTTP, in FastAPI."""
