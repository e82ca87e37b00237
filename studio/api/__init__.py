"""FastAPI: sign-in, files and health."""
