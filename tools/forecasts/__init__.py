"""Fitting the processes and populations of forecasts, and cross-validating them, on data the package does not hold."""
