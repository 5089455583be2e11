# Written for scikit-learn 1.9, with transformers 5
# and a model that needs about 1 GB of memory
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from transformers import AutoModel, AutoTokenizer

name = "openai-community/gpt2"
tokenizer = AutoTokenizer.from_pretrained(name)
trained = AutoModel.from_pretrained(name)
untrained = AutoModel.from_config(trained.config)
endings = ("keys were", "key was", "dogs were", "dog was") * 3
texts = [f"The {ending}" for ending in endings]
plural = np.array([1, 0, 1, 0] * 3)
shuffled = np.random.default_rng(0).permutation(plural)


def vector(model, text):  # at the last token, after layer 6
    tokens = tokenizer(text, return_tensors="pt")
    run = model(**tokens, output_hidden_states=True)
    return run.hidden_states[6][0, -1].detach().numpy()


for model in (trained, untrained):
    vectors = [vector(model, text) for text in texts]
    for labels in (plural, shuffled):
        probe = LogisticRegression(max_iter=1000)
        scores = cross_val_score(probe, vectors, labels, cv=3)
        print(scores.mean())
