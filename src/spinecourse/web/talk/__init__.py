"""The talk before the decision: clinician and patient at one page, and what comes of it in the record."""
