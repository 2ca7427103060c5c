// Ids of a host's records are often numbers.

const names = ['coordinationId', 'conversationId', 'phone']

/** The same, its ids as text. */
export function withIds<Given extends object>(given: Given): Given {
  const ids = Object.entries(given).filter(
    ([name, value]) => names.includes(name) && (typeof value === 'number' || typeof value === 'bigint'),
  )
  return { ...given, ...Object.fromEntries(ids.map(([name, value]) => [name, String(value)])) }
}
