/**
 * The image file of a paste or a drop: the first that says it is an image, else the first file of any kind (so that the visitor
 * is told what is wrong with it), else undefined.
 */
export function imageFileOf(transfer: Pick<DataTransfer, 'files'> | null): File | undefined {
  const files = [...(transfer?.files ?? [])];
  return files.find(({ type }) => type.startsWith('image/')) ?? files[0];
}
