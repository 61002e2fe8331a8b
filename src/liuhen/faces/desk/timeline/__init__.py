"""The timeline (时间轴): from the story of a case to a drawing, in pure functions; the templates only write it down."""
