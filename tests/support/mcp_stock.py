"""An MCP server over stdio with two tools, for tests: `python -m tests.support.mcp_stock`."""

from mcp.server import MCPServer

server = MCPServer("stock")


@server.tool()
def stock_of(sku: str) -> str:
    """How many of a product are in stock."""
    if sku != "NV-P5":
        raise ValueError("no such product")
    return "12 in stock"


@server.tool()
def empty_the_shelves() -> str:
    """Takes all away."""
    return "gone"


if __name__ == "__main__":
    server.run()
