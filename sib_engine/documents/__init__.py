"""What the engine hands to people as documents: report models and spreadsheets, made of values of the layers below."""
