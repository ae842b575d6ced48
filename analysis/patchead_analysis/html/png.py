"""Small PNG files with a palette, and data URIs of them."""
import base64
import struct
import zlib


def palette_png(indices, colours, alphas):
    """`indices` [height, width] of uint8 into `colours` [n, 3] with `alphas` [n], as bytes of a PNG."""
    height, width = indices.shape
    lines = b"".join(b"\0" + line.tobytes() for line in indices)  # Filter 0 before each line.
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
              (b"PLTE", bytes(colours.tobytes())), (b"tRNS", bytes(alphas.tobytes())),
              (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(chunk, *zip(*chunks)))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def data_uri(png):
    return "data:image/png;base64," + base64.b64encode(png).decode()
