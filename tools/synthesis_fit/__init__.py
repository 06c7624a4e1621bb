"""Fitting the synthesis offline: evidence tables to arrays, the model, diagnostics, leave-one-study-out."""
