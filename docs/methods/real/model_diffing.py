# Written for nnsight 0.8, and two models of about 1 GB
from nnsight import TransformersModel

texts = ["The weather in autumn is", "To bake bread you need"]


def mean_state(name):
    model, states = TransformersModel(name, dispatch=True), []
    for text in texts:
        with model.trace(text):
            # The first four tokens.
            state = model.model.layers[12].output[0, :4].save()
        states.append(state)
    return model, sum(states) / len(states)


base, before = mean_state("Qwen/Qwen2.5-0.5B")
chat, after = mean_state("Qwen/Qwen2.5-0.5B-Instruct")
scores = chat.lm_head(chat.model.norm(after - before))
words = scores.topk(8).indices
print(*map(chat.tokenizer.decode, words), sep="\n")
