"""Answers for the small documents that go with the demo's letters: PDF, CSV, text and a logo, made here. Pure."""

from __future__ import annotations

import random
import struct
import zlib
from functools import cache

from syncagent.cli.demo.cast import latin
from syncagent.cli.demo.letter import Attachment

_TYPES = {"pdf": "application/pdf", "csv": "text/csv", "txt": "text/plain"}


def document(rng: random.Random, name: str, title: str) -> Attachment:
    """A document of the kind that its name says, with a few believable lines in it."""
    kind = name.rpartition(".")[2].lower()
    match kind:
        case "pdf":
            content = _pdf([latin(title), "", *(f"{number}. {'-' * rng.randrange(20, 60)}" for number in range(1, 9))])
        case "csv":
            rows = [
                f"{number};{rng.uniform(0, 90):.2f};{rng.randrange(1, 99)}" for number in range(1, rng.randrange(8, 30))
            ]
            content = ("\ufeff" + "\r\n".join(["no;value;count", *rows]) + "\r\n").encode()
        case _:
            content = f"{title}\n\n90-{rng.choice('ABCDEF')}{rng.choice('KLMN')}-{rng.randrange(100, 999)}\n".encode()
    return Attachment(name, _TYPES.get(kind, "application/octet-stream"), content)


def _pdf(lines: list[str]) -> bytes:
    """One page of plain text as PDF 1.4."""
    shown = " T* ".join(f"({line.encode('ascii', 'replace').decode().translate(_ESCAPED)}) Tj" for line in lines)
    page = f"BT /F1 12 Tf 16 TL 60 780 Td {shown} ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (len(objects) + 1, table, trailer)


_ESCAPED = str.maketrans({"(": r"\(", ")": r"\)", "\\": r"\\"})


@cache
def logo() -> bytes:
    """A small PNG in one colour, as companies put it below their letters."""
    width, height = 48, 16
    rows = (b"\x00" + b"\x1f\x5f\x8b" * width) * height

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")
