"""What kind of pain is it?"""

from spinecourse.mechanism.answer import Mechanism
from spinecourse.mechanism.explain import explain
from spinecourse.mechanism.model import MechanismBatch, mechanism_batch

__all__ = ["Mechanism", "MechanismBatch", "explain", "mechanism_batch"]
