/** An address or hash in groups of four, so that two people can compare it by voice. @source SPEC WB6 */
export const groupFours = (text: string): readonly string[] => text.match(/.{1,4}/gs) ?? [];

/** Start and end of a long identifier: for lists only, never where something is compared. */
export const shorten = (text: string, keep = 8): string =>
  text.length <= keep * 2 + 1 ? text : `${text.slice(0, keep)}…${text.slice(-keep)}`;

/** An address in a list: its prefix and its end, by which people know it again. */
export const shortAddress = (address: string): string => (address.length <= 12 ? address : `${address.slice(0, 4)}…${address.slice(-6)}`);

/** Which groups of two texts differ. */
export const differingGroups = (one: string, other: string): readonly boolean[] => {
  const [left, right] = [groupFours(one), groupFours(other)];
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => left[index] !== right[index]);
};
