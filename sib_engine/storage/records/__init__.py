"""What the tables hold as the rules know it: facts, claims, terms and statement lines, each as known on a place."""
