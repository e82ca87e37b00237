"""The verbs: generate, review, publish, ingest, learn. They meet in the store only."""
