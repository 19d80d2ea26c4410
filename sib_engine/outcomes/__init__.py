"""From recorded facts to the outcomes that count, with reasons against those that do not."""
