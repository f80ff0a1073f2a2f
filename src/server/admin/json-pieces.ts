/** Items of a list that are written as one piece. */
const itemsAtOnce = 500;

/** One item of an export as JSON; a long list in it (a topic's subscriptions) comes in pieces of its own. */
export function* jsonPieces(item: unknown): Generator<string> {
  if (!isRecord(item) || !Object.values(item).some(isLong)) {
    yield JSON.stringify(item);
    return;
  }
  let opening = '{';
  for (const [key, value] of Object.entries(item)) {
    if (value === undefined) continue;
    const name = `${opening}${JSON.stringify(key)}:`;
    opening = ',';
    if (!isLong(value)) {
      yield `${name}${JSON.stringify(value)}`;
      continue;
    }
    for (let at = 0; at < value.length; at += itemsAtOnce) {
      const text = JSON.stringify(value.slice(at, at + itemsAtOnce)).slice(1, -1);
      yield `${at === 0 ? `${name}[` : ','}${text}`;
    }
    yield ']';
  }
  yield '}';
}

function isLong(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > itemsAtOnce;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
