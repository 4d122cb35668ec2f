"""Domain objects to CSV, XLSX and JSON, one module for each published format."""
