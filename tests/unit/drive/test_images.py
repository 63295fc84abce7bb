"""Pictures that are made on the spot."""

import zlib

from batchproof.drive.images import picture


def chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    found, rest = [], content[8:]
    while rest:
        length = int.from_bytes(rest[:4])
        kind, data, check = rest[4:8], rest[8 : 8 + length], rest[8 + length : 12 + length]
        assert int.from_bytes(check) == zlib.crc32(kind + data)
        found.append((kind, data))
        rest = rest[12 + length :]
    return found


def test_picture_is_a_png_of_one_pixel_with_its_mark() -> None:
    file = picture("scan.png", "abc")
    assert (file.name, file.content[:8]) == ("scan.png", b"\x89PNG\r\n\x1a\n")
    (head, comment, pixels, end) = chunks(file.content)
    assert head == (b"IHDR", bytes([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]))
    assert comment == (b"tEXt", b"Comment\0abc")
    assert (pixels[0], zlib.decompress(pixels[1])) == (b"IDAT", b"\0\xff")
    assert end == (b"IEND", b"")
