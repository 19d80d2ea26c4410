"""What becomes of an approved statement: invoices, VAT, payments, disputes, what is owed and since when."""
