/** The name of the file at a URL, as a person would write it; escapes that mean nothing stay as they are. */
export function urlName(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
