"""Running totals over rows: who comes first, what is counted together, and where a total passes a bound."""
