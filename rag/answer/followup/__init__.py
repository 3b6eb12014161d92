"""Follow-up questions made whole by rules: what is left out is taken from the question before."""
