"""What the conversations and jobs need from outside: a file each for Microsoft 365, storage, Teams, time and errors."""
