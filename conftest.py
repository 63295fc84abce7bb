pytest_plugins = ["batchproof.pytest_plugin"]
