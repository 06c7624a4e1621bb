"""The intake form: history and examination from a browser to facts, by way of a draft that nobody's record sees."""
