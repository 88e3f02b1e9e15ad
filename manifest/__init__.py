"""The Teams app package: a manifest template, two icons, and what zips them."""
