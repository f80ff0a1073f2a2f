const steps = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `390 MiB` */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 'B';
  for (const step of steps) {
    if (value < 1024) break;
    value /= 1024;
    unit = step;
  }
  return `${value < 10 && unit !== 'B' ? value.toFixed(1) : value.toFixed(0)} ${unit}`;
}
