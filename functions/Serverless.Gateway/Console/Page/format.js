// Numbers and times for people.

export const number = value => value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 });

export const count = (value, noun) => `${value.toLocaleString('en')} ${noun}${value === 1 ? '' : 's'}`;

export function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${number(value)} ${units[unit]}`;
}

export function seconds(value) {
  if (value === null) return '–';
  return value < 1 ? `${number(value * 1000)} ms` : `${number(value)} s`;
}

/** Money with as many digits as a small amount needs to be seen. */
export function money(value, currency) {
  const digits = value !== 0 && Math.abs(value) < 0.01 ? 6 : 2;
  return value.toLocaleString('en', { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export const time = unix => new Date(unix * 1000).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

export const day = date => date.toISOString().slice(0, 10);
