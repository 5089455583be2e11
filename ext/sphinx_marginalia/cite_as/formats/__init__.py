"""One section in the formats that papers use. Pure: a :class:`Reference` in, a text out."""
