"""Width and margin of a plate, and the sizes of its text."""

WIDTH, MARGIN = 560, 30
TITLE_SIZE, LABEL_SIZE, SMALL_SIZE = 23, 17, 15
