# Written for circuit-tracer 0.5, from its authors' repository,
# and a graphics card
from circuit_tracer import ReplacementModel, attribute

name = "google/gemma-2-2b"
model = ReplacementModel.from_pretrained(name, "gemma")
fact = "Fact: the capital of the state containing Dallas is"
graph = attribute(fact, model)
word = graph.logit_token_ids[0]  # the likeliest
effects = graph.adjacency_matrix[-len(graph.logit_targets)]
best = effects[: len(graph.selected_features)].argmax()
number = graph.selected_features[best]
feature = graph.active_features[number].tolist()


def logit(changes):  # of the word, less the mean
    logits = model.feature_intervention(
        graph.input_tokens, changes, freeze_attention=False
    )[0][0, -1]
    return float(logits[word] - logits.mean())


with model.zero_softcap():
    print(feature, "predicted:", -float(effects[best]))
    print("real:", logit([(*feature, 0.0)]) - logit([]))
