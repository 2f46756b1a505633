"""Draws drag.gif, the film at the top of the README: `python docs/drag.py`.

The start is dragged over the border between two minima; the network's answer beside it goes along.
"""
from pathlib import Path

import numpy as np
from PIL import Image

from bpviz.base.work import Memory, finished
from bpviz.explorers import all_explorers
from bpviz.plots.blit import Blit
from bpviz.plots.style import style

FROM, TO, FRAMES, WIDTH = (3.0, 1.4), (-2.4, 2.4), 28, 900
FILE = Path(__file__).with_name("drag.gif")
FRAME_MS, REST_MS, COLOURS = 90, 1500, 192


def main():
    explorer = all_explorers()["minima"]
    scene = finished(explorer.scene(explorer.values()))
    with style():
        figure, drawing = explorer.picture(scene, WIDTH)
        blit, pictures = Blit(figure, drawing.moving), []
    for share in 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, FRAMES)):
        w1, w2 = ((1 - share) * np.array(FROM) + share * np.array(TO)).round(2).tolist()
        result = finished(explorer.compute(scene, explorer.values(w1=w1, w2=w2), Memory()))
        with style():
            drawing.update(result)
            pictures.append(Image.fromarray(blit.still()).convert("RGB"))
    palette = pictures[-1].quantize(COLOURS, dither=Image.Dither.NONE)
    there = [one.quantize(COLOURS, palette=palette, dither=Image.Dither.NONE) for one in pictures]
    film = [*there, *there[-2:0:-1]]
    rests = [REST_MS if k in (0, FRAMES - 1) else FRAME_MS for k in range(len(film))]
    film[0].save(FILE, save_all=True, append_images=film[1:], loop=0, duration=rests)


if __name__ == "__main__":
    main()
