"""Cards are pictures of a case: `card = f(case, viewer)`. Pure; nothing here decides."""
