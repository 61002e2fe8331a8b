"""Forms (表单): from a kind of record to a form, and from what was typed to a record."""
