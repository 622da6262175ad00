"""Every limit on what is read, and why it stands where it stands; what goes past one is refused by name."""

MAX_FILE_BYTES = 64 * 2**20
"""A hand-written article has kilobytes and a scanned book some tens of MiB; the file is held in memory twice."""

MAX_DOCUMENT_CHARS = 8_000_000
"""What 2,000 dense pages hold; a longer one is a dump, not an article."""

MEMORY_BYTES = 2**30
"""Address space of the worker, with its libraries; a machine that serves can spare it."""

SECONDS = 60.0
"""Parsing time for one file; what honest people write takes one or two seconds."""

PDF_SECONDS = 240.0
"""The same for PDF, whose pages are laid out anew: on a slow or busy machine some ten plain pages a second."""

IDLE_SECONDS = 120
"""A worker without work ends itself, so that a server keeps none of its memory."""

FILES_A_WORKER = 1_000
"""Then a new worker takes over, so that what a parser leaks stays small."""

MAX_PAGES = 2_000
"""Manuals have hundreds of pages; ten thousand are a generated file that would fill the index with noise."""

MAX_COLUMNS = 500
"""Fields of one record and columns of one sheet; a wider table has lost its header."""

MAX_FIELD_CHARS = 1_000_000
"""One csv field; beyond it a quotation mark was left open and swallowed the file."""

MAX_NESTING = 200
"""Depth of HTML elements: people nest some thirty, and what follows them recurses."""

MAX_FRONT_MATTER_CHARS = 16_000
"""Front matter is a dozen lines."""

MAX_MEMBERS = 10_000
"""Files in a zip; Office files have some hundred."""

MAX_UNPACKED_BYTES = 512 * 2**20
"""All files of a zip together, counted while they are unpacked, whatever the zip says of itself."""

MAX_RATIO = 250
"""Unpacked to packed: text reaches 10, a sheet of equal rows 100, a bomb 1,000."""

RATIO_FROM_BYTES = 2**20
"""Below this a ratio means nothing and a bomb harms nobody."""
