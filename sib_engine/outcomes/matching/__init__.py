"""The parts of matching: days and keys as small integers, the order of metrics, and the rules one by one."""
