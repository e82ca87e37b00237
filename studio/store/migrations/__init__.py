"""Versions of the tables, applied in order by `studio.store.database.migrate`."""
