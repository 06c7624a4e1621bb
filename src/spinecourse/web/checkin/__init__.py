"""The check-in on the patient's phone."""

from spinecourse.web.checkin.pages import CheckinPages

__all__ = ["CheckinPages"]
