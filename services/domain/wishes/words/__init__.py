"""The words of each language, for each idea: phrases between commas; `*` stands for any end of a word."""
