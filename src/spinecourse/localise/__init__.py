"""Where does the lesion sit?"""

from spinecourse.localise.answer import Examination, Localisation, Site
from spinecourse.localise.explain import explain
from spinecourse.localise.model import posterior, site_posterior, stream_posterior

__all__ = ["Examination", "Localisation", "Site", "explain", "posterior", "site_posterior", "stream_posterior"]
