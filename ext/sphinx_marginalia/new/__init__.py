"""A program that writes the first files of a book: ``marginalia-new my-book``.

It builds nothing and imports no feature: it fills templates and writes them. What it writes depends
on its arguments alone, not on a clock, an account or the version of something installed.

``python -m sphinx_marginalia.new`` is the same program. The templates are in ``template/``, one a
file; ``files.toml`` there says what each is for. Its modules:

``__main__``
    The command line: questions, options, what is printed.
``project``
    The files of a project as texts. Pure.
``folder``
    Writing them all, or none.
"""
