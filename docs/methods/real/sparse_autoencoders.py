# Written for sae-lens 6.54, which needs a transformer-lens older than 4
import torch
from sae_lens import SAE, HookedSAETransformer

model = HookedSAETransformer.from_pretrained("gpt2-small")
place = "blocks.8.hook_resid_pre"
sae = SAE.from_pretrained("gpt2-small-res-jb", place)


def latents(words):
    runs = [model.run_with_cache(word, names_filter=place)[1] for word in words]
    return torch.stack([sae.encode(run[place][0, -1]) for run in runs]) > 0


words = [" snake", " salt", " seven", " snow"]
others = [" lamp", " bread", " nine", " rain"]
inside, outside = latents(words), latents(others)
best = (inside.float().mean(0) - outside.float().mean(0)).argmax()
print(int(best), [w for k, w in enumerate(words) if not inside[k, best]])
