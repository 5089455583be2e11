"""Dark on light, with hues that stay apart under the dark theme's invert-and-rotate filter."""

PLATE, PLATE_EDGE = "#fbfaf7", "#e4dfd3"
INK, QUIET, RULE = "#22211e", "#5d5950", "#dad3c4"
BLUE, RUST, GREEN, PURPLE = "#2a5f9a", "#ab4a22", "#38713f", "#7b4596"
