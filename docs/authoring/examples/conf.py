project = "My essays"
extensions = ["myst_parser", "sphinx_marginalia"]
myst_enable_extensions = ["colon_fence", "dollarmath"]
