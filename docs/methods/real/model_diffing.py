# Written for nnsight 0.8, and two models of half a billion parameters
from nnsight import TransformersModel

texts = ["The weather in autumn is", "To bake bread you need", "The train to the north leaves"]


def mean_state(name):
    model, states = TransformersModel(name, dispatch=True), []
    for text in texts:
        with model.trace(text):
            state = model.model.layers[12].output[0, :4].save()  # the first four tokens
        states.append(state)
    return model, sum(states) / len(states)


base, before = mean_state("Qwen/Qwen2.5-0.5B")
chat, after = mean_state("Qwen/Qwen2.5-0.5B-Instruct")
words = chat.lm_head(chat.model.norm(after - before)).topk(8).indices
print(*map(chat.tokenizer.decode, words), sep="\n")
