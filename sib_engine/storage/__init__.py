"""The system of record: tables, migrations, queries and the audit chain. Services decide; nothing here does."""
