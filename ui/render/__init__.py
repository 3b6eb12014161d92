"""What the browser is shown, as pure functions from data to escaped HTML."""
