"""What was agreed: the contract as data, its file format, its checks and the difference of two versions."""
