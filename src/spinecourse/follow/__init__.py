"""Is it going as expected?"""

from spinecourse.follow.answer import Follow
from spinecourse.follow.following import follow_course

__all__ = ["Follow", "follow_course"]
