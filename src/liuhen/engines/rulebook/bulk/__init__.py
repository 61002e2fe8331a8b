"""All cases at once (全量判断): a stack put into relational expressions, with the same answers as the per-case evaluator."""
