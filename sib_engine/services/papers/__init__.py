"""What the store holds, on paper: statements, certificates and invoice schedules as they were known."""
