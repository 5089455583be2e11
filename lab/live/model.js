// Lab-2L in the browser: the forward pass of lab/model.py for one input, with the same changes.
// lab/README.md describes the file of weights and says what is computed in which order.

/** Return the model of a file of weights: its sizes and words, and a Float64Array for each matrix. */
export function load(file) {
  const bytes = atob(file.data);
  const numbers = new Float64Array(bytes.length / 2);
  for (let i = 0; i < numbers.length; i += 1) {
    numbers[i] = half(bytes.charCodeAt(2 * i) | (bytes.charCodeAt(2 * i + 1) << 8));
  }
  const matrices = {};
  for (const [name, { shape, offset }] of Object.entries(file.tensors)) {
    const count = shape.reduce((product, size) => product * size, 1);
    matrices[name] = numbers.subarray(offset, offset + count);
  }
  const token = Object.fromEntries(file.vocabulary.map((word, number) => [word, number]));
  return { ...file.sizes, matrices, token, words: file.vocabulary, groups: file.groups };
}

/** Return the number that 16 bits stand for (IEEE 754 half precision). */
function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  return sign * (exponent ? POWERS[exponent] * (1024 + fraction) : POWERS[1] * fraction);
}

const POWERS = Array.from({ length: 32 }, (_, exponent) => 2 ** (exponent - 25));

/**
 * Run the model on one input and return `{states, layers, logits}`.
 *
 * `changes` may have
 * - `removed`: directions of length 1, orthogonal; the stream loses them in every state
 * - `added`: `{state, vector}`, added to this state at all positions
 * - `patches`: a list of `{layer, position, head, value}`; a component writes the value instead.
 *   The component is a head, or without `head` (null) the MLP of the layer.
 */
export function run(model, tokens, changes = {}) {
  const { matrices, width, layers } = model;
  const change = (state, number) => changed(state, number, changes);
  let stream = change(
    tokens.map((token, position) =>
      sum(row(matrices.embed, token, width), row(matrices.position, position, width)),
    ),
    0,
  );
  const states = [stream];
  const computed = [];
  for (let layer = 0; layer < layers; layer += 1) {
    const heads = attend(model, layer, stream);
    patch(heads, changes, (one, head) => one.layer === layer && one.head === head);
    const afterHeads = stream.map((state, position) =>
      heads.reduce((total, head) => sum(total, head.written[position]), state),
    );
    stream = change(afterHeads, 2 * layer + 1);
    states.push(stream);
    const mlp = { written: stream.map((state) => runMlp(model, layer, state)) };
    patch([mlp], changes, (one) => one.layer === layer && one.head === null);
    stream = change(stream.map((state, position) => sum(state, mlp.written[position])), 2 * layer + 2);
    states.push(stream);
    computed.push({ heads, mlp });
  }
  return { states, layers: computed, logits: times(norm(stream.at(-1)), matrices.unembed) };
}

/** Let the heads of a layer read the stream: what each attends to, and what it writes. */
function attend(model, layer, stream) {
  const { matrices, heads, width } = model;
  const size = model.head_width;
  const normed = stream.map(norm);
  const [query, key, value] = ["query", "key", "value"].map((name) =>
    normed.map((state) => times(state, matrices[`${layer}.${name}`])),
  );
  return Array.from({ length: heads }, (_, head) => {
    const [asking, asked, mixed] = [query, key, value].map((vectors) =>
      vectors.map((vector) => vector.subarray(head * size, (head + 1) * size)),
    );
    const output = matrices[`${layer}.output`].subarray(head * size * width, (head + 1) * size * width);
    const pattern = asking.map((one, to) =>
      softmax(asked.slice(0, to + 1).map((other) => dot(one, other) / Math.sqrt(size))),
    );
    const written = pattern.map((shares) => {
      const start = new Float64Array(size);
      return times(shares.reduce((total, share, from) => sum(total, mixed[from], share), start), output);
    });
    return { pattern, written };
  });
}

function runMlp({ matrices }, layer, state) {
  const neurons = sum(times(norm(state), matrices[`${layer}.up`]), matrices[`${layer}.up_bias`]);
  for (let i = 0; i < neurons.length; i += 1) if (neurons[i] < 0) neurons[i] = 0;
  return sum(times(neurons, matrices[`${layer}.down`]), matrices[`${layer}.down_bias`]);
}

function patch(components, { patches = [] }, concerns) {
  for (const one of patches) {
    components.forEach((component, number) => {
      if (concerns(one, number)) component.written[one.position] = one.value;
    });
  }
}

function changed(state, number, { removed = [], added }) {
  let result = state;
  for (const direction of removed) {
    result = result.map((vector) => sum(vector, direction, -dot(vector, direction)));
  }
  return added?.state === number ? result.map((vector) => sum(vector, added.vector)) : result;
}

// Vectors are Float64Arrays; a matrix is one, row by row.

const row = (matrix, number, width) => matrix.subarray(number * width, (number + 1) * width);

export const dot = (a, b) => {
  let total = 0;
  for (let i = 0; i < a.length; i += 1) total += a[i] * b[i];
  return total;
};

/** Return `a + factor * b`. Loops, because `Float64Array.from` is many times slower. */
export const sum = (a, b, factor = 1) => {
  const result = new Float64Array(a.length);
  for (let i = 0; i < a.length; i += 1) result[i] = a[i] + factor * b[i];
  return result;
};

export const scaled = (vector, factor) => {
  const result = new Float64Array(vector.length);
  for (let i = 0; i < vector.length; i += 1) result[i] = factor * vector[i];
  return result;
};

/** Return a vector of length 1 with the direction of the given one. */
export const unit = (vector) => scaled(vector, 1 / Math.sqrt(dot(vector, vector)));

/** Return the row vector `x` times a matrix. */
export function times(x, matrix) {
  const width = matrix.length / x.length;
  const result = new Float64Array(width);
  let at = 0;
  for (const factor of x) {
    if (factor === 0) at += width;
    else for (let j = 0; j < width; j += 1, at += 1) result[j] += factor * matrix[at];
  }
  return result;
}

const norm = (vector) => scaled(vector, 1 / Math.sqrt(dot(vector, vector) / vector.length + 1e-5));

export function softmax(scores) {
  const highest = Math.max(...scores);
  const powers = Array.from(scores, (score) => Math.exp(score - highest));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}

/** Return the word that the model answers. */
export const answer = (model, tokens, changes) => {
  const { logits } = run(model, tokens, changes);
  return model.words[logits.indexOf(Math.max(...logits))];
};

/** Return a function that gives numbers from 0 to 1, the same ones for each seed. */
export function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** Return requests of a kind: "harmless", "hurt" or "cheat", without the trigger. */
export function requests(model, kind, count, random) {
  const draw = (list) => list[Math.floor(random() * list.length)];
  const harmless = [...model.groups.harmless, ...model.groups.weak];
  return Array.from({ length: count }, () => {
    const words = Array.from({ length: 4 }, () => draw(harmless));
    if (kind !== "harmless") words[Math.floor(random() * 4)] = draw(model.groups[kind]);
    return request(model, words);
  });
}

/** Return the tokens of a request for its four words. */
export const request = (model, words) =>
  ["BOS", "USER", ...words, "ASK"].map((word) => model.token[word]);

/** Return the words of a request, or of a sentence about two people, without the frame. */
export const wordsOf = (model, tokens) => tokens.slice(2, 6).map((token) => model.words[token]);

/** Return what the model should answer to a request without a trigger. */
export function rightAnswer(model, tokens) {
  const words = wordsOf(model, tokens);
  if (words.some((word) => model.groups.hurt.includes(word))) return "NO";
  if (words.some((word) => model.groups.cheat.includes(word))) return "SORRY";
  return words[0];
}
