"""XLSX workbooks: opened safely, read in a stream within declared limits, as the text that a text table would hold."""
