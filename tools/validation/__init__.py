"""The validation report: what the system says, beside answers it did not make."""
