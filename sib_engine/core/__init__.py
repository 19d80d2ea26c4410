"""What every layer shares: money, dates, errors and findings. Knows nothing of contracts."""
