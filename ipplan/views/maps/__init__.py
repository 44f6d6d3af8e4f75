"""What a map shows at a size: places, panels, the graph; whatever draws them."""
