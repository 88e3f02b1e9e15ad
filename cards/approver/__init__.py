"""The approvers' card."""
