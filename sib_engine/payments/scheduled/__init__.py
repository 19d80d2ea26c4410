"""Money under the contract that no single outcome earns, one module for each kind of clause."""
