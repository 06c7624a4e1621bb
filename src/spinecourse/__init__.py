"""spinecourse: reasoning about the course of spine pain, every answer with its reasons and sources."""

__version__ = "0.1.0"
