"""The six rule forms (六种规则形式): each turns a rule into a function from the records held to rows of duties."""
