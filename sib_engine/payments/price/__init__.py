"""What outcomes earn before any limit: the tariff in force, its price, rounding, and one module for each mechanism."""
