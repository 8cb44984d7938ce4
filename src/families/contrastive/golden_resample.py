"""Goldens of resample.test.ts, made by Pillow itself (12.x): `python golden_resample.py > golden-resample.json`"""

import json

import numpy as np
from PIL import Image


def main():
    rng = np.random.default_rng(3)
    cases = []
    for name, code in (
        ("bilinear", Image.Resampling.BILINEAR), ("bicubic", Image.Resampling.BICUBIC), ("lanczos", Image.Resampling.LANCZOS)
    ):
        for (height, width), (to_height, to_width) in (((11, 17), (5, 6)), ((6, 5), (13, 11)), ((9, 8), (9, 3))):
            picture = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
            resized = np.asarray(Image.fromarray(picture).resize((to_width, to_height), code))
            cases.append({
                "filter": name, "width": width, "height": height, "toWidth": to_width, "toHeight": to_height,
                "picture": picture.ravel().tolist(), "resized": resized.ravel().tolist(),
            })
    print(json.dumps(cases))


if __name__ == "__main__":
    main()
