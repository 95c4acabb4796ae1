"""Gives PNG pictures a palette of 128 colours, in place: a third of their size, and nobody sees it on a page of text.

    palette.py FILE...

Reads what browsers write: eight bits a channel, RGB or RGBA, not interlaced. Prints the size of each picture, and fails
if one is still larger than LIMIT.
"""

import collections
import os
import struct
import sys
import zlib

COLOURS = 128
NEAR = 150  # squared distance of two colours below which one stands for both
LIMIT = 100_000  # decision 0325
AIM = 60_000
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunks(data):
    """The chunks of a PNG: name and contents."""
    at = len(SIGNATURE)
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length


def unfilter(kind, line, above, step):
    """Takes a filter off a line, in place."""
    if kind == 2:
        line[:] = bytes((here + up) & 255 for here, up in zip(line, above))
        return
    for i in range(step if kind == 1 else 0, len(line)):
        left = line[i - step] if i >= step else 0
        up = above[i]
        if kind == 1:
            guess = left
        elif kind == 3:
            guess = (left + up) // 2
        else:
            corner = above[i - step] if i >= step else 0
            to_left, to_up, to_corner = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
            if to_left <= to_up and to_left <= to_corner:
                guess = left
            else:
                guess = up if to_up <= to_corner else corner
        line[i] = (line[i] + guess) & 255


def read(data):
    """Width, height, and the lines of a picture, each a list of colours."""
    if not data.startswith(SIGNATURE):
        raise ValueError("is no PNG")
    body = b""
    for name, contents in chunks(data):
        if name == b"IHDR":
            width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", contents)
        elif name == b"IDAT":
            body += contents
    if kind == 3:
        return None
    if depth != 8 or kind not in (2, 6) or interlaced:
        raise ValueError(f"has depth {depth}, colour type {kind}, interlacing {interlaced}")
    step = 3 if kind == 2 else 4
    raw = zlib.decompress(body)
    size = width * step
    lines, above = [], bytes(size)
    for number in range(height):
        start = number * (size + 1)
        line = bytearray(raw[start + 1 : start + 1 + size])
        if raw[start]:
            unfilter(raw[start], line, above, step)
        above = line
        lines.append(list(zip(line[0::step], line[1::step], line[2::step])))
    return width, height, lines


def distance(one, other):
    return sum((a - b) ** 2 for a, b in zip(one, other))


def palette_of(lines):
    """The colours that stay, and which of them stands for each colour."""
    number = collections.Counter(colour for line in lines for colour in line)
    kept, place = [], {}
    for colour, _ in number.most_common():
        nearest = min(range(len(kept)), key=lambda at: distance(kept[at], colour), default=None)
        is_near = nearest is not None and distance(kept[nearest], colour) < NEAR
        if is_near or len(kept) == COLOURS:
            place[colour] = nearest
        else:
            place[colour] = len(kept)
            kept.append(colour)
    return kept, place


def write(width, height, lines):
    """The picture with a palette."""
    kept, place = palette_of(lines)
    raw = b"".join(b"\0" + bytes(place[colour] for colour in line) for line in lines)

    def chunk(name, contents):
        check = zlib.crc32(name + contents)
        return struct.pack(">I", len(contents)) + name + contents + struct.pack(">I", check)

    return b"".join(
        (
            SIGNATURE,
            chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            chunk(b"PLTE", b"".join(bytes(colour) for colour in kept)),
            chunk(b"IDAT", zlib.compress(raw, 9)),
            chunk(b"IEND", b""),
        )
    )


def main(paths):
    total, large = 0, []
    for path in paths:
        with open(path, "rb") as file:
            before = file.read()
        picture = read(before)
        after = write(*picture) if picture else before
        if len(after) < len(before):
            with open(path, "wb") as file:
                file.write(after)
        size = min(len(before), len(after))
        total += size
        if size > AIM:
            large.append((size, path))
        print(f"{size:7} {os.path.basename(path)}{'  (above the aim)' if size > AIM else ''}")
    print(f"{total:7} in all, {len(paths)} pictures, {len(large)} above {AIM}")
    wrong = [path for size, path in large if size > LIMIT]
    if wrong:
        sys.exit(f"larger than {LIMIT} bytes: {', '.join(wrong)}")


if __name__ == "__main__":
    main(sys.argv[1:])
