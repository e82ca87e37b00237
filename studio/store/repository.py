"""The one way in and out of the database: domain values in, domain values out."""

from __future__ import annotations

from studio.store.briefs import Briefs
from studio.store.creatives import Creatives
from studio.store.deliveries import Deliveries
from studio.store.jobs import Jobs
from studio.store.people import People
from studio.store.plans import Plans


class Repository(Briefs, Creatives, Jobs, Deliveries, Plans, People):
    """All that the studio remembers, except the blobs.

    Every method is one short transaction; one repository serves any number of threads.
    """
