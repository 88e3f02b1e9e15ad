"""What an organisation says of itself in its file of rules: hours, escalation, expected sign-ins, mailing tools."""
