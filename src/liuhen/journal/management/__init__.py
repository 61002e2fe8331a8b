"""Commands of the journal for Django's command line."""
