"""Zip folders: each file by its own loader; bombs, links and names that lead out are refused."""

import stat
import zipfile
from io import BytesIO

import pytest

from knowledge.errors import UnreadableSource
from knowledge.types import Document
from tests.knowledge.loaders.reading import read, refusal
from tests.support.office_files import samples, zipped


def outcome(data: bytes) -> dict[str, str]:
    """Source ids to titles, or to why they were refused."""
    return {
        found.source_id if isinstance(found, Document) else found.source: found.title
        if isinstance(found, Document)
        else found.reason
        for found in read("z.zip", data)
    }


def test_each_file_is_read_by_its_loader() -> None:
    files = samples()
    data = zipped({"fees/a.pdf": files[".pdf"], "b.docx": files[".docx"], "退货.md": "# 退货\n\n三十天。".encode()})
    assert outcome(data) == {"z.zip/fees/a.pdf": "Fees", "z.zip/b.docx": "Fees", "z.zip/退货.md": "退货"}


def test_broken_files_and_bad_names_cost_themselves_only() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("good.md", "# Good\n\nText.")
        archive.writestr("../../out.md", "x")
        archive.writestr("/etc/abs.md", "x")
        archive.writestr("in.zip", zipped({"a.md": b"x"}))
        archive.writestr("broken.pdf", "%PDF-1.7 nothing")
        archive.writestr("old.ppt", "x")
        archive.writestr("__MACOSX/._good.md", "x")
        archive.writestr("picture.png", "x")
        link = zipfile.ZipInfo("link.md")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    found = outcome(out.getvalue())
    assert found.pop("z.zip/good.md") == "Good"
    assert "leads out" in found["z.zip/../../out.md"] and "leads out" in found["z.zip//etc/abs.md"]
    assert "zip within a zip" in found["z.zip/in.zip"]
    assert "it is a link" in found["z.zip/link.md"]
    assert "save it as .pdf" in found["z.zip/old.ppt"]
    assert set(found) == {f"z.zip/{name}" for name in
                          ("../../out.md", "/etc/abs.md", "in.zip", "broken.pdf", "old.ppt", "link.md")}  # fmt: skip


def test_names_in_chinese_of_old_windows() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("AA.md"), "# T\n\nx")
    data = out.getvalue().replace(b"AA.md", "退".encode("gb18030") + b".md")
    assert outcome(data) == {"z.zip/退.md": "T"}


def lying_bomb() -> bytes:
    """Says that its one file is small, and unpacks to 300 MiB."""
    bomb = zipped({"a.md": bytes(300 * 2**20)})
    return bomb.replace((300 * 2**20).to_bytes(4, "little"), (1000).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (lambda: zipped({"a.md": bytes(50 * 2**20)}), "a zip bomb?"),
        (lambda: zipped({f"{at}.md": b"" for at in range(10_001)}), "more than 10,000 files"),
        (lambda: zipped({"a.md": b"x" * 100})[:-30], "broken or cut-off"),
    ],
)
def test_bombs_and_broken_ones_are_refused_whole(data, reason: str) -> None:
    assert reason in refusal("z.zip", data())


def test_what_a_zip_says_of_itself_is_not_believed() -> None:
    try:
        found = read("z.zip", lying_bomb())
    except UnreadableSource as error:
        assert error.reason
    else:
        assert not any(isinstance(one, Document) for one in found)


def test_encrypted_files_say_so() -> None:
    data = bytearray(zipped({"a.md": b"# T\n\nx"}))
    for header, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(header) + offset] |= 1
    assert "is encrypted" in outcome(bytes(data))["z.zip/a.md"]
