"""Is it going as expected?"""

from spinecourse.follow.answer import Follow
from spinecourse.follow.expected import Band
from spinecourse.follow.following import follow_courses

__all__ = ["Band", "Follow", "follow_courses"]
