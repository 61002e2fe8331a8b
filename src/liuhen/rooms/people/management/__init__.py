"""Commands about people for Django's command line."""
