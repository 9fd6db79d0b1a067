"""Small grey pictures: all that a linear model needs to tell simple images apart.

A picture is averaged down to a square of grey values from 0 (black) to 1 (white): 8 x 8 where the
pictures are small, as in scikit-learn's handwritten digits, 16 x 16 where they are larger.
"""

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image, UnidentifiedImageError

from learning.features.raw import Floats, Parameters, RawItem, UnusableItem

SMALL = 160  # pixels of the longer side, up to which a picture counts as small
EDGE_SMALL, EDGE_LARGE = 8, 16


class Images:
    name = "images"
    dtype = "float16"  # 256 grey levels need no more

    def suits(self, item: RawItem) -> bool:
        return item.read_media is not None

    def plan(self, sample: Sequence[RawItem]) -> Parameters:
        """The edge of the square, from the median size of the sample's pictures."""
        sizes = [max(picture.size) for item in sample if (picture := opened(item))]
        small = not sizes or float(np.median(sizes)) <= SMALL
        return {"edge": EDGE_SMALL if small else EDGE_LARGE}

    def vector(self, item: RawItem, parameters: Parameters) -> Floats:
        picture = opened(item)
        if picture is None:
            raise UnusableItem("it has no picture that can be read")
        return grey(picture, parameters["edge"])


def grey(picture: Image.Image, edge: int) -> Floats:
    """Grey values from 0 to 1: [edge * edge]. Transparent places are paper."""
    if picture.mode in ("RGBA", "LA", "PA", "P"):
        rgba = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    small = picture.convert("L").resize((edge, edge), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32).ravel() / 255


def opened(item: RawItem) -> Image.Image | None:
    """The picture of an item; None where it has none that can be read."""
    if item.read_media is None:
        return None
    try:
        picture = Image.open(io.BytesIO(item.read_media()))
        picture.load()
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError):
        return None
    return picture
