import { SaxesParser } from 'saxes';

/** An element of an answer. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** What stands between its tags, without that of its children. */
  readonly text: string;
}

interface Open {
  name: string;
  attributes: Record<string, string>;
  children: Element[];
  text: string;
}

/** A strict parser's view: throws at whatever is not well-formed, characters that XML 1.0 has not included. */
export function parseXml(text: string): Element {
  const parser = new SaxesParser();
  const document: Open = { name: '', attributes: {}, children: [], text: '' };
  const open: Open[] = [document];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    open.push({ name, attributes: { ...attributes }, children: [], text: '' });
  });
  parser.on('text', (each) => {
    const top = open.at(-1);
    if (top !== undefined) top.text += each;
  });
  parser.on('closetag', () => {
    const closed = open.pop();
    if (closed !== undefined) open.at(-1)?.children.push(closed);
  });
  parser.write(text).close();
  const [root] = document.children;
  if (root === undefined) throw new Error('the document has no element');
  return root;
}

export function child({ children }: Element, name: string): Element | undefined {
  return children.find((each) => each.name === name);
}

/** The text at the end of a path; undefined where the path ends before. */
export function textAt(element: Element, path: string): string | undefined {
  let at: Element | undefined = element;
  for (const name of path.split('.')) at = at === undefined ? undefined : child(at, name);
  return at?.text;
}
