import { expect, test } from 'vitest';
import { calendar, createRandom, formatMicroTime, formatTime, parseTime, utf8Decode, utf8Encode } from '.';

test('times are written and read as RFC 3339 has them', () => {
  for (const text of ['1970-01-01T00:00:00Z', '2000-02-29T23:59:59Z', '2026-01-01T00:00:00Z', '2100-03-01T12:00:00Z']) {
    const time = parseTime(text) as number;
    expect(formatTime(time)).toBe(text);
    expect(time).toBe(Date.parse(text) * 1000);
  }
  expect(parseTime('2026-01-01T09:00:00+09:00')).toBe(parseTime('2026-01-01T00:00:00Z'));
  expect(formatMicroTime((parseTime('2026-01-01T00:00:00Z') as number) + 42)).toBe('2026-01-01T00:00:00.000042Z');
  expect(parseTime('yesterday')).toBeUndefined();
  expect(calendar(parseTime('2026-11-24T00:00:00Z') as number).weekday).toBe(2);
});

test('UTF-8 is written and read as every other program does', () => {
  for (const text of ['', 'plain', '쿠버 도장', 'naïve 😀', '\u0000']) {
    expect([...utf8Encode(text)]).toEqual([...new TextEncoder().encode(text)]);
    expect(utf8Decode(utf8Encode(text))).toBe(text);
  }
  for (const bytes of [[0xff], [0xc3], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0x61, 0xf5, 0x62]]) {
    expect(utf8Decode(Uint8Array.from(bytes))).toContain('\ufffd');
  }
});

test('random numbers are spread evenly and forks are independent of what was drawn before', () => {
  const random = createRandom(3);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i++) {
    const drawn = random.int(10);
    counts[drawn] = (counts[drawn] as number) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  const fresh = createRandom(5);
  const used = createRandom(5);
  used.uint32();
  expect(used.fork('a').uint32()).toBe(fresh.fork('a').uint32());
  expect(fresh.fork('a').uint32()).not.toBe(fresh.fork('b').uint32());
  expect(fresh.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(() => fresh.pick([])).toThrow();
});
