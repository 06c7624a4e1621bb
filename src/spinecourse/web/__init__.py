"""The clinic in the browser: a worklist in order of urgency, and one page a patient."""

from spinecourse.web.server import serve

__all__ = ["serve"]
