// Facts become sentences in a page without a kernel: the rules and templates of bpviz/words/catalogue.py, evaluated.
//
// say(catalogue, "verdict", "settled", facts) is what Python says of the same facts; catalogue: Catalogue.as_data() of
// the language. Numbers are rounded as Python rounds them: exactly, and a half to the even digit.

const TESTS = {
  above: (fact, value) => fact !== null && fact > value,
  below: (fact, value) => fact !== null && fact < value,
  at_least: (fact, value) => fact !== null && fact >= value,
  at_most: (fact, value) => fact !== null && fact <= value,
  in: (fact, values) => values.includes(fact),
  not: (fact, value) => fact !== value,
  given: (fact, value) => (fact !== null) === value,
};

const isRecord = (fact) => typeof fact === 'object' && fact !== null && !Array.isArray(fact);

/** `up`, unless the number `long` (100 decimals) ends in a half behind its first `cut` letters, and the rest is even. */
function toEven(long, cut, up) {
  const kept = long.slice(0, cut).replace(/\.$/, '');
  return /^\.?50*(e|$)/.test(long.slice(cut)) && '02468'.includes(kept.at(-1)) ? kept : up;
}

function fixed(x, digits) {
  if (x >= 1e21) return BigInt(x) + (digits ? `.${'0'.repeat(digits)}` : '');
  const long = x.toFixed(100);
  return toEven(long, long.indexOf('.') + 1 + digits, x.toFixed(digits));
}

/** [mantissa, exponent] of x in so many decimals. */
function exponential(x, digits) {
  const long = x.toExponential(100), up = x.toExponential(digits);
  const kept = toEven(long, 2 + digits, up);
  return [kept.split('e')[0], Number((kept === up ? up : long).split('e')[1])];
}

function withExponent(mantissa, exponent) {
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function general(x, digits) {
  const [mantissa, exponent] = exponential(x, digits - 1);
  const plainly = exponent >= -4 && exponent < digits;
  const text = plainly ? fixed(x, digits - 1 - exponent) : mantissa;
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return plainly ? short : withExponent(short, exponent);
}

const raised = (exponent) => String(exponent).replace(/[-\d]/g, (one) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(one)]);
const times = (mantissa, exponent) => (mantissa === '1' ? '' : `${mantissa} × `) + `10${raised(exponent)}`;

/** A number by a format such as ".3g", "+.4g", "," or ".0%". */
function written(x, spec) {
  const [, plus, comma, digits, kind] = spec.match(/^(\+?)(,?)(?:\.(\d+)([gf%]))?$/);
  const size = Math.abs(x), n = Number(digits);
  let text = String(size);
  if (Number.isNaN(size)) text = 'nan';
  else if (size === Infinity) text = 'inf';
  else if (kind === 'g') text = general(size, n || 1);
  else if (kind === 'f') text = fixed(size, n);
  else if (kind === '%') text = fixed(size * 100, n);
  const sign = x < 0 && Number(text) !== 0 ? '−' : plus, [mantissa, exponent] = text.split('e');
  const short = exponent && Math.abs(exponent) < 4;           // a power of ten that a person does not write
  if (exponent && !short) return sign + times(mantissa, Number(exponent));
  const [whole, ...rest] = (short ? String(Number(text)) : text).split('.');
  const grouped = comma || short ? whole.replace(/\B(?=(\d{3})+$)/g, ',') : whole;
  return sign + [grouped, ...rest].join('.') + (kind === '%' ? '%' : '');
}

function plain(x, digits = 2) {
  const size = Math.abs(x);
  if (x === 0) return '0';
  if (!Number.isFinite(x)) return 'more than any number here';
  const small = size >= 1e-3 && size < 1e4;
  const [mantissa, exponent] = exponential(size, digits - 1);
  const text = !small ? times(mantissa, exponent) : written(size, exponent < digits ? `.${digits}g` : ',.0f');
  return (x < 0 ? '−' : '') + text;
}

function share(x, decimals = 0) {
  for (let more = decimals; more <= 4; more += 1) {
    const text = written(x, `.${more}%`);
    if (x === 0 || x === 1 || ![0, 100].includes(Number(text.slice(0, -1)))) return text;
  }
  return x < 0.5 ? 'less than 0.0001%' : 'more than 99.9999%';
}

/** A size, rounded up to one digit. */
function rounded_up(x) {
  const size = Math.abs(x);
  if (!Number.isFinite(size)) return written(size, '.1g');
  const [digit, exponent] = exponential(size, 0), near = Number(withExponent(digit, exponent));
  return written(near < size ? Number(withExponent(Number(digit) + 1, exponent)) : near, '.1g');
}

const amount = (x, digits = 3) => (Math.abs(x) < 1e-12 ? '0' : written(x, `.${digits}g`));
const FORMATS = {
  amount, plain, tidy: (x) => amount(x, 4), plain1: (x) => plain(x, 1), plain3: (x) => plain(x, 3),
  loss4: (x) => (x < 1e4 ? written(x, '.4f') : plain(x)), share, rounded_up, share1: (x) => share(x, 1),
  count: (n) => ['two', 'three', 'four', 'five'][n - 2] ?? written(n, ','), minus: (x) => written(x, '.4g'),
};

export function say(catalogue, topic, key, facts) {
  const holds = ([name, wanted]) => (!isRecord(wanted) ? facts[name] === wanted
    : Object.entries(wanted).every(([test, value]) => TESTS[test](facts[name], value)));
  const [, parts] = catalogue[topic][key].find(([when]) => Object.entries(when).every(holds));
  const one = (form, fact) => {
    if (form in FORMATS) return FORMATS[form](fact);
    const home = [topic, 'counts'].find((one) => form in (catalogue[one] ?? {}));
    if (home) return say(catalogue, home, form, isRecord(fact) ? fact : { n: fact });
    return typeof fact === 'string' ? fact : written(fact, form);
  };
  return parts.map((part) => {
    if (typeof part === 'string') return part;
    const [name, form, between] = part;
    return between === null ? one(form, facts[name]) : facts[name].map((fact) => one(form, fact)).join(between);
  }).join('');
}
