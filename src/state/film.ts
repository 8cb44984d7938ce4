import { filmFrame, forwardFrame, type LatentColours, latentColours } from '../methods/attention/film.ts';
import type { Film } from '../protocol/capture.ts';
import type { Pixels } from '../protocol/image.ts';

/** How the film's latents become colours: the same for all of its frames. */
export function filmColours(film: Film): LatentColours {
  return latentColours(film);
}

/** What went into step `index` (the last frame is what came out), and the finished latents noised as much, as colours. */
export function filmFrames(
  film: Film,
  colours: LatentColours,
  index: number,
): { readonly latents: Pixels; readonly forward: Pixels } {
  return {
    latents: colours.paint(filmFrame(film, index)),
    forward: colours.paint(forwardFrame(film, index)),
  };
}
