import { expect, it } from 'vitest';
import { attributesMd5 } from '../../../protocols/sqs/attribute-md5.ts';

const text = (name: string, value: string, dataType = 'String') => ({ name, dataType, value });

it('three texts, in any order [1.5]', () => {
  const attributes = [text('Help.Me', 'Me'), text('Hello', 'There'), text('General', 'Kenobi')];

  expect(attributesMd5(attributes)).toBe('4c360f3fdafd970e05fae2f149d997f5');
  expect(attributesMd5(attributes.toReversed())).toBe('4c360f3fdafd970e05fae2f149d997f5');
});

it.each([
  ['timestamp', '1493147359900', 'Number', '235c5c510d26fb653d073faed50ae77c'],
  ['timestamp', '1493147359901', 'Number', '994258b45346a2cc3f9cbb611aa7af30'],
  ['timestamp', '1493147359900', 'Number.java.lang.Long', '2e2e4876d8e0bd6b8c2c8f556831c349'],
  ['SOME_Valid.attribute-Name', '1493147359900', 'Number', '36655e7e9d7c0e8479fa3f3f42247ae7'],
])('%s = %s of type %s [1.5]', (name, value, dataType, md5) => {
  expect(attributesMd5([text(name, value, dataType)])).toBe(md5);
});

it('a binary value is told from a text of the same bytes', () => {
  const binary = { name: 'a', dataType: 'Binary', value: Buffer.from('v') };

  expect(attributesMd5([binary])).not.toBe(attributesMd5([text('a', 'v', 'Binary')]));
});
