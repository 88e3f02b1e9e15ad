"""The table: what each code and each sentence means, a file a subject."""
