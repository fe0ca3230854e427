"""Stands for Lambda's client, which no test may have to install: the same module, the same protocol."""
