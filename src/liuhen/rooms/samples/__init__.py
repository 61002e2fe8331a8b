"""The room of sample data (示例数据): the story that a stranger finds after `script/demo`; every word of it is invented."""
