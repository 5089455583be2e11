# Written for sae-lens 6.54, which needs a transformer-lens older than 4
import torch
from sae_lens import SAE, HookedSAETransformer

model = HookedSAETransformer.from_pretrained("gpt2-small")
place = "blocks.8.hook_resid_pre"
sae = SAE.from_pretrained("gpt2-small-res-jb", place)


def latents(words):
    runs = [model.run_with_cache(word, names_filter=place)[1] for word in words]
    return torch.stack([sae.encode(run[place][0, -1]) for run in runs]) > 0


words, others = [" snake", " salt", " seven", " snow"], [" lamp", " bread", " nine", " rain"]
inside, outside = latents(words), latents(others)
best = (inside.float().mean(0) - outside.float().mean(0)).argmax()
print(int(best), [word for word, is_on in zip(words, inside[:, best], strict=True) if not is_on])
