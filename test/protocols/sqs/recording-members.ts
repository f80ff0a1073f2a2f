import type { Members } from '../../../protocols/aws/members.ts';

/** Members that note what is read of them: `Entries[].Id: text` a line, as the table of shapes is written out too. */
export function recording(members: Members, read: Set<string>, before = ''): Members {
  const note = (name: string, type: string) => void read.add(`${before}${name}${type}`);
  const inner = (each: Members, at: string) => recording(each, read, `${before}${at}.`);
  return {
    isPlainText: members.isPlainText,
    text(name) {
      note(name, ': text');
      return members.text(name);
    },
    integer(name) {
      note(name, ': integer');
      return members.integer(name);
    },
    boolean(name) {
      note(name, ': boolean');
      return members.boolean(name);
    },
    bytes(name) {
      note(name, ': bytes');
      return members.bytes(name);
    },
    texts(name) {
      note(name, '[]: text');
      return members.texts(name);
    },
    textMap(name) {
      note(name, '{}: text');
      return members.textMap(name);
    },
    structures: (name) => members.structures(name)?.map((each) => inner(each, `${name}[]`)),
    structureMap: (name) => members.structureMap(name)?.map(([key, each]) => [key, inner(each, `${name}{}`)] as const),
  };
}
