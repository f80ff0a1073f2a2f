import { expect, test } from 'vitest';
import { parseYaml } from '../../../src/server/config-file.ts';
import { usersKind } from '../../../src/server/definitions/users.ts';
import { escapedItem, expandedItem } from '../../../src/server/definitions/variables.ts';

const placeholder = `\${USER_SHOP_PASSWORD}`;
const read = async (item: unknown, environment: Readonly<Record<string, string>> = {}) =>
  expandedItem(await parseYaml(JSON.stringify(item), 'd.yaml'), usersKind, environment);

test('a placeholder stays where the variable is not set, and nowhere else', async () => {
  expect(await read({ password: placeholder })).toEqual({ password: placeholder });
  expect(await read({ password: placeholder }, { USER_SHOP_PASSWORD: '' })).toEqual({ password: placeholder });
  expect(await read({ password: placeholder }, { USER_SHOP_PASSWORD: 'word' })).toEqual({ password: 'word' });
  await expect(read({ secret: placeholder })).rejects.toThrow('d.yaml:1:11: "');
  await expect(read({ policy: { password: placeholder } })).rejects.toThrow('names a variable that is not set');
  await expect(read({ password: `\${OTHER}` })).rejects.toThrow('names a variable that is not set');
});

test('what is escaped is read as it was, placeholders stay what they are', async () => {
  const item = {
    name: `\${NAME}`,
    password: placeholder,
    policy: [{ Resource: `\${aws:username}/\${NAME}`, Condition: { password: placeholder, n: 7 } }],
  };

  const escaped = escapedItem(item, usersKind);

  expect(escaped).toMatchObject({ name: `$\${NAME}`, password: placeholder });
  expect(await read(escaped)).toEqual(item);
});

test('names that every object has are neither placeholders nor variables', async () => {
  const item = { tags: { constructor: 'a', toString: 'b' } };

  expect(await read(item)).toEqual(item);
  expect(escapedItem(item, usersKind)).toEqual(item);
  await expect(read({ name: `\${constructor}` })).rejects.toThrow('names a variable that is not set');
});
