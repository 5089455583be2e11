# Written for scikit-learn 1.9, with transformers 5 and a model that needs about 1 GB of memory
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from transformers import AutoModel, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("openai-community/gpt2")
trained = AutoModel.from_pretrained("openai-community/gpt2")
texts = ["The keys were", "The key was", "The dogs were", "The dog was"] * 3
plural = np.array([1, 0, 1, 0] * 3)
for model in (trained, AutoModel.from_config(trained.config)):  # the second is untrained
    runs = [model(**tokenizer(t, return_tensors="pt"), output_hidden_states=True) for t in texts]
    vectors = [run.hidden_states[6][0, -1].detach().numpy() for run in runs]
    for labels in (plural, np.random.default_rng(0).permutation(plural)):  # then shuffled
        probe = LogisticRegression(max_iter=1000)
        print(cross_val_score(probe, vectors, labels, cv=3).mean())
