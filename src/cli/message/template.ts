import { randomUUID } from 'node:crypto';

/** What stands for what in a body that is sent more than once, or as an answer. */
export function fillTemplate(text: string, n: number, more: Readonly<Record<string, string>> = {}): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => {
    if (Object.hasOwn(more, name)) return more[name] ?? whole;
    switch (name) {
      case 'n':
        return String(n);
      case 'uuid':
        return randomUUID();
      case 'now':
        return new Date().toISOString();
      default:
        return whole; // Somebody else's.
    }
  });
}
