/** Groups in the order in which each key is first met. */
export function groupBy<T, K>(list: readonly T[], key: (one: T) => K): [K, T[]][] {
  const groups = new Map<K, T[]>();
  for (const one of list) {
    const k = key(one);
    const group = groups.get(k);
    if (group) group.push(one);
    else groups.set(k, [one]);
  }
  return [...groups];
}
