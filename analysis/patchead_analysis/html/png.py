"""Small PNG files with a palette, and data URIs of them."""
import base64
import io

from PIL import Image


def palette_png(indices, colours, alphas):
    """`indices` [height, width] of uint8 into `colours` [n, 3] with `alphas` [n], as bytes of a PNG."""
    image = Image.fromarray(indices, "P")
    image.putpalette(colours.tobytes())
    file = io.BytesIO()
    image.save(file, "PNG", transparency=alphas.tobytes(), compress_level=9)
    return file.getvalue()


def data_uri(png):
    return "data:image/png;base64," + base64.b64encode(png).decode()
