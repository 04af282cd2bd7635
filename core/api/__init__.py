"""What every part of the API shares: how it says what went wrong, and how it cuts long lists in pages."""
