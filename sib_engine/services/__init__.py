"""Use cases, one a file: each reads, asks the rules and returns; printing and exit codes are the edge's."""
