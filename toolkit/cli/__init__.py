"""The command line: thin commands, like views."""
