"""From an uploaded file to a decided claim."""
