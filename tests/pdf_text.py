"""The words of a PDF, as a reader that had no part in making it finds them."""

from contextlib import closing
from pathlib import Path

import pypdfium2


def pdf_pages(path: Path) -> list[str]:
    """The text of each page, blanks and line ends as one blank."""
    with closing(pypdfium2.PdfDocument(path)) as document:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
