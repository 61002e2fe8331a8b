"""Whole texts (条文整体): said in plain sentences, held against each other duty by duty, looked through for faults."""
