"""The report that one opens in a browser: a folder of pages that needs no network and no server."""
