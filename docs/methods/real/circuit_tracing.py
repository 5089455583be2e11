# Written for circuit-tracer 0.5, from its authors' repository, and a graphics card
from circuit_tracer import ReplacementModel, attribute

model = ReplacementModel.from_pretrained("google/gemma-2-2b", "gemma")
graph = attribute("Fact: the capital of the state containing Dallas is", model)
effects = graph.adjacency_matrix[-len(graph.logit_targets)]  # on the likeliest word
best = effects[: len(graph.selected_features)].argmax()
feature = graph.active_features[graph.selected_features[best]].tolist()
word = graph.logit_token_ids[0]


def logit(changes):  # of the word, less the mean, as in the graph
    tokens = graph.input_tokens
    logits = model.feature_intervention(tokens, changes, freeze_attention=False)[0][0, -1]
    return float(logits[word] - logits.mean())


with model.zero_softcap():
    print(feature, "predicted:", -float(effects[best]))
    print("real:", logit([(*feature, 0.0)]) - logit([]))
