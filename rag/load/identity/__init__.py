"""What a filing is, one question a file: names, company, kind, date, title, short forms."""
