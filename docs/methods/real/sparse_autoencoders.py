# Written for sae-lens 6.54,
# which needs a transformer-lens older than 4
import torch
from sae_lens import SAE, HookedSAETransformer

model = HookedSAETransformer.from_pretrained("gpt2-small")
place = "blocks.8.hook_resid_pre"
sae = SAE.from_pretrained("gpt2-small-res-jb", place)


def latents(word):
    _, run = model.run_with_cache(word, names_filter=place)
    return sae.encode(run[place][0, -1]) > 0


words = [" snake", " salt", " seven", " snow"]
others = [" lamp", " bread", " nine", " rain"]
inside = torch.stack([latents(word) for word in words])
outside = torch.stack([latents(word) for word in others])
share = inside.float().mean(0) - outside.float().mean(0)
best = share.argmax()
missed = (~inside[:, best]).nonzero().flatten().tolist()
print(int(best), [words[number] for number in missed])
