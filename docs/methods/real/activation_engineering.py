# Written for nnsight 0.8,
# and a model that needs about 1 GB of memory
from nnsight import TransformersModel

name = "openai-community/gpt2"
model = TransformersModel(name, dispatch=True)
layer = model.transformer.h[6]
states = []
for prompt in ("I talk about love", "I talk about hate"):
    with model.trace(prompt):
        state = layer.output[0, -1].save()
    states.append(state)
vector = states[0] - states[1]
start = "I think that you"
for dose in (0, 1, 3, 10):
    with model.generate(start, max_new_tokens=20) as tracer:
        for _step in tracer.iter[:20]:
            layer.output[:] += dose * vector
        words = tracer.result.save()
    print(dose, model.tokenizer.decode(words[0]))
