"""Background work: joins services with reports and exports."""
