"""Domain objects to a report context, to HTML, to PDF."""
