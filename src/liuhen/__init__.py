"""留痕 (Liuhen, "leave a trace"): whole-process records of administrative law enforcement, checked and provable."""

__version__ = "0.1.0"
