"""The terms of CSL for the types, languages, kinds and countries of BibLaTeX. Pure."""

from __future__ import annotations

#: The type of CSL for each type of BibTeX and BibLaTeX.
TYPES = {
    **dict.fromkeys(("article", "suppperiodical"), "article-journal"),
    **dict.fromkeys(
        "book mvbook collection mvcollection reference mvreference proceedings mvproceedings "
        "manual".split(),
        "book",
    ),
    **dict.fromkeys("inbook incollection bookinbook suppbook suppcollection".split(), "chapter"),
    **dict.fromkeys(("inproceedings", "conference"), "paper-conference"),
    **dict.fromkeys(("thesis", "phdthesis", "mastersthesis"), "thesis"),
    **dict.fromkeys(("report", "techreport"), "report"),
    **dict.fromkeys(("online", "electronic", "www"), "webpage"),
    **dict.fromkeys(("artwork", "image"), "graphic"),
    **dict.fromkeys(("movie", "video"), "motion_picture"),
    **dict.fromkeys(("audio", "music"), "song"),
    **dict.fromkeys(("legal", "jurisdiction"), "legal_case"),
    "booklet": "pamphlet",
    "dataset": "dataset",
    "inreference": "entry-encyclopedia",
    "legislation": "legislation",
    "letter": "personal_communication",
    "patent": "patent",
    "performance": "performance",
    "periodical": "periodical",
    "review": "review",
    "software": "software",
    "standard": "standard",
    "unpublished": "manuscript",
}
#: The tags (BCP 47) for the languages of BibLaTeX that books are most written in.
LANGUAGES = {
    "american": "en-US", "british": "en-GB", "english": "en-US", "usenglish": "en-US",
    "ukenglish": "en-GB", "german": "de-DE", "ngerman": "de-DE", "austrian": "de-AT",
    "french": "fr-FR", "spanish": "es-ES", "italian": "it-IT", "dutch": "nl-NL", "latin": "la",
    "portuguese": "pt-PT", "brazilian": "pt-BR", "polish": "pl-PL", "russian": "ru-RU",
    "swedish": "sv-SE", "danish": "da-DK", "greek": "el-GR", "japanese": "ja-JP",
    "chinese": "zh-CN",
}  # fmt: skip
#: The words for what BibLaTeX calls kinds of works and series (its manual, section 4.9.2).
KINDS = {
    "phdthesis": "Doctoral dissertation",
    "mastersthesis": "Master’s thesis",
    "mathesis": "Master’s thesis",
    "bathesis": "Bachelor’s thesis",
    "candthesis": "Candidate thesis",
    "techreport": "Technical report",
    "resreport": "Research report",
    "newseries": "new series",
    "oldseries": "old series",
    "patent": "Patent",
    "patreq": "Patent request",
    **{
        f"pat{kind}{country}": f"{name} patent{words}"
        for kind, words in (("ent", ""), ("req", " request"))
        for country, name in (
            ("de", "German"),
            ("eu", "European"),
            ("fr", "French"),
            ("uk", "British"),
            ("us", "U.S."),
        )
    },
}
#: The names of BibLaTeX for the places where a patent is valid (its manual, section 4.9.2.18).
COUNTRIES = {
    "countryde": "Germany",
    "countryeu": "European Union",
    "countryep": "European Union",
    "countryfr": "France",
    "countryuk": "United Kingdom",
    "countryus": "United States",
}
#: The journals that the database ADS names by commands (macros of AASTeX).
JOURNALS = {
    r"\aap": "Astronomy and Astrophysics",
    r"\aapr": "Astronomy and Astrophysics Reviews",
    r"\aaps": "Astronomy and Astrophysics Supplement Series",
    r"\actaa": "Acta Astronomica",
    r"\aj": "The Astronomical Journal",
    r"\ao": "Applied Optics",
    r"\apj": "The Astrophysical Journal",
    r"\apjl": "The Astrophysical Journal Letters",
    r"\apjs": "The Astrophysical Journal Supplement Series",
    r"\apss": "Astrophysics and Space Science",
    r"\araa": "Annual Review of Astronomy and Astrophysics",
    r"\icarus": "Icarus",
    r"\jcap": "Journal of Cosmology and Astroparticle Physics",
    r"\jgr": "Journal of Geophysical Research",
    r"\mnras": "Monthly Notices of the Royal Astronomical Society",
    r"\na": "New Astronomy",
    r"\nat": "Nature",
    r"\pasa": "Publications of the Astronomical Society of Australia",
    r"\pasj": "Publications of the Astronomical Society of Japan",
    r"\pasp": "Publications of the Astronomical Society of the Pacific",
    r"\planss": "Planetary and Space Science",
    r"\pra": "Physical Review A",
    r"\prb": "Physical Review B",
    r"\prc": "Physical Review C",
    r"\prd": "Physical Review D",
    r"\pre": "Physical Review E",
    r"\prl": "Physical Review Letters",
    r"\procspie": "Proceedings of SPIE",
    r"\psj": "The Planetary Science Journal",
    r"\rmp": "Reviews of Modern Physics",
    r"\solphys": "Solar Physics",
    r"\ssr": "Space Science Reviews",
}
