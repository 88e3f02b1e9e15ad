"""What somebody wants, read from their words in nine languages: tables of words, one table of rules, no model."""
