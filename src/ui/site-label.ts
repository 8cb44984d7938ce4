import type { Texts } from '../text/texts.ts';

/** How a layer is named in a list: towers count their blocks, a U-Net says where in its course the layer lies. */
export function siteLabel(site: string, { site: words }: Texts): string {
  const block = /\.blocks\.(\d+)\./.exec(site);
  if (block) {
    const number = Number(block[1]) + 1;
    return site.startsWith('decoder.') ? words.decoderBlock({ number }) : words.block({ number });
  }
  const course = /^unet\.(down|mid|up)\.?([\d.]*)/.exec(site);
  if (!course) return site;
  const part = { down: words.down, mid: words.mid, up: words.up }[course[1] as 'down' | 'mid' | 'up'];
  const numbers = (course[2] ?? '').split('.').filter((digit) => digit !== '');
  return [part, numbers.map((digit) => Number(digit) + 1).join('.')].join(' ').trim();
}
