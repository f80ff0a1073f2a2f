// Imported first, and imports nothing: an older Node must read one line here, not a syntax error of a later file,
// and better-sqlite3 on a Node it was not made for ends the process without any message.
var wanted = [20, 19];
var found = process.versions.node.split('.').map(Number);
if (found[0] < wanted[0] || (found[0] === wanted[0] && found[1] < wanted[1])) {
  console.error(
    'Gantry needs Node ' +
      wanted.join('.') +
      ' or newer; this is ' +
      process.versions.node +
      ' (' +
      process.execPath +
      ')',
  );
  process.exit(1);
}
