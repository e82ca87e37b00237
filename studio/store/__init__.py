"""Where everything is kept: tables, repository and blobs."""
