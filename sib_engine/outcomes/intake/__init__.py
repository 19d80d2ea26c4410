"""Claims come in: a template to fill, or a tracker of one's own through a saved mapping, and a preview of either."""
